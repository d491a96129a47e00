"""Which weights a fingerprint looks at: fixed by the schema, equal for all models."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import permutation, seed_for, uniform_draws
from dokja.lineage.fingerprints.values import SCHEMA
from dokja.lineage.layout import usable
from dokja.lineage.role_map import Piece
from dokja.lineage.roles import Role
from dokja.submission.ports import Checkpoint

Sample = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

RUNS, RUN = 4, 8
"""Rows are taken in a few runs: neighbours cost a file one read."""
COLUMNS = 256
WIDEST = 1 << 16
"""Columns of a row that are read whole; of wider ones some are picked."""
PICKED = 4096
ANCHORS = 256
"""Buckets of token strings, one anchor in each."""


def sampled(
    checkpoint: Checkpoint, role: Role, piece: Piece, shape: tuple[int, ...]
) -> npt.NDArray[np.float32]:
    """(rows, columns): sampled rows of a piece, its outputs, over all columns.

    Raises: InvalidInput where a sampled weight is not `usable`.
    """
    stored_rows, stored_columns = _table(shape)
    if piece.flipped:
        rows = _stored_rows(piece, role, stored_columns)
        inputs = _some(stored_rows)
        return usable(piece.name, checkpoint.picked(piece.name, inputs, rows).T)
    rows = _stored_rows(piece, role, stored_rows)
    columns = None if stored_columns <= WIDEST else _some(stored_columns)
    return usable(piece.name, checkpoint.picked(piece.name, rows, columns))


def sampled_tokens(
    checkpoint: Checkpoint, name: str, shape: tuple[int, ...], anchors: Indices
) -> npt.NDArray[np.float32]:
    """(anchors, channels): rows of a token table, zero where there is no anchor."""
    count, width = _table(shape)
    held = (anchors >= 0) & (anchors < count)
    columns = None if width <= WIDEST else _some(width)
    found = usable(name, checkpoint.picked(name, anchors[held], columns))
    table = np.zeros((len(anchors), found.shape[1]), dtype=np.float32)
    table[held] = found
    return table


def anchor_tokens(vocabulary: Mapping[str, int]) -> tuple[Indices, bytes]:
    """Row of each anchor's token, -1 where there is none, and the tags.

    Strings fall into buckets by their hash, and the lowest hash of a bucket
    is its anchor: two vocabularies choose the same anchor wherever the
    lowest string stands in both, and equal tags estimate what they share.
    Tokens in brackets, which templates put in, are left out.
    """
    lowest: list[tuple[bytes, int]] = [(b"\xff" * 8, -1)] * ANCHORS
    for token, row in vocabulary.items():
        if token.startswith(("<", "[")):
            continue
        text = token.replace("▁", "Ġ").encode("utf-8", "surrogatepass")
        found = hashlib.sha256(text).digest()
        if found[1:9] <= lowest[found[0]][0]:
            lowest[found[0]] = min(lowest[found[0]], (found[1:9], row))
    rows = np.array([row for _, row in lowest], dtype=np.intp)
    tags = b"".join(_tag(taken) if row >= 0 else bytes(2) for taken, row in lowest)
    return rows, tags


@lru_cache(maxsize=256)
def rows_of(role: Role, count: int) -> Indices:
    """The sampled rows of a matrix of `count` rows, in order."""
    if count <= RUNS * RUN:
        return np.arange(count)
    edges = np.arange(RUNS + 1) * count // RUNS
    room = np.maximum(np.diff(edges) - RUN, 0)
    draws = uniform_draws(seed_for(SCHEMA, f"rows {role} {count}"), RUNS)
    starts = edges[:-1] + (draws * (room + 1)).astype(np.intp)
    rows: Indices = (starts[:, None] + np.arange(RUN)[None, :]).ravel()
    return rows


@lru_cache(maxsize=256)
def columns_of(role: Role, count: int, wanted: int) -> Indices:
    """At most `wanted` of `count` columns, in order."""
    if count <= wanted:
        return np.arange(count)
    order = permutation(seed_for(SCHEMA, f"columns {role} {count}"), count)
    return np.sort(order[:wanted])


def _tag(lowest: bytes) -> bytes:
    """Two bytes that are never zero, which stands for no anchor."""
    return (int.from_bytes(lowest[6:8], "big") or 1).to_bytes(2, "big")


def _some(count: int) -> Indices:
    """Every index up to the widest row read whole, spread ones beyond."""
    if count <= WIDEST:
        return np.arange(count)
    return np.arange(PICKED) * count // PICKED


def _stored_rows(piece: Piece, role: Role, stored: int) -> Indices:
    """The sampled outputs of a piece as rows (or columns) of its tensor."""
    if piece.stop is None:
        return rows_of(role, stored)
    step = piece.stop - piece.start
    rows = rows_of(role, piece.groups * step)
    return rows // step * (stored // piece.groups) + piece.start + rows % step


def _table(shape: tuple[int, ...]) -> tuple[int, int]:
    return (shape[0], math.prod(shape[1:])) if shape else (1, 1)
