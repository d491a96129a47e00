"""How many items it takes to tell two models apart.

Source: Miller 2024, arXiv 2411.00640, sample size formula: for a gap d,
n = (z_(alpha/2) + z_beta)^2 (w^2 + s_A^2 / K_A + s_B^2 / K_B) / d^2, with w^2
the variance over items of the difference of the models' expected scores and
s^2 the variance of one model's repeated answers to an item.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from scipy.special import ndtri

from dokja.evidence.values import Estimate
from dokja.statistics.clustered import (
    ClusterIndex,
    Scores,
    clustered_mean,
    item_means,
)


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a comparison should be able to do."""

    power: float = 0.8
    """Chance of finding a gap that is there."""
    alpha: float = 0.05
    """Two-sided chance of finding one that is not."""

    @property
    def squared_quantiles(self) -> float:
        """(z_(alpha/2) + z_beta)^2."""
        return float(ndtri(1 - self.alpha / 2) + ndtri(self.power)) ** 2


STANDARD = Target()


@dataclass(frozen=True, kw_only=True)
class PairSpread:
    """How the difference of two models varies, item by item."""

    between: float
    """w^2; holds the answer noise as well where it could not be told apart."""
    left_noise: float | None
    """s_A^2 of one answer; None where each item was asked once."""
    right_noise: float | None
    left_repeats: int = 1
    right_repeats: int = 1
    design_effect: float = 1.0
    """Clustered over plain variance of the mean difference."""

    @property
    def per_item(self) -> float:
        """Variance of the mean difference, times the number of items."""
        noise = (self.left_noise or 0.0) / self.left_repeats
        noise += (self.right_noise or 0.0) / self.right_repeats
        return self.design_effect * (self.between + noise)

    def with_repeats(self, left: int, right: int) -> PairSpread:
        """The spread if items were asked that often instead.

        Raises: ValueError where the noise of an answer was never measured.
        """
        if None in (self.left_noise, self.right_noise):
            raise ValueError("answer noise is unknown where items were asked once")
        return replace(self, left_repeats=left, right_repeats=right)


def pair_spread(left: Scores, right: Scores, clusters: ClusterIndex) -> PairSpread:
    """The spread seen on items that both models answered, each (n,) or (n, K).

    What repeats do not explain is between items, and never below 0. Raises:
    ValueError below two items.
    """
    if clusters.items < 2:
        raise ValueError("one item shows no variance between items")
    left_items, left_repeats = item_means(left)
    right_items, right_repeats = item_means(right)
    difference = left_items - right_items
    plain = float(difference.var(ddof=1))
    left_noise, right_noise = _answer_noise(left), _answer_noise(right)
    explained = (left_noise or 0.0) / left_repeats + (
        right_noise or 0.0
    ) / right_repeats
    error = clustered_mean(difference, clusters).error
    effect = 1.0 if error is None else error**2 * clusters.items / plain
    return PairSpread(
        between=max(0.0, plain - explained),
        left_noise=left_noise,
        right_noise=right_noise,
        left_repeats=left_repeats,
        right_repeats=right_repeats,
        design_effect=effect,
    )


def items_needed(gap: float, spread: PairSpread, target: Target = STANDARD) -> int:
    """Items from which a gap of this size is found with the target's power.

    Raises: ValueError for a gap of 0, which no number of items shows.
    """
    if gap == 0:
        raise ValueError("no number of items separates equal models")
    return math.ceil(target.squared_quantiles * spread.per_item / gap**2)


def gap_detectable(items: int, spread: PairSpread, target: Target = STANDARD) -> float:
    """The least gap that so many items find with the target's power."""
    return math.sqrt(target.squared_quantiles * spread.per_item / items)


def items_to_separate(
    left: Scores,
    right: Scores,
    clusters: ClusterIndex,
    target: Target = STANDARD,
    *,
    source: str,
) -> Estimate | None:
    """Items like these it would take to separate these two; None for equal means.

    The gap seen stands for the true one, so the interval comes from the gap's
    own: `low` from its far end, `high` from its near end, and None where the
    gap may as well be 0.
    """
    spread = pair_spread(left, right, clusters)
    difference = item_means(left)[0] - item_means(right)[0]
    found = clustered_mean(difference, clusters)
    if found.value == 0:
        return None
    low, high = found.interval()
    ends = [] if low is None or high is None else sorted((abs(low), abs(high)))
    apart = low is not None and high is not None and low * high > 0
    return Estimate(
        value=float(items_needed(found.value, spread, target)),
        low=float(items_needed(ends[1], spread, target)) if ends else None,
        high=float(items_needed(ends[0], spread, target)) if apart else None,
        n=clusters.items,
        method=f"power/paired-normal/power={target.power:g}/alpha={target.alpha:g}/"
        f"K={spread.left_repeats},{spread.right_repeats}/G={clusters.groups}",
        source=source,
    )


def _answer_noise(scores: Scores) -> float | None:
    """Mean over items of the variance of their repeated answers."""
    if scores.ndim == 1 or scores.shape[1] < 2:
        return None
    return float(scores.var(axis=1, ddof=1).mean())
