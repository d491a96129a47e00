"""Attention heads: exchangeable value dimensions, and heads through anchors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dokja.lineage.layer_reader import HeadShape, LayerReader
from dokja.lineage.layout import Indices, Layout, Matrix
from dokja.lineage.roles import Role
from dokja.lineage.views import scaled_rows
from dokja.statistics.permutation import RowSet, doubly_centred, row_set

QKVO = (Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT)
HEAD_COUNTS = ("num_attention_heads", "n_head", "encoder_attention_heads")
DECODER_COUNTS = ("decoder_attention_heads",)
KEY_COUNTS = ("num_key_value_heads", "n_head_kv")
VALUE_ROWS = 512
"""Value dimensions of a layer that enter T4."""
LEAST_ROWS = 4
"""Value dimensions of a head below which its orders are too few."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HeadViews:
    """Every query head of a layer as two (anchors x anchors) maps, flat rows."""

    written: Matrix
    """(heads, features) V'O: what a head adds for each token it reads."""
    asked: Matrix
    """(heads, features) Q'K: which token looks at which, positions apart."""


def head_shape(layout: Layout, config: Mapping[str, object]) -> HeadShape | None:
    """How the component's attention falls into heads; None where unknown.

    From config.json, believed only where the matrices bear it out in every
    layer.
    """
    names = (*DECODER_COUNTS, *HEAD_COUNTS)
    counts = [config[name] for name in names if type(config.get(name)) is int]
    text = config.get("text_config")
    if not counts and isinstance(text, dict):
        return head_shape(layout, text)
    queries = counts[0] if counts else None
    if not isinstance(queries, int) or queries < 1:
        return None
    found = set()
    for layer in layout.layers:
        if any(role not in layer for role in QKVO):
            return None
        rows = [layer[role].shape[0] for role in QKVO]
        size = rows[0] // queries
        if not size or rows[0] % queries or rows[3] != rows[0] or rows[1] != rows[2]:
            return None
        keys = rows[1] // size
        if rows[1] % size or not keys or queries % keys:
            return None
        found.add(HeadShape(queries=queries, keys=keys, size=size))
    return found.pop() if len(found) == 1 else None


def value_gram(reader: LayerReader) -> RowSet | None:
    """T4 rows of attention: drawn value dimensions against others of the layer.

    Value dimensions of one head are exchangeable together with the columns
    of the output matrix that read them; those of different heads are not.
    None where heads are too small to have many orders.
    """
    shape = reader.side.heads
    if shape is None or shape.size < 2 * LEAST_ROWS:
        return None
    draws = reader.plan.draws
    heads = draws.some("value heads", shape.keys, max(1, VALUE_ROWS // shape.size))
    order = draws.order("value dimensions", shape.size)
    tested, fixed = np.split(order[: shape.size // 2 * 2], 2)
    every = np.concatenate([tested, fixed])
    group = shape.queries // shape.keys
    features = []
    for role, gained, step in ((Role.VALUE, True, 1), (Role.OUTPUT, False, group)):
        rows = (heads[:, None] * shape.size * step + every[None, :]).ravel()
        table = reader.rows(role, rows)
        if gained:
            table = table * reader.attention_gain()
        features.append(_between_halves(scaled_rows(table), len(heads)))
    rows_of_head = len(tested)
    edges = tuple(range(0, len(heads) * rows_of_head + 1, rows_of_head))
    return row_set(np.concatenate(features, axis=1), edges)


def head_views(reader: LayerReader) -> HeadViews | None:
    """The layer's query heads through at most `head_anchors` anchors."""
    shape, anchors = reader.side.heads, reader.side.anchors
    if shape is None or anchors is None:
        return None
    most = reader.plan.rules.head_anchors
    count = min(most, len(anchors.inputs))
    spread = np.arange(count) * len(anchors.inputs) // max(1, count)
    entry = anchors.inputs[spread] * reader.attention_gain()
    out = anchors.outputs[spread]
    group = shape.queries // shape.keys
    written: list[Matrix] = []
    asked: list[Matrix] = []
    for key in range(shape.keys):
        inside = np.arange(key * shape.size, (key + 1) * shape.size)
        values: Matrix = entry @ reader.rows(Role.VALUE, inside).T
        keys: Matrix = entry @ reader.rows(Role.KEY, inside).T
        for query in range(key * group, (key + 1) * group):
            place = np.arange(query * shape.size, (query + 1) * shape.size)
            written.append(values @ (reader.rows(Role.OUTPUT, place) @ out.T))
            asked.append(entry @ reader.rows(Role.QUERY, place).T @ keys.T)
    return HeadViews(written=_flat(written), asked=_flat(asked))


def _between_halves(rows: Matrix, heads: int) -> Matrix:
    """(tested rows, fixed rows) products; each head's rows: tested, then fixed."""
    size = len(rows) // heads
    place = np.arange(len(rows)) % size
    tested: Indices = np.flatnonzero(place < size // 2)
    fixed: Indices = np.flatnonzero(place >= size // 2)
    return rows[tested] @ rows[fixed].T


def _flat(maps: list[Matrix]) -> Matrix:
    flat = np.stack([doubly_centred(one).ravel() for one in maps])
    return scaled_rows(flat.astype(np.float32, copy=False))
