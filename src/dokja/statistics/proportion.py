"""Accuracies with intervals that hold near 0 and 1 and for related items."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from dokja.evidence.values import Estimate

Z_95 = 1.959963984540054
"""Standard normal quantile of 0.975."""


def wilson_interval(share: float, n: float) -> tuple[float, float]:
    """95 % interval of a proportion seen on `n` (possibly effective) items.

    Source: Wilson 1927, JASA 22:209, score interval.
    """
    centre = share + Z_95**2 / (2 * n)
    spread = Z_95 * math.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    scale = 1 + Z_95**2 / n
    # Rounding may put an end a hair inside the share it must enclose.
    return min(share, (centre - spread) / scale), max(share, (centre + spread) / scale)


def accuracy(
    scores: Sequence[int], clusters: Sequence[str], *, source: str
) -> Estimate:
    """Share of ones with a 95 % interval; items of a cluster stand together.

    Wilson on the effective number of items, which is what the clustered
    standard error says the items are worth, never more than their count.
    Below two clusters there is no interval. `scores` must not be empty.
    """
    n = len(scores)
    share = sum(scores) / n
    if len(set(clusters)) < 2:
        return Estimate(
            value=share, low=None, high=None, n=n, method="mean", source=source
        )
    error = clustered_error(np.asarray(scores, dtype=np.float64), clusters)
    binomial = share * (1 - share) / n
    effective = n if error**2 <= binomial else n * binomial / error**2
    low, high = wilson_interval(share, effective)
    return Estimate(
        value=share,
        low=low,
        high=high,
        n=n,
        method="wilson/cluster-effective-n/0.95",
        source=source,
    )


def clustered_error(scores: npt.NDArray[np.float64], clusters: Sequence[str]) -> float:
    """Standard error of the mean when items of a cluster are related.

    Infinite for a single cluster, from which no variance can be seen.
    Source: Miller 2024, arXiv 2411.00640, clustered standard error with the
    G/(G-1) correction.
    """
    centred = scores - scores.mean()
    _, group = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.bincount(group, weights=centred)
    groups = len(sums)
    if groups < 2:
        return math.inf
    variance = groups / (groups - 1) * float(sums @ sums) / len(scores) ** 2
    return math.sqrt(variance)


def differs(left: Sequence[int], right: Sequence[int], clusters: Sequence[str]) -> bool:
    """Whether two models' scores on the same items differ at 95 %, paired.

    Two-sided t with clusters minus one degrees of freedom on the clustered
    error of the differences. Equal scores never differ.
    """
    difference = np.asarray(left, dtype=np.float64) - np.asarray(right)
    error = clustered_error(difference, clusters)
    if not math.isfinite(error) or not difference.any():
        return False
    mean = abs(float(difference.mean()))
    if error == 0:
        return mean > 0
    return mean / error > float(stdtrit(len(set(clusters)) - 1, 0.975))
