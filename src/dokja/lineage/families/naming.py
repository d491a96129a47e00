"""How one library names one component's tensors, and how it packs them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from dokja.lineage.roles import Role
from dokja.submission.values import ComponentKind

_EXPERT = re.compile(r"(.+\.)(\d{1,4})(\..+)")


class Cut(StrEnum):
    """Where the rows of a fused tensor's roles lie."""

    WHOLE = "whole"
    EQUAL = "equal"
    """Equal blocks, one after the other."""
    GROUPED = "grouped"
    """Query, then key and value of equal height, which may be smaller."""
    PER_HEAD = "per_head"
    """Equal blocks inside each head, heads one after the other."""
    BY_TURNS = "by_turns"
    """One row of each role after the other, as gpt-oss stores gate and up."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a tensor of a known name holds; no roles where nothing is read of it."""

    roles: tuple[Role, ...]
    cut: Cut = Cut.WHOLE
    flipped: bool = False
    """Stored as (inputs, outputs), as GPT-2's Conv1D does."""
    output: str = ""
    """Under `GROUPED`, the part whose columns are the query's rows."""
    stacked: bool = False
    """Of three axes, of which the first is the expert's number."""
    beside: str = ""
    """The stacked part whose shape tells whether this one is flipped.

    Libraries disagree on it. Both hold a matrix of the same channels and
    hidden units, which agree one way only.
    """
    shared: bool = False
    """Of an expert through which every token passes, beside those with numbers."""
    reason: str = ""
    """Why nothing is read, where there are no roles."""


class Found(NamedTuple):
    """What a name holds and where; the numbers are -1 where a name has none."""

    part: Part
    layer: int = -1
    expert: int = -1
    before: str = ""
    """The name up to the key, which other tensors of the layer share."""


@dataclass(frozen=True, kw_only=True)
class Naming:
    """The names of one component's tensors in one family of models.

    A layered name is stem, layers, the layer's number and a key of
    `layered`; any other is stem and a key of `single`. Stem and layers are
    patterns, keys are exact; `{n}` in a key stands for an expert's number
    and is not among the last two of its parts.
    """

    models: str
    component: ComponentKind
    stem: str = ""
    layers: str = ""
    layered: Mapping[str, Part] = field(default_factory=dict)
    single: Mapping[str, Part] = field(default_factory=dict)
    requires: str = ""
    """A key of `single` without which the names mean something else."""

    def part(self, name: str) -> Found | None:
        """What the name holds, its layer and its expert; None if unknown."""
        if not self.may_end(ending(name)):
            return None
        single = self._single_name.fullmatch(name)
        if single and single.group(1) in self.single:
            return Found(self.single[single.group(1)])
        layered = self._layered_name.fullmatch(name)
        if layered:
            return self._in_layer(name, int(layered.group(1)), layered.group(2))
        return None

    def may_end(self, two: str) -> bool:
        """Whether any name of this family has this `ending`."""
        # A mixture has tens of thousands of names, and an ending is soon read.
        return two in self._endings or self._has_short_keys

    def in_a_layer(self, name: str) -> bool:
        """Whether the name stands inside one of the numbered layers."""
        return self._layered_name.fullmatch(name) is not None

    def _in_layer(self, name: str, layer: int, key: str) -> Found | None:
        expert = _EXPERT.fullmatch(key)
        spelling = f"{expert.group(1)}{{n}}{expert.group(3)}" if expert else key
        part = self.layered.get(spelling)
        if part is None:
            return None
        number = int(expert.group(2)) if expert else -1
        return Found(part, layer, number, name.removesuffix(key))

    @cached_property
    def _endings(self) -> frozenset[str]:
        return frozenset(ending(key) for key in (*self.single, *self.layered))

    @cached_property
    def _has_short_keys(self) -> bool:
        return any("." not in key for key in (*self.single, *self.layered))

    @cached_property
    def _single_name(self) -> re.Pattern[str]:
        return re.compile(rf"{self.stem}(.+)")

    @cached_property
    def _layered_name(self) -> re.Pattern[str]:
        # Without layers nothing may match: (?!) is the pattern that never does.
        where = rf"{self.stem}{self.layers}\." if self.layers else r"(?!)"
        return re.compile(rf"{where}(\d{{1,4}})\.(.+)")


def ending(name: str) -> str:
    """The last two of a name's parts between dots, the whole name if it has fewer."""
    return name[name.rfind(".", 0, max(0, name.rfind("."))) + 1 :]


def plain(names: Mapping[str, Role]) -> dict[str, Part]:
    """A part with one whole role for each name."""
    return {name: Part(roles=(role,)) for name, role in names.items()}


def unread(reason: str, *names: str) -> dict[str, Part]:
    """Known names of which nothing is read, with the reason."""
    return {name: Part(roles=(), reason=reason) for name in names}
