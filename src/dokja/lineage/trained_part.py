"""Whether two models share what training made, or only where it started.

Two teams that begin from one framework's default seed share their initial
weights, and training keeps part of them for long: entries of the two stay
correlated although neither saw the other. An initial matrix is noise, and noise
has no singular value above a known edge; what stands above it is training. A
descendant holds its ancestor's leading directions at least as well as the rest;
models that share a start alone hold the rest far better (figures in
docs/lineage-accuracy.md). Where nothing stands out on either side there is no
training to have been copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.evidence.values import Text
from dokja.lineage import wording
from dokja.lineage.draws import Draws
from dokja.lineage.flat_tables import Tables
from dokja.lineage.layout import Layout, Matrix, take
from dokja.lineage.roles import CLASS_OF
from dokja.lineage.values import LineageRules
from dokja.lineage.verdict import LayerMap
from dokja.submission.ports import Checkpoint

UNITS = 512
"""Rows of a table that are looked at."""
CHANNELS = 16384
"""Columns of a table that are looked at."""
LEAST_SIDE = 16
"""Rows and columns below which noise has no edge to speak of."""
BEYOND = 4.0
"""Scales of the Tracy-Widom law above the edge: noise goes there once in 10,000
tables."""
LAYERS = 4
"""Layers that are looked at, evenly over those with a partner."""
IN_PLACE = 0.03
"""Kept share of the rest below which entries do not correspond in place, so
that a common start is not what the tests have seen."""

Pair = tuple[Matrix, Matrix]
Sums = tuple[float, float]
"""What the other side holds, and what there is to hold."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Of one side's directions, the shares that the other side holds."""

    leading: float | None
    """None where no direction stands out."""
    rest: float


def kept(pairs: Iterable[Pair]) -> tuple[Kept, ...]:
    """What the candidate holds of the reference's tables, and the other way.

    Empty where there are no tables. Which came first is not known, and a
    descendant's own directions are not in its ancestor: either may be the
    ancestor.
    """
    found = [(_held(*pair), _held(*pair[::-1])) for pair in map(_levelled, pairs)]
    return tuple(
        Kept(
            leading=_share([of_table[side][0] for of_table in found]),
            rest=_share([of_table[side][1] for of_table in found]) or 0.0,
        )
        for side in (1, 0)
        if found
    )


def looked_at(layers: LayerMap) -> tuple[tuple[int, int], ...]:
    """Layers of either side that are looked at, evenly over those with a partner."""
    mapped = [(row, at) for row, at in enumerate(layers) if at is not None]
    return tuple(mapped[place] for place in _evenly(len(mapped), LAYERS))


def mapped_pairs(
    checkpoints: tuple[Checkpoint, Checkpoint],
    layouts: tuple[Layout, Layout],
    layers: LayerMap,
    draws: Draws,
) -> Iterable[Pair]:
    """Tables of mapped layers that pair up entry by entry, read in part."""
    for numbers in looked_at(layers):
        mine, theirs = (
            layout.layers[number]
            for layout, number in zip(layouts, numbers, strict=True)
        )
        for role in sorted(mine.keys() & theirs.keys() & CLASS_OF.keys()):
            tables = mine[role], theirs[role]
            if tables[0].heights != tables[1].heights:
                continue
            shape = tables[0].shape
            if shape != tables[1].shape or min(shape) < LEAST_SIDE:
                continue
            rows = draws.some("rows of the trained part", shape[0], UNITS)
            columns = draws.some("columns of the trained part", shape[1], CHANNELS)
            left, right = (
                take(checkpoint, table, rows, columns)
                for checkpoint, table in zip(checkpoints, tables, strict=True)
            )
            yield left, right


def flat_pairs(flat: tuple[Tables, Tables]) -> Iterable[Pair]:
    """The tables outside the layers, every so many rows of them."""
    for role in sorted(flat[0].keys() & flat[1].keys()):
        left, right = flat[0][role], flat[1][role]
        if left.shape == right.shape and min(left.shape) >= LEAST_SIDE:
            places = _evenly(len(left), UNITS)
            yield left[places], right[places]


def start_of_layers(pairs: Iterable[Pair], rules: LineageRules) -> Text | None:
    """The figures by which a common start explains that tables match, or None.

    Leading directions are held against the rest, which no scale changes.
    """
    found = kept(pairs)
    least = [rules.trained_layers * one.rest for one in found]
    return _explained(found, least)


def start_of_tokens(pairs: Iterable[Pair], rules: LineageRules) -> Text | None:
    """The figures by which a common start explains that token tables match.

    Any two models share some leading directions of tokens, the frequencies,
    so what is kept of the rest is no measure of them.
    """
    found = kept(pairs)
    return _explained(found, [rules.trained_tokens] * len(found))


def _explained(found: Sequence[Kept], least: Sequence[float]) -> Text | None:
    rest = max((one.rest for one in found), default=0.0)
    if rest < IN_PLACE or not any(least):
        return None
    leading = [one.leading for one in found]
    if any(
        share is not None and share >= level
        for share, level in zip(leading, least, strict=True)
    ):
        return None
    known = [share for share in leading if share is not None]
    return wording.common_start(max(known), rest) if known else wording.NO_TRAINING


def _levelled(pair: Pair) -> Pair:
    """Both with columns of mean zero and one total size."""
    levelled = []
    for table in pair:
        centred = table - table.mean(axis=0, keepdims=True, dtype=np.float64)
        levelled.append(centred / (float(np.linalg.norm(centred)) or 1.0))
    return levelled[0], levelled[1]


def _held(one: Matrix, other: Matrix) -> tuple[Sums, Sums]:
    """Of the leading directions of `one`, and of the rest, what `other` holds.

    Through products of rows: direction i of `one`, with left vector u and size
    s, is held as u' (other one') u of s squared.
    """
    if one.shape[0] > one.shape[1]:
        one, other = one.T, other.T
    squares, left = np.linalg.eigh(one @ one.T)
    held = np.einsum("ij,ij->j", left, (other @ one.T) @ left)
    leading = squares > _edge(one)
    return (
        (float(held[leading].sum()), float(squares[leading].sum())),
        (float(held[~leading].sum()), float(squares[~leading].sum())),
    )


def _edge(table: Matrix) -> float:
    """The square that no singular value of noise of this size exceeds.

    Johnstone 2001, The Annals of Statistics 29(2): centre and scale of the
    largest.
    """
    rows, columns = np.sqrt(table.shape[0]), np.sqrt(table.shape[1])
    centre = (rows + columns) ** 2
    scale = (rows + columns) * (1.0 / rows + 1.0 / columns) ** (1.0 / 3.0)
    return float(np.square(table).mean() * (centre + BEYOND * scale))


def _share(tables: Sequence[Sums]) -> float | None:
    whole = sum(there for _, there in tables)
    return sum(held for held, _ in tables) / whole if whole else None


def _evenly(count: int, most: int) -> list[int]:
    """At most `most` of 0..count-1, from the first on at equal distances."""
    taken = min(count, most)
    return [place * count // taken for place in range(taken)]
