"""Bayesian bootstrap whose weights all teams share.

Source: Rubin 1981, Annals of Statistics 9:130. Teams answer the same items,
meet the same experts and the same users, so one draw reweights them alike
and differences keep their pairing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, stdtrit

from dokja.evidence.seeds import exponential_blocks, exponential_draws

Draws = npt.NDArray[np.float64]

BLOCK_WORDS = 1 << 16
"""Weights held at once: half a mebibyte stays in the cache, whatever the sizes."""


def shared_weights(seed: int, *, draws: int, units: int) -> Draws:
    """(draws, units) Exp(1) weights; equal for equal seed and sizes."""
    return exponential_draws(seed, draws * units).reshape(draws, units)


def weighted_shares(weights: Draws, sums: Draws, counts: Draws) -> Draws:
    """(draws,) weighted sum over weighted count.

    Args: weights (draws, units); sums and counts (units,). A unit without
    observations has count 0 and weighs nothing. The products are summed
    unit by unit in order, so that the result does not depend on how a BLAS
    splits a matrix product.
    """
    top = np.zeros(weights.shape[0])
    bottom = np.zeros(weights.shape[0])
    for unit in range(weights.shape[1]):
        top += weights[:, unit] * sums[unit]
        bottom += weights[:, unit] * counts[unit]
    return top / bottom


def shared_shares(seed: int, sums: Draws, counts: Draws, *, draws: int) -> Draws:
    """(draws, teams) weighted shares of all teams, without holding the weights.

    Args: sums (units, teams); counts (units,), the same items for all. The
    weights are those of `shared_weights`, drawn block by block, so memory does
    not grow with units times draws. Each share is one inner product, taken
    by numpy's own loops, of which no BLAS thread sees a part.
    """
    units = len(counts)
    columns = np.ascontiguousarray(np.column_stack([sums, counts]).T)
    rows = max(1, BLOCK_WORDS // units)
    found = np.empty((draws, sums.shape[1]))
    start = 0
    for block in exponential_blocks(seed, draws * units, size=rows * units):
        weights = block.reshape(-1, units)
        totals = np.einsum("du,tu->dt", weights, columns, optimize=False)
        stop = start + len(weights)
        found[start:stop] = totals[:, :-1] / totals[:, -1:]
        start = stop
    return found


def percentile_interval(draws: Draws) -> tuple[float, float]:
    """Central 95 % of the draws, by order statistics without interpolation."""
    low, high = np.quantile(draws, (0.025, 0.975), method="inverted_cdf")
    return float(low), float(high)


def unbiased(draws: Draws, value: float, *, units: int) -> Draws:
    """The draws spread about `value` by the root of (units + 1) / (units - 1).

    Reweighting G units spreads a mean by their variance over G + 1; what is
    wanted is that over G - 1. Below two units nothing can be corrected.

    Source: Rubin 1981 (variance of the draws); T. Hesterberg, The American
    Statistician 69:371 (2015), narrowness bias.
    """
    if units < 2:
        return draws
    return value + math.sqrt((units + 1) / (units - 1)) * (draws - value)


def expanded_interval(draws: Draws, *, freedom: float) -> tuple[float, float]:
    """Central interval of the draws, at the levels Student's t asks for.

    The tails are cut at Phi(-t(0.975)) in place of 0.025, so that few units
    give an interval as long as their own t interval.

    Source: T. Hesterberg, The American Statistician 69:371 (2015), expanded
    percentile interval.
    """
    tail = float(ndtr(-stdtrit(freedom, 0.975)))
    low, high = np.quantile(draws, (tail, 1 - tail), method="inverted_cdf")
    return float(low), float(high)


def satterthwaite(variances: Draws, freedoms: Draws) -> float:
    """Degrees of freedom of a sum of independent parts; infinite without spread.

    Source: F. Satterthwaite, Biometrics Bulletin 2:110 (1946).
    """
    seen = variances > 0
    if not seen.any():
        return math.inf
    parts = variances[seen]
    return float(parts.sum() ** 2 / (parts**2 / freedoms[seen]).sum())


def cluster_totals(
    scores: Sequence[float], clusters: Sequence[str]
) -> tuple[tuple[str, ...], Draws, Draws]:
    """Cluster names in sorted order with (units,) score sums and item counts."""
    names, group = np.unique(np.asarray(clusters), return_inverse=True)
    sums: Draws = np.zeros(len(names))
    np.add.at(sums, group, np.asarray(scores, dtype=np.float64))
    counts = np.bincount(group).astype(np.float64)
    return tuple(str(name) for name in names), sums, counts
