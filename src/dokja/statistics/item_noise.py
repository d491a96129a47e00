"""Where the error of a mean comes from: which items, or which answers to them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dokja.statistics.clustered import ClusterIndex, Scores, clustered_mean, item_means


@dataclass(frozen=True)
class MeanNoise:
    """A mean over items with the variance of each of its two sources."""

    mean: float
    variance: float | None
    """Of the mean, both sources together; None where it cannot be seen."""
    run: float | None
    """What asking the same items again would add; None if asked only once."""
    freedom: int
    run_freedom: int
    items: int
    groups: int
    repeats: int

    @property
    def item(self) -> float | None:
        """What drawing other items would add, never below 0."""
        if self.variance is None or self.run is None:
            return None
        return max(0.0, self.variance - self.run)


def mean_noise(scores: Scores, clusters: ClusterIndex) -> MeanNoise:
    """Mean of (n,) or (n, K) scores between 0 and 1, its variance taken apart.

    The clustered variance of item means holds both sources. That of the
    answers alone is seen within items: repeats of a cluster are summed, and
    their spread about the cluster's own mean is the noise of the run. Where no
    item differs from another, the variance is that of the Beta posterior of a
    rate seen on as many answers as there are clusters, since no spread is not
    no error.

    Source: E. Miller, Adding Error Bars to Evals, arXiv 2411.00640 (2024):
    clustered errors, resampled answers; Beta(1/2, 1/2) as in
    `proportion.jeffreys_interval`.
    """
    means, repeats = item_means(scores)
    found = clustered_mean(means, clusters)
    groups = clusters.groups
    variance = None if found.error is None else found.error**2
    if variance is None and groups > 1:
        ones, zeros = groups * found.value + 0.5, groups * (1 - found.value) + 0.5
        variance = ones * zeros / ((groups + 1) ** 2 * (groups + 2))
    return MeanNoise(
        mean=found.value,
        variance=variance,
        run=_run_variance(scores, clusters) if repeats > 1 else None,
        freedom=max(groups - 1, 0),
        run_freedom=groups * (repeats - 1),
        items=clusters.items,
        groups=groups,
        repeats=repeats,
    )


def settled(scores: Scores) -> bool:
    """Whether no item differs from another, so that reweighting moves nothing."""
    means, _ = item_means(scores)
    return bool(math.isclose(means.max(), means.min(), abs_tol=1e-12))


def _run_variance(scores: Scores, clusters: ClusterIndex) -> float:
    """Variance of the mean over fixed items, from (n, K) answers."""
    within = scores - scores.mean(axis=1, keepdims=True)
    repeats = scores.shape[1]
    squares = 0.0
    for repeat in range(repeats):
        sums = np.bincount(
            clusters.codes, weights=within[:, repeat], minlength=clusters.groups
        )
        squares += float(np.square(sums).sum())
    return squares / float(repeats * (repeats - 1) * clusters.items**2)
