"""How one library names one component's tensors, and how it packs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from dokja.lineage.roles import Role
from dokja.submission.values import ComponentKind


class Cut(StrEnum):
    """Where the rows of a fused tensor's roles lie."""

    WHOLE = "whole"
    EQUAL = "equal"
    """Equal blocks, one after the other."""
    GROUPED = "grouped"
    """Query, then key and value of equal height, which may be smaller."""
    PER_HEAD = "per_head"
    """Equal blocks inside each head, heads one after the other."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a tensor of a known name holds; no roles where nothing is read of it."""

    roles: tuple[Role, ...]
    cut: Cut = Cut.WHOLE
    flipped: bool = False
    """Stored as (inputs, outputs), as GPT-2's Conv1D does."""
    output: str = ""
    """Under `GROUPED`, the part whose columns are the query's rows."""
    reason: str = ""
    """Why nothing is read, where there are no roles."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The names of one component's tensors in one family of models.

    A layered name is stem, layers, the layer's number and a key of
    `layered`; any other is stem and a key of `single`. Stem and layers are
    patterns, keys are exact.
    """

    models: str
    component: ComponentKind
    stem: str = ""
    layers: str = ""
    layered: Mapping[str, Part] = field(default_factory=dict)
    single: Mapping[str, Part] = field(default_factory=dict)
    requires: str = ""
    """A key of `single` without which the names mean something else."""

    def part(self, name: str) -> tuple[Part, int] | None:
        """What the name holds and its layer, -1 outside layers; None if unknown."""
        # A mixture has tens of thousands of names, and an ending is soon read.
        if name.endswith(self._single_keys):
            single = self._single_name.fullmatch(name)
            if single and single.group(1) in self.single:
                return self.single[single.group(1)], -1
        if name.endswith(self._layered_keys):
            layered = self._layered_name.fullmatch(name)
            if layered and layered.group(2) in self.layered:
                return self.layered[layered.group(2)], int(layered.group(1))
        return None

    def in_a_layer(self, name: str) -> bool:
        """Whether the name stands inside one of the numbered layers."""
        return self._layered_name.fullmatch(name) is not None

    @cached_property
    def _single_keys(self) -> tuple[str, ...]:
        return tuple(self.single)

    @cached_property
    def _layered_keys(self) -> tuple[str, ...]:
        return tuple(self.layered)

    @cached_property
    def _single_name(self) -> re.Pattern[str]:
        return re.compile(rf"{self.stem}(.+)")

    @cached_property
    def _layered_name(self) -> re.Pattern[str]:
        # Without layers nothing may match: (?!) is the pattern that never does.
        where = rf"{self.stem}{self.layers}\." if self.layers else r"(?!)"
        return re.compile(rf"{where}(\d{{1,4}})\.(.+)")


def plain(names: Mapping[str, Role]) -> dict[str, Part]:
    """A part with one whole role for each name."""
    return {name: Part(roles=(role,)) for name, role in names.items()}


def unread(reason: str, *names: str) -> dict[str, Part]:
    """Known names of which nothing is read, with the reason."""
    return {name: Part(roles=(), reason=reason) for name in names}
