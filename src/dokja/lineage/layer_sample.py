"""What of one layer enters the tests: drawn rows, Gram matrices and views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from dokja.lineage.explained_share import Summed
from dokja.lineage.heads import HeadViews, head_views, value_gram
from dokja.lineage.layer_reader import LayerReader
from dokja.lineage.layout import Indices, Matrix
from dokja.lineage.roles import MLP_ROLES, Role
from dokja.lineage.views import Views, alive, scaled_rows, unit_rows
from dokja.statistics.permutation import Edges, RowSet, row_set

T3_MLP, T3_ATTENTION = "T3 mlp", "T3 attention"
T4_MLP, T4_ATTENTION = "T4 mlp", "T4 attention"
RAW, ANCHORED = "raw", "anchored"
ATTENTION_ROWS = 512
"""Rows of an attention matrix that enter T2."""
SEARCHED_UNITS = 16384
"""Units of one reference layer among which a partner is looked for."""
LEAST_CHANNELS = 8
"""Drawn channels below which halves of them have too few orders."""
LEAST_UNITS = 32
"""Units below which two views name the same partner by chance too often."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerSample:
    """One layer as the tests see it."""

    tables: Mapping[Role, Matrix]
    """(drawn units, drawn channels) of each role; empty across widths."""
    of: Mapping[Role, tuple[int, ...]]
    """Units of each role, expert by expert: only equals pair up."""
    roles: frozenset[Role]
    """Roles of the layer that can carry evidence."""
    edges: Edges
    """Blocks of MLP rows that may be exchanged: the units of one expert."""
    grams: Mapping[str, RowSet]
    """Rows of the tests that are made already."""
    asked: Mapping[str, Views]
    """Views of the drawn units, by the boundary they are seen through."""
    heads: HeadViews | None
    silent: Mapping[Role, str]
    """Roles that cannot tell two models apart, with the reason."""
    sums: Mapping[str, Summed] = field(default_factory=dict)
    """Tables by role, and products by test, as the explained share needs them."""


def sample_layer(reader: LayerReader) -> LayerSample:
    """The layer's drawn rows, Gram matrices and views."""
    plan = reader.plan
    silent: dict[Role, str] = {}
    edges: Edges = ()
    wide: dict[Role, Matrix] = {}
    for role in plan.mlp:
        if role in reader.layer:
            units, edges = reader.units(role)
            rows = reader.rows(role, units)
            reason = cannot_tell(role, rows)
            if reason:
                silent[role] = reason
            else:
                wide[role] = rows
    tables = _tables(reader, wide, silent)
    return LayerSample(
        tables=tables,
        of={role: table.heights for role, table in reader.layer.items()},
        roles=frozenset(role for role in reader.layer if role not in silent),
        edges=edges,
        grams=_grams(reader, wide, edges, silent),
        asked=_asked(reader, wide, silent),
        heads=head_views(reader) if plan.rules.head_anchors else None,
        silent=silent,
    )


def raw_views(reader: LayerReader, silent: Mapping[Role, str]) -> Views:
    """Every unit of the layer in the residual basis; empty without two views."""
    roles = [role for role in reader.plan.mlp if role in reader.layer]
    gated = Role.GATE in roles
    wanted = MLP_ROLES if gated else (Role.UP, Role.DOWN)
    if reader.plan.channels is None or any(
        r not in roles or r in silent for r in wanted
    ):
        return ()
    tables = [reader.columns(role) for role in wanted]
    if len({len(table) for table in tables}) != 1:
        return ()
    if reader.plan.biased and not gated:
        tables[0] = np.concatenate([tables[0], reader.columns(Role.UP_BIAS)], axis=1)
    return tuple(unit_rows(table) for table in tables)


def searched_raw(reader: LayerReader, silent: Mapping[Role, str]) -> Views:
    """The units of a reference layer among which partners are looked for."""
    views = raw_views(reader, silent)
    return _living(views, _searched(reader, views))


def searched_anchored(reader: LayerReader, silent: Mapping[Role, str]) -> Views:
    """The same units through the anchors; empty without two views or anchors."""
    anchors, roles = reader.side.anchors, _viewed(reader, silent)
    if anchors is None or not roles:
        return ()
    inputs, outputs = spread_anchors(anchors.inputs), spread_anchors(anchors.outputs)
    inputs = inputs * reader.mlp_gain()
    views = tuple(
        unit_rows(
            scaled_rows(reader.through(role, outputs if role is Role.DOWN else inputs))
        )
        for role in roles
    )
    return _living(views, _searched(reader, views))


def spread_anchors(anchors: Matrix) -> Matrix:
    """Anchors of length one, centred over the anchors.

    So that no token counts for more than another.
    """
    scaled = scaled_rows(anchors)
    centred: Matrix = scaled - scaled.mean(axis=0, keepdims=True)
    return centred


def cannot_tell(role: Role, matrix: Matrix) -> str:
    """Why a table carries no evidence, empty where it can carry some."""
    if role is Role.UP_BIAS:
        return ""
    if min(matrix.shape) < 2:
        return "a single vector"
    spread = float(matrix.std(dtype=np.float64))
    if not spread > 1e-8 * max(1.0, abs(float(matrix.mean(dtype=np.float64)))):
        return "constant, as an untrained or pruned tensor is"
    if len(np.unique(matrix.ravel()[: 1 << 16])) <= 16:
        return "holds a handful of values, like a mask or an identity"
    return ""


