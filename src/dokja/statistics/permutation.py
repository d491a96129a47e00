"""Permutation-moment z: do two sets of rows correspond row by row?

For row-centred A and B with n exchangeable rows each, T = sum_i <a_i, b_i>
has mean 0 and variance ||A B'||_F^2 / (n - 1) over all n! orders of one
side's rows (Hoeffding 1951), whatever the columns hold: shared means,
scales and outlier columns are part of the null.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

NORMAL_UP_TO = 3.0
"""z up to which the normal tail stands for the permutation tail."""
BOUND_GRID = (1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0)
"""Exponents tried in the bound, in units of 1 / standard deviation."""
LEAST_LOG_P = -120.0
"""Where the bound stops being tightened; every report floors far higher."""
TILE_ROWS = 512


@dataclass(frozen=True, eq=False)
class RowSet:
    """Rows ready for pairing: centred over the rows, with their Gram matrix."""

    rows: Matrix
    gram: Matrix
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


def row_set(rows: Matrix) -> RowSet:
    """`rows` (n, m) centred over n, with the (m, m) Gram matrix."""
    centred = rows - rows.mean(axis=0, keepdims=True)
    gram = centred.T @ centred
    return RowSet(centred, gram, math.sqrt(float(np.trace(gram))))


def permutation_moments(left: RowSet, right: RowSet) -> PermutationMoments:
    """T, its variance over all orders of one side's rows, z and correlation.

    Both sides have the same shape. The variance comes from the two Gram
    matrices, so that searching all pairs of L1 and L2 row sets costs L1 + L2
    products and not L1 * L2.
    """
    total = float(np.sum(left.rows * right.rows))
    squares = float(np.sum(left.gram * right.gram))
    return _moments(total, squares, left.rows.shape[0], left.norm * right.norm)


def cross_moments(cross: Matrix, scale: float) -> PermutationMoments:
    """The same from the (n, n) matrix of all row products.

    `cross` is centred over rows and columns here; `scale` is the value T
    would have if the two sides were equal.
    """
    centred = doubly_centred(cross)
    squares = float(np.sum(centred * centred))
    return _moments(float(np.trace(centred)), squares, cross.shape[0], scale)


def doubly_centred(cross: Matrix) -> Matrix:
    """`cross` less its row means and column means: H cross H."""
    centred: Matrix = cross - cross.mean(axis=0, keepdims=True)
    centred -= centred.mean(axis=1, keepdims=True)
    return centred


def normal_tail(z: float) -> float:
    """One-sided tail of the standard normal distribution."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def rows_p_value(left: RowSet, right: RowSet, moments: PermutationMoments) -> float:
    """One-sided p-value of the paired rows; see `p_value`."""
    if moments.z <= NORMAL_UP_TO:
        return normal_tail(moments.z)
    return p_value(left.rows @ right.rows.T, moments)


def p_value(cross: Matrix, moments: PermutationMoments) -> float:
    """One-sided p-value; `cross` is doubly centred, `moments` are its own.

    Up to z = 3 the normal tail. Beyond it no normal approximation: a few
    rows that stand out in both sides give large z far more often than a
    normal would, so the p-value is the smaller of the tail at 3 and a proven
    bound. Never 0.
    """
    if moments.z <= NORMAL_UP_TO:
        return normal_tail(moments.z)
    return min(normal_tail(NORMAL_UP_TO), math.exp(log_tail_bound(cross, moments)))


def log_tail_bound(cross: Matrix, moments: PermutationMoments) -> float:
    """Logarithm of an upper bound on P(T_pi >= T), over all n! orders.

    By Markov, P <= exp(-theta T) perm(M) / n! with M_ij = exp(theta c_ij),
    and perm(M) <= n! n^(-n/2) prod_i ||M_i||_2 over rows or over columns.
    It holds for every theta > 0; the best of a fixed grid is taken, down to
    `LEAST_LOG_P`.

    Source: E. Carlen, E. Lieb, M. Loss, An inequality of Hadamard type for
    permanents, Methods and Applications of Analysis 13 (2006).
    """
    deviation = math.sqrt(moments.variance)
    best = 0.0
    for step in BOUND_GRID:
        theta = step / deviation
        growth = min(
            _half_log_means(cross, 2.0 * theta), _half_log_means(cross.T, 2.0 * theta)
        )
        best = min(best, growth - theta * moments.total)
        if best <= LEAST_LOG_P:
            return LEAST_LOG_P
    return best


def _half_log_means(cross: Matrix, exponent: float) -> float:
    """Sum over rows of half the log of the mean of exp(exponent * entry)."""
    total = 0.0
    for start in range(0, cross.shape[0], TILE_ROWS):
        powers = exponent * cross[start : start + TILE_ROWS]
        peak = powers.max(axis=1)
        means = np.exp(powers - peak[:, None]).mean(axis=1)
        total += 0.5 * float(np.sum(peak + np.log(means)))
    return total


def _moments(
    total: float, squares: float, rows: int, scale: float
) -> PermutationMoments:
    variance = squares / max(rows - 1, 1)
    flat = not variance > 0.0 or not scale > 0.0
    z = 0.0 if flat else total / math.sqrt(variance)
    correlation = 0.0 if flat else total / scale
    return PermutationMoments(total, variance, z, correlation, rows)
