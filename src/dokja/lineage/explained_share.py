"""How much of the candidate's weights the reference explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dokja.lineage.layout import Matrix

Sums = npt.NDArray[np.float64]
"""(blocks, 3) sums of ab, aa and bb over blocks of rows."""

BLOCKS = 8
"""Blocks of rows that the jackknife leaves out in turn."""
NORMAL_95 = 1.959964
HIDDEN = 2.0
"""Times as much that a view must explain to show a copy in another basis."""


@dataclass(frozen=True, kw_only=True)
class ExplainedShare:
    """The share with its 95 % interval."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """What some parameters of the candidate share with the reference's."""

    sums: Sums | None
    """None where they have no partner, and nothing explains them."""
    size: int = 1
    """Parameters."""
    products: bool = False
    """Whether the rows are products of two rows of weights each, whose
    correlation is the square of theirs."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Summed:
    """A table with what it brings to every sum it enters."""

    table: Matrix
    mean: Matrix
    """(1, columns) over the rows."""
    squares: tuple[float, ...]
    """Of the centred rows, by block."""

    @property
    def centred(self) -> Matrix:
        """The table less its mean row; made anew, as it is as large as the table."""
        centred: Matrix = self.table - self.mean
        return centred


def summed(table: Matrix) -> Summed:
    """The table ready to be held against others."""
    mean = table.mean(axis=0, keepdims=True)
    centred = table - mean
    return Summed(table=table, mean=mean, squares=_by_block(centred, centred))


def sums_of(left: Summed, right: Summed) -> Sums | None:
    """Products of the two tables, centred over rows; None for unequal shapes."""
    if left.table.shape != right.table.shape:
        return None
    products = _by_block(left.centred, right.centred)
    return np.array(
        list(zip(products, left.squares, right.squares, strict=True)), dtype=np.float64
    )


def sums_by_block(left: Matrix, right: Matrix) -> Sums | None:
    """`sums_of` two tables that are held against each other alone."""
    return None if left.shape != right.shape else sums_of(summed(left), summed(right))


def _by_block(left: Matrix, right: Matrix) -> tuple[float, ...]:
    edges = np.arange(BLOCKS + 1) * len(left) // BLOCKS
    return tuple(
        float(np.vdot(left[start:stop], right[start:stop]))
        for start, stop in pairwise(edges.tolist())
    )


def explained_share(parts: Sequence[Part]) -> ExplainedShare | None:
    """1 - |B - aA|^2 / |B - mean B|^2, weighted by parameters.

    B is a candidate table, A the reference's under the layer map, a the best
    scale. The interval is the jackknife's over blocks of rows. None where
    there is nothing to explain.
    """
    if not sum(part.size for part in parts):
        return None
    share = share_of(parts)
    left_out = [share_of(parts, block) for block in range(BLOCKS)]
    mean = sum(left_out) / BLOCKS
    variance = (BLOCKS - 1) / BLOCKS * sum((one - mean) ** 2 for one in left_out)
    reach = NORMAL_95 * math.sqrt(variance)
    return ExplainedShare(
        share=share, low=max(0.0, share - reach), high=min(1.0, share + reach)
    )


def best_of(direct: Sequence[Part], others: Sequence[Part]) -> Sequence[Part]:
    """`direct`, or the other view of the same tables that shows a hidden copy.

    Another view counts only where it explains `HIDDEN` times as much: views
    made of products rate what further training kept too high.
    """
    best = max(others, key=lambda part: share_of([part]), default=None)
    if best is None or share_of([best]) <= HIDDEN * share_of(direct):
        return direct
    return [replace(best, size=sum(part.size for part in direct))]


def share_of(parts: Sequence[Part], left_out: int | None = None) -> float:
    """The share explained, with one block of rows left out or none."""
    total = sum(part.size for part in parts)
    explained = 0.0
    for part in parts:
        if part.sums is None:
            continue
        sums = part.sums
        kept = sums if left_out is None else np.delete(sums, left_out, axis=0)
        product, mine, theirs = (float(value) for value in kept.sum(axis=0))
        scale = mine * theirs
        if scale > 0.0 and product > 0.0:
            correlation = product / math.sqrt(scale)
            explained += part.size * (
                correlation if part.products else correlation * correlation
            )
    return explained / total if total else 0.0