def _tables(
    reader: LayerReader, wide: Mapping[Role, Matrix], silent: dict[Role, str]
) -> dict[Role, Matrix]:
    plan = reader.plan
    if plan.channels is None:
        return {}
    tables = {role: rows[:, plan.channels] for role, rows in wide.items()}
    for role in plan.attention:
        if role not in reader.layer:
            continue
        every = reader.columns(role)
        rows = every[plan.draws.some("attention rows", len(every), ATTENTION_ROWS)]
        reason = cannot_tell(role, rows)
        if reason:
            silent[role] = reason
        else:
            tables[role] = rows
    return tables


def _grams(
    reader: LayerReader,
    wide: Mapping[Role, Matrix],
    edges: Edges,
    silent: Mapping[Role, str],
) -> dict[str, RowSet]:
    plan, found = reader.plan, {}
    if not plan.rules.gram_tests:
        return {}
    if plan.channels is not None:
        for key, roles in ((T3_MLP, plan.mlp), (T3_ATTENTION, plan.streams)):
            here = [r for r in roles if r in reader.layer and r not in silent]
            if here and len(plan.channels) >= LEAST_CHANNELS:
                found[key] = _channel_gram(reader, here)
    if wide and {len(rows) for rows in wide.values()} == {edges[-1]}:
        gram = _unit_gram(reader, wide, edges)
        if gram is not None:
            found[T4_MLP] = gram
    values = value_gram(reader)
    if values is not None:
        found[T4_ATTENTION] = values
    return found


def _channel_gram(reader: LayerReader, roles: list[Role]) -> RowSet:
    """T3 rows: half of the drawn channels against the other half.

    Summed over all units, so their order, number and experts drop out; every
    channel of unit norm, so a scale that channels share in all models does.
    """
    plan = reader.plan
    count = len(plan.channels) if plan.channels is not None else 0
    tested, fixed = _halves(plan.draws.order("halves of channels", count))
    features = []
    for role in roles:
        channels = scaled_rows(np.ascontiguousarray(reader.columns(role).T))
        gram = channels[tested] @ channels[fixed].T
        norm = float(np.sqrt(np.vdot(gram, gram)))
        features.append(gram / np.float32(norm or 1.0))
    return row_set(np.concatenate(features, axis=1))


def _unit_gram(
    reader: LayerReader, wide: Mapping[Role, Matrix], edges: Edges
) -> RowSet | None:
    """T4 rows: half of the drawn units against the other half.

    Products of whole rows, norm gains folded in: the residual basis and its
    width drop out. None where units are too few to be halved.
    """
    halves = [
        _halves(
            start + reader.plan.draws.order(f"halves of {stop - start}", stop - start)
        )
        for start, stop in pairwise(edges)
    ]
    tested = np.concatenate([one for one, _ in halves])
    fixed = np.concatenate([other for _, other in halves])
    if len(tested) < 4:
        return None
    features = []
    for role, table in wide.items():
        rows = table if role is Role.DOWN else table * reader.mlp_gain()
        unit = scaled_rows(rows - rows.mean(axis=0, keepdims=True))
        features.append(unit[tested] @ unit[fixed].T)
    sizes = [len(one) for one, _ in halves]
    blocks = tuple(int(at) for at in np.cumsum([0, *sizes]))
    return row_set(np.concatenate(features, axis=1), blocks)


def _asked(
    reader: LayerReader, wide: Mapping[Role, Matrix], silent: Mapping[Role, str]
) -> dict[str, Views]:
    """Views of the units that are asked for their partner."""
    roles = _viewed(reader, silent)
    if not roles or any(role not in wide for role in roles):
        return {}
    found: dict[str, Views] = {}
    units, _ = reader.units(roles[-1])
    raw = raw_views(reader, silent)
    if raw:
        found[RAW] = _drawn(tuple(view[units] for view in raw), reader)
    anchors = reader.side.anchors
    if anchors is not None:
        inputs = spread_anchors(anchors.inputs) * reader.mlp_gain()
        outputs = spread_anchors(anchors.outputs)
        views = tuple(
            unit_rows(scaled_rows(wide[r] @ (outputs if r is Role.DOWN else inputs).T))
            for r in roles
        )
        found[ANCHORED] = _drawn(views, reader)
    return found


def _viewed(reader: LayerReader, silent: Mapping[Role, str]) -> tuple[Role, ...]:
    """Roles that give a unit its views; empty where there are fewer than two."""
    gated = Role.GATE in reader.plan.mlp
    roles = MLP_ROLES if gated else (Role.UP, Role.DOWN)
    layer = reader.layer
    if any(role not in layer or role in silent for role in roles):
        return ()
    heights = {layer[role].shape[0] for role in roles}
    return roles if len(heights) == 1 and max(heights) >= LEAST_UNITS else ()


def _drawn(views: Views, reader: LayerReader) -> Views:
    living = alive(views)
    order = reader.plan.draws.order(f"asked of {len(living)}", len(living))
    asked = np.sort(living[order[: reader.plan.rules.sample_units]])
    return tuple(view[asked] for view in views)


def _searched(reader: LayerReader, views: Views) -> Indices:
    count = len(views[0]) if views else 0
    return reader.plan.draws.some("searched units", count, SEARCHED_UNITS)


def _living(views: Views, units: Indices) -> Views:
    """The units' views; a vanished unit is nobody's nearest by being zero."""
    if not views or len(units) == len(views[0]):
        return views
    return tuple(view[units] for view in views)


def _halves(order: Indices) -> tuple[Indices, Indices]:
    half = len(order) // 2
    return np.sort(order[:half]), np.sort(order[half : 2 * half])
