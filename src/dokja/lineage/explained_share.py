"""How much of the candidate's weights the reference explains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dokja.lineage.layout import Matrix

Sums = npt.NDArray[np.float64]
"""(blocks, 3) sums of ab, aa and bb over blocks of rows."""

BLOCKS = 8
"""Blocks of rows that the jackknife leaves out in turn."""
NORMAL_95 = 1.959964


@dataclass(frozen=True, kw_only=True)
class ExplainedShare:
    """The share with its 95 % interval."""

    share: float
    low: float
    high: float


def sums_by_block(left: Matrix, right: Matrix) -> Sums | None:
    """Products of the two tables, centred over rows; None for unequal shapes."""
    if left.shape != right.shape:
        return None
    a = left - left.mean(axis=0, keepdims=True)
    b = right - right.mean(axis=0, keepdims=True)
    edges = np.arange(BLOCKS + 1) * len(a) // BLOCKS
    return np.array(
        [
            [
                float(np.vdot(x[start:stop], y[start:stop]))
                for x, y in ((a, b), (a, a), (b, b))
            ]
            for start, stop in pairwise(edges.tolist())
        ]
    )


def explained_share(
    tables: Sequence[tuple[int, Sums | None]],
) -> ExplainedShare | None:
    """1 - |B - aA|^2 / |B - mean B|^2, weighted by parameters.

    B is a candidate table, A the reference's under the layer map, a the best
    scale; `tables` holds the parameters of each B and what it shares with A,
    None where it has no partner and nothing explains it. The interval is the
    jackknife's over blocks of rows. None where there is nothing to explain.
    """
    total = sum(size for size, _ in tables)
    if not total:
        return None
    share = _share(tables, total, None)
    left_out = [_share(tables, total, block) for block in range(BLOCKS)]
    mean = sum(left_out) / BLOCKS
    variance = (BLOCKS - 1) / BLOCKS * sum((one - mean) ** 2 for one in left_out)
    reach = NORMAL_95 * math.sqrt(variance)
    return ExplainedShare(
        share=share, low=max(0.0, share - reach), high=min(1.0, share + reach)
    )


def _share(
    tables: Sequence[tuple[int, Sums | None]], total: int, left_out: int | None
) -> float:
    explained = 0.0
    for size, sums in tables:
        if sums is None:
            continue
        kept = sums if left_out is None else np.delete(sums, left_out, axis=0)
        product, mine, theirs = (float(value) for value in kept.sum(axis=0))
        scale = mine * theirs
        if scale > 0.0 and product > 0.0:
            explained += size * product * product / scale
    return explained / total
