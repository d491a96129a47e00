"""How a derived component came from the reference, as far as weights tell.

Layers come first: repeated, dropped or in another order, they say more than
what was done to each. Then rounding to few bits, copies that were only stored
or hidden otherwise, units or weights that were cut, and differences of low
rank; what is left is a matter of degree. No two models tell whether a third
went into one of them, so `merged` is for `decompose` with parents by name
alone; and none tells which of two came first. Where weights do not tell, the
relation is `unknown` and the reason says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from dokja.evidence.values import Text
from dokja.lineage import relation_wording as wording
from dokja.lineage.change import Change, change_of
from dokja.lineage.draws import Draws
from dokja.lineage.explained_share import HIDDEN, ExplainedShare, explained_share
from dokja.lineage.explained_tables import other_flat_parts, other_parts
from dokja.lineage.flat_tables import Tables
from dokja.lineage.lattice import Grid, grid_of, most_on_grid
from dokja.lineage.layer_pairs import LayerColumn
from dokja.lineage.layer_sample import LayerSample
from dokja.lineage.layout import Layout, Table
from dokja.lineage.roles import CLASS_OF, Role
from dokja.lineage.trained_part import flat_pairs, looked_at, mapped_pairs
from dokja.lineage.values import (
    LineageVerdict,
    Relation,
    RelationRules,
)
from dokja.lineage.verdict import LayerMap
from dokja.submission.ports import Checkpoint

TRANSPLANT = 0.25
"""Least share of layers without a partner that cannot be layers gone astray."""
WHOLE = 0.99
"""Share explained in place from which no other basis hides anything."""
SAME = 0.9999
"""Share that storing in a float of fewer bits leaves."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A relation, and what it rests on."""

    relation: Relation
    reason: Text | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Derived:
    """A component with a finding, as measured; pairs are the candidate's first."""

    verdict: LineageVerdict
    checkpoints: tuple[Checkpoint, Checkpoint]
    layouts: tuple[Layout, Layout]
    flat: tuple[Tables, Tables]
    samples: Sequence[LayerSample]
    columns: Sequence[LayerColumn]
    layers: LayerMap
    share: ExplainedShare | None
    draws: Draws

    @cached_property
    def mapped(self) -> tuple[tuple[int, int], ...]:
        """Layers that are looked at, evenly over those with a partner."""
        return looked_at(self.layers)

    @cached_property
    def tables(self) -> tuple[tuple[Mapping[Role, Table], Mapping[Role, Table]], ...]:
        """Tables of both sides by role: layer by layer, or those without layers."""
        mine, theirs = self.layouts
        if not self.mapped:
            return ((mine.boundary, theirs.boundary),)
        return tuple((mine.layers[row], theirs.layers[at]) for row, at in self.mapped)

    @cached_property
    def change(self) -> Change:
        """What became of tables whose entries correspond."""
        if not self.mapped:
            return change_of(flat_pairs(self.flat))
        return change_of(
            mapped_pairs(self.checkpoints, self.layouts, self.layers, self.draws)
        )

    @cached_property
    def elsewhere(self) -> ExplainedShare | None:
        """What is explained once order, basis and scale are set aside."""
        parts = (
            other_parts(self.layouts[0], self.samples, self.columns, self.layers)
            if self.mapped
            else other_flat_parts(self.flat)
        )
        return explained_share(parts)

    @cached_property
    def hidden(self) -> bool:
        """Whether another view of the layers explains far more than entries do."""
        seen, direct = self.elsewhere, self.change.share
        return seen is not None and direct < min(WHOLE, seen.share / HIDDEN)


def relation_of(found: Derived, rules: RelationRules | None) -> Told | None:
    """What the weights alone tell of how the component came about.

    None without a finding. Without rules only whole layers are named.
    """
    if found.verdict is LineageVerdict.IDENTICAL:
        return Told(relation=Relation.COPY, reason=wording.IDENTICAL)
    if found.verdict not in (LineageVerdict.DERIVED, LineageVerdict.PARTIAL):
        return None
    told = _partial(found) or _of_layers(found)
    if told is None and rules is not None:
        told = (
            _rounded(found, rules)
            or _copied(found, rules)
            or _resized(found)
            or _cut(found, rules)
            or _moved(found, rules)
        )
    return told or Told(relation=Relation.UNKNOWN, reason=None)


def _partial(found: Derived) -> Told | None:
    """The relation where only some layers have a partner."""
    if found.verdict is not LineageVerdict.PARTIAL:
        return None
    count = len(found.layers)
    without = sum(layer is None for layer in found.layers)
    if without < TRANSPLANT * count:
        return _unknown(wording.few_without(without, count))
    reason = wording.some_layers(count - without, count)
    return Told(relation=Relation.TRANSPLANTED, reason=reason)


def _of_layers(found: Derived) -> Told | None:
    """The relation where layers were repeated, dropped or moved."""
    layers = [layer for layer in found.layers if layer is not None]
    depth = len(found.layouts[1].layers)
    if not layers or layers == list(range(depth)):
        return None
    shown = " ".join(str(layer) for layer in layers)
    counts = shown, len(layers), depth
    if len(layers) > depth and len(set(layers)) < len(layers):
        reason = wording.more_layers(*counts)
        return Told(relation=Relation.DEPTH_UPSCALED, reason=reason)
    if len(layers) < depth and layers == sorted(set(layers)):
        reason = wording.fewer_layers(*counts)
        return Told(relation=Relation.LAYERS_DROPPED, reason=reason)
    return _unknown(wording.other_order(shown))


