"""Means, paired differences and contrasts of item scores, with clustered errors.

Items that share a passage, a template or a source do not err independently,
so they enter as one cluster. All formulas are of the form: the statistic is a
sum of item influences, and its variance is G/(G-1) times the sum of squared
cluster totals of them.

Source: E. Miller, Adding Error Bars to Evals, arXiv 2411.00640 (2024): clustered
standard errors, resampled answers, paired differences.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from dokja.evidence.values import Estimate

Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NO_VARIATION = 1e-12
"""Error over the largest score below which only rounding is left of it."""


@dataclass(frozen=True, eq=False)
class ClusterIndex:
    """Which cluster each item belongs to."""

    codes: npt.NDArray[np.intp]
    """(n,) 0 to groups - 1."""
    sizes: Scores
    """(groups,) items in each cluster."""

    @property
    def items(self) -> int:
        """Number of items."""
        return len(self.codes)

    @property
    def groups(self) -> int:
        """Number of clusters."""
        return len(self.sizes)

    def of(self, chosen: Mask) -> ClusterIndex:
        """The index of the chosen items alone."""
        _, codes = np.unique(self.codes[chosen], return_inverse=True)
        return ClusterIndex(codes, np.bincount(codes).astype(np.float64))


@dataclass(frozen=True)
class ClusteredStatistic:
    """A mean or contrast with its standard error and degrees of freedom."""

    value: float
    error: float | None
    """None below two clusters, or where no item differs from another."""
    freedom: int

    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """Central 95 % interval of Student's t; None without an error."""
        if self.error is None:
            return None, None
        reach = float(stdtrit(self.freedom, 0.975)) * self.error
        return self.value - reach, self.value + reach

    def upper_p_value(self) -> float | None:
        """One-sided p-value of "not above 0"; None without an error."""
        if self.error is None:
            return None
        return float(stdtr(self.freedom, -self.value / self.error))

    def estimate(self, *, n: int, method: str, source: str) -> Estimate:
        """The statistic as a published number."""
        low, high = self.interval()
        return Estimate(
            value=self.value, low=low, high=high, n=n, method=method, source=source
        )


def cluster_index(names: Sequence[str]) -> ClusterIndex:
    """The index of clusters given by name, numbered in the order of the names."""
    _, codes = np.unique(np.asarray(names), return_inverse=True)
    return ClusterIndex(codes, np.bincount(codes).astype(np.float64))


def single_items(count: int) -> ClusterIndex:
    """The index of items that stand alone."""
    return ClusterIndex(np.arange(count), np.ones(count))


def item_means(scores: Scores) -> tuple[Scores, int]:
    """(n,) mean score of each item over its repeats, and the number of repeats.

    `scores` is (n,), asked once, or (n, K). A repeat that failed has no score,
    so items of unequal K are not averaged here: the run is incomplete.
    """
    if scores.ndim == 1:
        return scores, 1
    return scores.mean(axis=1), scores.shape[1]


def clustered_mean(scores: Scores, clusters: ClusterIndex) -> ClusteredStatistic:
    """Mean of (n,) scores with its clustered error.

    Cluster sums come first and are exact for counts, so that neither the order
    of the items nor the way they were split moves the result.
    """
    sums = np.bincount(clusters.codes, weights=scores, minlength=clusters.groups)
    mean = float(sums.sum()) / clusters.items
    residual = sums - mean * clusters.sizes
    np.square(residual, out=residual)
    error = _error(float(residual.sum()) / clusters.items**2, clusters.groups, scores)
    return ClusteredStatistic(mean, error, max(clusters.groups - 1, 0))


def clustered_error(scores: Scores, clusters: ClusterIndex) -> float:
    """Standard error of the mean when items of a cluster are related.

    Infinite for a single cluster, from which no variance can be seen; 0 where
    no item differs from another.
    """
    found = clustered_mean(scores, clusters)
    if found.error is not None:
        return found.error
    return math.inf if clusters.groups < 2 else 0.0


def mean_estimate(scores: Scores, clusters: ClusterIndex, *, source: str) -> Estimate:
    """Mean of (n,) or (n, K) scores on any scale, with a 95 % interval.

    For rates near 0 or 1, or of few items, use `proportion.rate`.
    """
    items, repeats = item_means(scores)
    method = f"mean/clustered-t/G={clusters.groups}/K={repeats}/0.95"
    return clustered_mean(items, clusters).estimate(
        n=clusters.items, method=method, source=source
    )


def paired_estimate(
    left: Scores, right: Scores, clusters: ClusterIndex, *, source: str
) -> Estimate:
    """Mean difference of two models on the same items, with a 95 % interval.

    Each side is (n,) or (n, K); the numbers of repeats may differ.
    """
    left_items, left_repeats = item_means(left)
    right_items, right_repeats = item_means(right)
    return clustered_mean(left_items - right_items, clusters).estimate(
        n=clusters.items,
        method=f"paired-difference/clustered-t/G={clusters.groups}/"
        f"K={left_repeats},{right_repeats}/0.95",
        source=source,
    )


def contrast(
    scores: Scores, chosen: Mask, clusters: ClusterIndex
) -> ClusteredStatistic:
    """Mean of the chosen items less the mean of the others, clustered.

    The error is that of regressing the scores on an indicator of the chosen
    items, so it sees the pairing wherever a cluster holds items of both kinds
    (a question and its twin). Degrees of freedom and the small-sample factor
    are those of the kind with fewer clusters. Raises: ValueError unless both
    kinds occur.

    Source: K.-Y. Liang, S. Zeger, Biometrika 73 (1986); A. C. Cameron,
    D. L. Miller, Journal of Human Resources 50 (2015), section VI, on few
    clusters of one kind.
    """
    inside, outside = scores[chosen], scores[~chosen]
    if not len(inside) or not len(outside):
        raise ValueError("a contrast needs chosen items and others")
    value = float(inside.mean() - outside.mean())
    influence = np.where(
        chosen,
        (scores - inside.mean()) / len(inside),
        (outside.mean() - scores) / len(outside),
    )
    sums = np.bincount(clusters.codes, weights=influence, minlength=clusters.groups)
    groups = min(clusters.of(chosen).groups, clusters.of(~chosen).groups)
    error = _error(float(np.square(sums).sum()), groups, scores)
    return ClusteredStatistic(value, error, max(groups - 1, 0))


def differs(left: Scores, right: Scores, clusters: ClusterIndex) -> bool:
    """Whether two models' scores on the same items differ at 95 %, paired.

    Two-sided t with clusters minus one degrees of freedom on the clustered
    error of the differences. Equal scores never differ; a difference that is
    the same on every item always does.
    """
    found = clustered_mean(left - right, clusters)
    if found.error is None:
        return clusters.groups > 1 and found.value != 0
    return abs(found.value) / found.error > float(stdtrit(found.freedom, 0.975))


def _error(squares: float, groups: int, scores: Scores) -> float | None:
    if groups < 2:
        return None
    error = math.sqrt(groups / (groups - 1) * squares)
    largest = max(float(scores.max()), -float(scores.min()))
    return error if error > NO_VARIATION * largest else None
