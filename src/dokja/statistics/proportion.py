"""Rates with intervals that hold near 0 and 1 and for few or related items."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import structs
from scipy.special import betaincinv, stdtrit

from dokja.evidence.seeds import uniform_draws
from dokja.evidence.values import Estimate
from dokja.statistics.clustered import (
    ClusterIndex,
    Scores,
    cluster_index,
    clustered_error,
    item_means,
)

Z_95 = 1.959963984540054
"""Standard normal quantile of 0.975."""


def wilson_interval(share: float, n: float) -> tuple[float, float]:
    """95 % interval of a proportion seen on `n` (possibly effective) items.

    Source: Wilson 1927, JASA 22:209, score interval.
    """
    centre = share + Z_95**2 / (2 * n)
    spread = Z_95 * math.sqrt(share * (1 - share) / n + Z_95**2 / (4 * n * n))
    scale = 1 + Z_95**2 / n
    # Rounding may put an end a hair inside the share it must enclose, or off 0 to 1.
    low = max(0.0, min(share, (centre - spread) / scale))
    return low, min(1.0, max(share, (centre + spread) / scale))


def jeffreys_interval(share: float, n: float) -> tuple[float, float]:
    """95 % interval of a proportion: quantiles of its Beta(1/2, 1/2) posterior.

    At a share of 0 or 1 the end on that side is the share itself.

    Source: L. Brown, T. Cai, A. DasGupta, Statistical Science 16 (2001), the
    Jeffreys interval with its ends as modified there.
    """
    ones, zeros = n * share + 0.5, n * (1 - share) + 0.5
    low = 0.0 if share == 0 else float(betaincinv(ones, zeros, 0.025))
    high = 1.0 if share == 1 else float(betaincinv(ones, zeros, 0.975))
    return low, high


def drawn_share(share: float, draws: int, *, method: str, source: str) -> Estimate:
    """A share of simulated draws, with the interval of their Monte-Carlo error."""
    low, high = wilson_interval(share, draws)
    return Estimate(
        value=share,
        low=low,
        high=high,
        n=draws,
        method=f"{method}; interval: wilson over draws (Monte-Carlo error)",
        source=source,
    )


def rate_draws(
    seed: int, share: float, n: float, *, draws: int
) -> npt.NDArray[np.float64]:
    """(draws,) of a rate's Beta(1/2, 1/2) posterior, where a bootstrap has no spread.

    Reweighting items that were all right (or all wrong) never shows another
    rate; these draws do. They share nothing with another team's.

    Source: as `jeffreys_interval`; by inversion of Philox uniforms.
    """
    found: npt.NDArray[np.float64] = betaincinv(
        n * share + 0.5, n * (1 - share) + 0.5, uniform_draws(seed, draws)
    )
    return found


def accuracy(
    scores: Sequence[float], clusters: Sequence[str], *, source: str
) -> Estimate:
    """Share of ones with a 95 % interval; items of a cluster stand together.

    The interval that published bundles name and must re-derive. It is too
    short where there are few clusters (five of twenty items: 90 % covered);
    `rate` is not. Below two clusters there is no interval. `scores` must not
    be empty.
    """
    index = cluster_index(clusters)
    return _wilson(
        np.asarray(scores, dtype=np.float64),
        index,
        Estimate(
            value=sum(scores) / len(scores),
            low=None,
            high=None,
            n=len(scores),
            method="wilson/cluster-effective-n/0.95",
            source=source,
        ),
        worth=1.0,
    )


def rate(scores: Scores, clusters: ClusterIndex, *, source: str) -> Estimate:
    """Mean of (n,) or (n, K) scores between 0 and 1, with a 95 % interval.

    Wilson on the effective number of answers: what the clustered standard
    error says they are worth, never more than their count, and less where few
    clusters leave that error itself uncertain.

    Source: E. Korn, B. Graubard, Survey Methodology 24 (1998): effective size
    times (t(n-1) / t(G-1))^2.
    """
    items, repeats = item_means(scores)
    n, groups = clusters.items, clusters.groups
    worth = 1.0
    if 1 < groups < n:
        worth = float(stdtrit(n - 1, 0.975) / stdtrit(groups - 1, 0.975)) ** 2
    blank = Estimate(
        value=float(items.sum()) / n,
        low=None,
        high=None,
        n=n,
        method=f"wilson/cluster-effective-n/korn-graubard/G={groups}/K={repeats}/0.95",
        source=source,
    )
    return _wilson(items, clusters, blank, answers=n * repeats, worth=worth)


def _wilson(
    items: Scores,
    clusters: ClusterIndex,
    blank: Estimate,
    *,
    worth: float,
    answers: int | None = None,
) -> Estimate:
    """The estimate with its interval; without one, and so named, for one cluster."""
    if clusters.groups < 2:
        return structs.replace(blank, method="mean")
    answers = answers or clusters.items
    variance = clustered_error(items, clusters) ** 2
    variation = blank.value * (1 - blank.value)
    most = variance * answers <= variation
    effective = float(answers) if most else variation / variance
    low, high = wilson_interval(blank.value, worth * effective)
    return structs.replace(blank, low=low, high=high)