def _rounded(found: Derived, rules: RelationRules) -> Told | None:
    """The relation where one side alone lies on a grid of few bits."""
    grids = _grids(found, 0), _grids(found, 1)
    lying = [most_on_grid(one, rules) for one in grids]
    if lying[0] == lying[1] or found.share is None:
        return None
    side = lying.index(True)
    even = [grid for grid in grids[side] if grid.even(rules)]
    apart = [grid.rounding for grid in even if grid.rounding is not None]
    steps = median(apart) if apart else None
    share = _explained(found)
    if steps is not None and steps <= rules.rounding_steps:
        fact = wording.rounded_by(steps)
    elif share >= rules.rounding_share and (found.hidden or steps is None):
        fact = wording.all_but_rounding(share)
    else:
        return _unknown(wording.rounded_and_moved(side, steps, share))
    levels = median([grid.levels for grid in even]) if even else None
    reason = wording.on_a_grid(side, levels, fact)
    return Told(relation=Relation.QUANTISED, reason=reason)


def _copied(found: Derived, rules: RelationRules) -> Told | None:
    """The relation where storage or a symmetry explains every difference."""
    share = found.share.share if found.share else 0.0
    if found.change.same_values and share >= SAME:
        return Told(relation=Relation.COPY, reason=wording.SAME_VALUES)
    seen = found.elsewhere
    if seen is None or min(seen.share, seen.low) < rules.copied_share:
        return None
    if found.change.tables and found.change.share >= WHOLE:
        return None
    reason = wording.in_another_basis(seen.share, seen.low, found.change.share)
    return Told(relation=Relation.COPY, reason=reason)


def _resized(found: Derived) -> Told | None:
    """The relation where one side has fewer units, channels, heads or experts."""
    if not found.mapped:
        return None
    mine, theirs = found.layouts
    counts = {wording.CHANNELS: (mine.width or 0, theirs.width or 0)}
    tables = found.tables[0]
    if all(Role.UP in side for side in tables):
        up = tables[0][Role.UP], tables[1][Role.UP]
        experts = len(up[0].pieces), len(up[1].pieces)
        if experts[0] != experts[1]:
            return _unknown(wording.other_counts(wording.EXPERTS, *experts))
        counts[wording.UNITS] = up[0].shape[0], up[1].shape[0]
    fewer = [what for what, (one, other) in counts.items() if one < other]
    more = [what for what, (one, other) in counts.items() if one > other]
    if more:
        return _unknown(wording.wider(more[0], *counts[more[0]]))
    if fewer:
        reason = wording.narrower(fewer[0], *counts[fewer[0]])
        return Told(relation=Relation.PRUNED, reason=reason)
    if all(Role.KEY in side for side in tables):
        rows = tables[0][Role.KEY].shape[0], tables[1][Role.KEY].shape[0]
        if rows[0] != rows[1]:
            return _unknown(wording.other_counts(wording.KEY_ROWS, *rows))
    return None


def _cut(found: Derived, rules: RelationRules) -> Told | None:
    """The relation where single weights were set to zero."""
    if not found.change.tables or found.hidden:
        return None
    mine, theirs = found.change.zeros
    if mine - theirs >= rules.zeros:
        return Told(relation=Relation.PRUNED, reason=wording.zeros((mine, theirs)))
    small, others = found.change.slopes
    if others > 0.0 and small <= rules.cut_slope * others:
        return Told(relation=Relation.PRUNED, reason=wording.cut(small, others))
    return None


def _moved(found: Derived, rules: RelationRules) -> Told:
    """The relation where weights moved: by low rank, little or far."""
    if found.hidden:
        return _moved_and_hidden(_explained(found), rules)
    if not found.change.tables or found.share is None:
        return _unknown(wording.NO_SHARE)
    rank, touched = found.change.low_rank(rules.rank_share), found.change.touched
    if rank is not None:
        side = min(table.side for table in touched)
        reason = wording.low_rank(rank, side, len(touched), len(found.change.tables))
        return Told(relation=Relation.FINE_TUNED, reason=reason)
    share = found.share.share
    if share >= rules.tuned_share:
        reason = wording.moved_little(share, rules.tuned_share)
        return Told(relation=Relation.FINE_TUNED, reason=reason)
    if share <= rules.continued_share:
        reason = wording.moved_far(share, rules.continued_share)
        return Told(relation=Relation.CONTINUED_PRETRAINING, reason=reason)
    return _unknown(wording.between(share, rules.continued_share, rules.tuned_share))


def _moved_and_hidden(share: float, rules: RelationRules) -> Told:
    """The relation where weights moved in another basis.

    Its views rate what was kept high or low, so that only next to nothing
    moved can be told.
    """
    if share >= rules.tuned_share:
        reason = wording.moved_little_and_hidden(share, rules.tuned_share)
        return Told(relation=Relation.FINE_TUNED, reason=reason)
    return _unknown(wording.moved_and_hidden(share))


def _grids(found: Derived, side: int) -> list[Grid]:
    """The grids of one side's tables, with what the other differs by in them."""
    grids = []
    for pair in found.tables:
        for role, table in sorted(pair[side].items()):
            other = pair[1 - side].get(role)
            if role not in CLASS_OF:
                continue
            matched = None
            if found.mapped and other is not None and other.stored == table.stored:
                matched = other, found.checkpoints[1 - side]
            grid = grid_of(table, found.checkpoints[side], matched, found.draws)
            if grid is not None:
                grids.append(grid)
    return grids


def _explained(found: Derived) -> float:
    """The most that is explained, in place or in another basis."""
    seen = found.elsewhere
    return max(found.share.share if found.share else 0.0, seen.share if seen else 0.0)


def _unknown(reason: Text) -> Told:
    return Told(relation=Relation.UNKNOWN, reason=reason)
