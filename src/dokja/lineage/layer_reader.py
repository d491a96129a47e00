"""Reads one layer of one model, as stored or with a control's noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from dokja.lineage.boundary import ATTENTION_NORMS, MLP_NORMS, Anchors, gain
from dokja.lineage.draws import Draws
from dokja.lineage.layout import Indices, Layout, Matrix, Table, project, take
from dokja.lineage.roles import Role
from dokja.lineage.values import LineageRules
from dokja.statistics.permutation import Edges
from dokja.submission.ports import Checkpoint

EXPERTS = 8
"""Experts of a mixture whose units are drawn."""


@dataclass(frozen=True, kw_only=True)
class HeadShape:
    """How attention matrices fall into heads."""

    queries: int
    keys: int
    """Heads of keys and values; each serves `queries // keys` query heads."""
    size: int
    """Rows of a head."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Side:
    """One model's component, ready to be read layer by layer."""

    checkpoint: Checkpoint
    layout: Layout
    anchors: Anchors | None
    heads: HeadShape | None
    """None where heads are unknown, or of no use to any test."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Plan:
    """What both sides have in common, and so what is read of each layer."""

    rules: LineageRules
    draws: Draws
    mlp: tuple[Role, ...]
    attention: tuple[Role, ...]
    """Roles of equal shape on both sides; of the others nothing is paired."""
    streams: tuple[Role, ...]
    """Attention roles of any height: their channels still correspond."""
    channels: Indices | None
    """Drawn residual channels, None where the two widths differ."""
    biased: bool
    """Whether every MLP without a gate has a bias for each unit."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Noise:
    """Makes a known descendant: noise on whatever is read, before its use."""

    draws: Draws
    size: float
    """In deviations of each table."""

    def on(self, matrix: Matrix, what: str) -> Matrix:
        """The matrix with noise of its own."""
        spread = np.float32(self.size * float(matrix.std(dtype=np.float64)))
        rows, columns = matrix.shape
        noisy: Matrix = matrix + spread * self.draws.noise(what, (rows, columns))
        return noisy


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerReader:
    """One layer's tables; what is asked for twice is kept."""

    side: Side
    plan: Plan
    number: int
    noise: Noise | None = None
    _kept: dict[str, Matrix] = field(default_factory=dict)

    @property
    def layer(self) -> Mapping[Role, Table]:
        """The tables of the layer by role."""
        return self.side.layout.layers[self.number]

    def units(self, role: Role) -> tuple[Indices, Edges]:
        """The drawn units of a role, and the blocks that may be exchanged.

        Equal for every table of as many units and experts, whichever side
        or layer. Units of a mixture are exchangeable within one expert.
        """
        table, draws = self.layer[role], self.plan.draws
        most = self.plan.rules.test_units or table.shape[0]
        count = len(table.pieces)
        experts = draws.some("experts", count, EXPERTS)
        drawn = [
            table.edges[expert]
            + draws.some("units", table.heights[expert], max(2, most // len(experts)))
            for expert in experts
        ]
        edges = accumulate((len(units) for units in drawn), initial=0)
        return np.concatenate(drawn), tuple(edges)

    def rows(self, role: Role, units: Indices) -> Matrix:
        """(units, all channels) of the role."""
        return self._noisy(
            take(self.side.checkpoint, self.layer[role], units, None), f"{role} rows"
        )

    def columns(self, role: Role) -> Matrix:
        """(all units, drawn channels) of the role."""
        key = f"{role} columns"
        if key not in self._kept:
            channels = self.plan.channels if role is not Role.UP_BIAS else None
            found = take(self.side.checkpoint, self.layer[role], None, channels)
            self._kept[key] = self._noisy(found, key)
        return self._kept[key]

    def through(self, role: Role, anchors: Matrix) -> Matrix:
        """(all units, anchors) products with the boundary, as stored."""
        return project(self.side.checkpoint, self.layer[role], anchors)

    def mlp_gain(self) -> Matrix:
        """(1, channels) gain of the norm that the MLP reads through."""
        return self._gain(MLP_NORMS)

    def attention_gain(self) -> Matrix:
        """(1, channels) gain of the norm that attention reads through."""
        return self._gain(ATTENTION_NORMS)

    def _gain(self, names: tuple[str, ...]) -> Matrix:
        prefix = self.side.layout.prefixes[self.number]
        width = self.side.layout.width or 0
        return gain(self.side.checkpoint, [prefix + name for name in names], width)

    def _noisy(self, matrix: Matrix, what: str) -> Matrix:
        if self.noise is None:
            return matrix
        return self.noise.on(matrix, f"{what} of layer {self.number}")
