"""One layer of the candidate with its partners, read into sums of products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dokja.lineage.decomposition.sums import Sums, added, sums_of
from dokja.lineage.decomposition.values import DecompositionRules
from dokja.lineage.draws import Draws
from dokja.lineage.layout import Layout, Matrix, Table, take
from dokja.lineage.roles import CLASS_OF, TOKEN_ROLES, Role
from dokja.lineage.values import TensorClass
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind

Tables = Mapping[Role, Table]


@dataclass(frozen=True, kw_only=True, eq=False)
class Family:
    """One component of every model: candidate, parents, ancestor if any."""

    kind: ComponentKind
    checkpoints: tuple[Checkpoint, ...]
    layouts: tuple[Layout, ...]
    parents: tuple[str, ...]

    @property
    def has_ancestor(self) -> bool:
        """Whether the last model is the ancestor."""
        return len(self.layouts) > 1 + len(self.parents)

    @property
    def same_tokens(self) -> bool:
        """Whether no two models are known to number tokens differently."""
        known = [c.vocabulary for c in self.checkpoints if c.vocabulary is not None]
        return all(vocabulary == known[0] for vocabulary in known)

    def tables(
        self, number: int, partners: tuple[int | None, ...]
    ) -> tuple[Tables, ...]:
        """A layer's tables in every model; those outside layers for -1."""
        if number < 0:
            return tuple(layout.boundary for layout in self.layouts)
        chosen = (number, *partners)
        return tuple(
            {} if at is None else layout.layers[at]
            for layout, at in zip(self.layouts, chosen, strict=True)
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerRead:
    """What the drawn values of one layer came to."""

    number: int
    sums: Mapping[TensorClass, Sums | None]
    """None for a class in which the parents do not differ."""
    equal: frozenset[int]
    """Parents equal to the candidate in every value drawn."""
    untested: Mapping[str, str]
    """Tensors left out, with the reason."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """What every layer of a component is read under."""

    family: Family
    draws: Draws
    rules: DecompositionRules


def read_layer(
    place: tuple[int, tuple[int | None, ...]], *, reading: Reading
) -> LayerRead:
    """A work item: the products of a layer's tables, by tensor class.

    `place` is the candidate's layer and its partners. One table of every model
    is in memory at a time. Raises: InvalidInput where a drawn weight is NaN or
    infinite.
    """
    number, partners = place
    family = reading.family
    sides = family.tables(number, partners)
    sums: dict[TensorClass, Sums | None] = {}
    untested: dict[str, str] = {}
    equal = set(range(len(family.parents)))
    for role, table in sorted(sides[0].items()):
        if role not in CLASS_OF:
            continue
        row = tuple(side[role] for side in sides if role in side)
        gap = _gap(row, family)
        if gap is not None:
            untested.update({piece.label: gap for piece in table.pieces})
            continue
        taken = _taken(row, number, reading)
        theirs = taken[1 : 1 + len(family.parents)]
        equal &= {k for k, one in enumerate(theirs) if np.array_equal(one, taken[0])}
        found = _sums(taken, f"control {number} {role.value}", reading)
        sums[CLASS_OF[role]] = added([sums.get(CLASS_OF[role]), found])
    return LayerRead(
        number=number, sums=sums, equal=frozenset(equal), untested=untested
    )


def _gap(row: tuple[Table, ...], family: Family) -> str | None:
    """Why a table cannot be fitted, None where it can."""
    if len(row) < len(family.layouts) or len({table.shape for table in row}) > 1:
        return "not of one shape in every model"
    if row[0].role in TOKEN_ROLES and not family.same_tokens:
        return "the vocabularies differ"
    return None


def _taken(row: tuple[Table, ...], number: int, reading: Reading) -> list[Matrix]:
    """The same drawn values of one table in every model."""
    rules, (height, width) = reading.rules, row[0].shape
    units = reading.draws.some(
        f"units {number} {row[0].role.value}", height, rules.sample_units
    )
    channels = reading.draws.some("channels", width, rules.sample_channels)
    wanted = None if len(channels) == width else channels
    return [
        take(checkpoint, table, units, wanted)
        for checkpoint, table in zip(reading.family.checkpoints, row, strict=True)
    ]


def _sums(taken: list[Matrix], what: str, reading: Reading) -> Sums | None:
    mine, *theirs = [table.astype(np.float64) for table in taken]
    ancestor = theirs.pop() if reading.family.has_ancestor else None
    orders = [
        reading.draws.order(f"{what} {n}", len(mine))
        for n in range(reading.rules.control_draws)
    ]
    return sums_of(mine, theirs, ancestor, orders, reading.rules.blocks)
