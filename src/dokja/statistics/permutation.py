"""Permutation-moment z: do two sets of rows correspond row by row?

For centred A and B with n exchangeable rows each, T = sum_i <a_i, b_i> has
mean 0 and variance ||A B'||_F^2 / (n - 1) over all n! orders of one side's
rows (Hoeffding 1951), whatever the columns hold: shared means, scales and
outlier columns are part of the null. Where rows may be exchanged only within
blocks (the units of one expert, the dimensions of one head), both sides are
centred within the blocks and the blocks' variances add up.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.floating]
Edges = tuple[int, ...]

NORMAL_UP_TO = 3.0
"""z up to which the normal tail stands for the permutation tail."""
BOUND_GRID = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
"""Exponents tried in the bound, in units of 1 / standard deviation."""
LEAST_LOG_P = -120.0
"""Where the bound stops being tightened; every report floors far higher."""
TILE_ROWS = 512


@dataclass(frozen=True, eq=False)
class RowSet:
    """Rows ready for pairing, centred within each block of exchangeable ones."""

    rows: Matrix
    edges: Edges
    """Where blocks begin, and the number of rows: (0, n) for a single block."""
    norm: float


@dataclass(frozen=True)
class PermutationMoments:
    """The statistic with its permutation moments; z and r are 0 without spread."""

    total: float
    variance: float
    z: float
    correlation: float
    """T / (|A| |B|), the centred correlation of the paired rows."""
    rows: int


def row_set(rows: Matrix, edges: Edges = ()) -> RowSet:
    """`rows` (n, m) centred within the blocks; one block without `edges`."""
    edges = edges or (0, rows.shape[0])
    centred = np.concatenate(
        [
            rows[start:stop] - rows[start:stop].mean(axis=0, keepdims=True)
            for start, stop in _spans(edges)
        ]
    )
    return RowSet(centred, edges, math.sqrt(float(np.vdot(centred, centred))))


def cross_of(left: RowSet, right: RowSet) -> Matrix:
    """(n, n) products of all rows of one side with all rows of the other.

    Doubly centred within each block, as both sides are. Raises: ValueError
    where the sides differ in shape or blocks.
    """
    if left.rows.shape != right.rows.shape or left.edges != right.edges:
        raise ValueError("only row sets of one shape and of the same blocks pair up")
    return left.rows @ right.rows.T


def permutation_moments(left: RowSet, right: RowSet) -> PermutationMoments:
    """T, its variance over all allowed orders of one side's rows, z and r."""
    return cross_moments(cross_of(left, right), left.norm * right.norm, left.edges)


def cross_moments(cross: Matrix, scale: float, edges: Edges = ()) -> PermutationMoments:
    """The same from the (n, n) matrix of all row products.

    `cross` is doubly centred within the blocks; `scale` is the value T would
    have if the two sides were equal.
    """
    edges = edges or (0, cross.shape[0])
    variance = sum(
        float(np.vdot(block, block)) / max(block.shape[0] - 1, 1)
        for block in _blocks(cross, edges)
    )
    total = float(np.trace(cross, dtype=np.float64))
    return _moments(total, variance, cross.shape[0], scale)


def doubly_centred(cross: Matrix) -> Matrix:
    """`cross` less its row means and column means: H cross H."""
    centred: Matrix = cross - cross.mean(axis=0, keepdims=True)
    centred -= centred.mean(axis=1, keepdims=True)
    return centred


def normal_tail(z: float) -> float:
    """One-sided tail of the standard normal distribution."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def p_value(cross: Matrix, moments: PermutationMoments, edges: Edges = ()) -> float:
    """One-sided p-value; `cross` is doubly centred, `moments` are its own.

    Up to z = 3 the normal tail. Beyond it no normal approximation: a few
    rows that stand out in both sides give large z far more often than a
    normal would, so the p-value is the smaller of the tail at 3 and a proven
    bound. Never 0.
    """
    if moments.z <= NORMAL_UP_TO:
        return normal_tail(moments.z)
    bound = log_tail_bound(cross, moments, edges)
    return min(normal_tail(NORMAL_UP_TO), math.exp(bound))


def rows_p_value(left: RowSet, right: RowSet, moments: PermutationMoments) -> float:
    """One-sided p-value of the paired rows; see `p_value`."""
    return p_value(cross_of(left, right), moments, left.edges)


def log_tail_bound(
    cross: Matrix, moments: PermutationMoments, edges: Edges = ()
) -> float:
    """Logarithm of an upper bound on P(T_pi >= T), over all allowed orders.

    By Markov, P <= exp(-theta T) perm(M) / n! with M_ij = exp(theta c_ij),
    and perm(M) <= n! n^(-n/2) prod_i ||M_i||_2 over rows or over columns;
    orders within blocks are independent, so the blocks' factors multiply. It
    holds for every theta > 0; the best of a fixed grid is taken, down to
    `LEAST_LOG_P`.

    Source: E. Carlen, E. Lieb, M. Loss, An inequality of Hadamard type for
    permanents, Methods and Applications of Analysis 13 (2006).
    """
    edges = edges or (0, cross.shape[0])
    deviation = math.sqrt(moments.variance)
    best = 0.0
    for step in BOUND_GRID:
        theta = step / deviation
        growth = sum(
            min(
                _half_log_means(block, 2.0 * theta),
                _half_log_means(block.T, 2.0 * theta),
            )
            for block in _blocks(cross, edges)
        )
        best = min(best, growth - theta * moments.total)
        if best <= LEAST_LOG_P:
            return LEAST_LOG_P
    return best


def _half_log_means(cross: Matrix, exponent: float) -> float:
    """Sum over rows of half the log of the mean of exp(exponent * entry)."""
    total = 0.0
    for start in range(0, cross.shape[0], TILE_ROWS):
        powers = exponent * cross[start : start + TILE_ROWS].astype(np.float64)
        peak = powers.max(axis=1)
        means = np.exp(powers - peak[:, None]).mean(axis=1)
        total += 0.5 * float(np.sum(peak + np.log(means)))
    return total


def _spans(edges: Edges) -> Iterator[tuple[int, int]]:
    return pairwise(edges)


def _blocks(cross: Matrix, edges: Edges) -> Iterator[Matrix]:
    return (cross[start:stop, start:stop] for start, stop in _spans(edges))


def _moments(
    total: float, variance: float, rows: int, scale: float
) -> PermutationMoments:
    flat = not variance > 0.0 or not scale > 0.0
    z = 0.0 if flat else total / math.sqrt(variance)
    correlation = 0.0 if flat else total / scale
    return PermutationMoments(total, variance, z, correlation, rows)
