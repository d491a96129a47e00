"""Krippendorff's alpha for interval data, with raters reweighted for its interval.

Source: K. Krippendorff, Content Analysis, 4th ed. (2019), section 12.3, interval
difference. Our own lines: the interval wants raters with weights, which no
package takes, and the tests hold the value against evalica's.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Estimate
from dokja.statistics.bayesian_bootstrap import (
    expanded_interval,
    shared_weights,
    unbiased,
)

Array = npt.NDArray[np.float64]

SOURCE = "Krippendorff 2019, section 12.3; Rubin 1981"
DRAWS = 2000


def interval_alpha(scores: Array, weights: Array | None = None) -> Array:
    """(draws,) alpha of scores (raters, units); NaN is a score not given.

    Args: weights (draws, raters), all ones where left out. A unit counts where
    two raters scored it. NaN where no two values differ.
    """
    given = ~np.isnan(scores)
    usable = given.sum(axis=0) > 1
    seen = np.where(given, scores, 0.0)[:, usable]
    w = np.ones((1, len(scores))) if weights is None else weights
    present = given[:, usable].astype(np.float64)
    sums, squares = w @ (present * seen), w @ (present * seen**2)
    mass, own = w @ present, w**2 @ present
    inside = 2 * (mass * squares - sums**2)
    pairs = mass**2 - own
    total = mass.sum(axis=1)
    observed = (inside * mass / pairs).sum(axis=1) / total
    spread = 2 * (total * squares.sum(axis=1) - sums.sum(axis=1) ** 2)
    expected = spread / (total**2 - own.sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(spread > 1e-12, 1 - observed / expected, np.nan)


def alpha_estimate(scores: Array, *, seed: int) -> Estimate | None:
    """Alpha of (raters, units) with an interval over raters; None without spread.

    Raters are reweighted and not drawn twice: a rater drawn twice would agree
    with themselves.
    """
    if not (~np.isnan(scores)).sum(axis=0).max(initial=0) > 1:
        return None
    value = float(interval_alpha(scores)[0])
    if np.isnan(value):
        return None
    raters = int((~np.isnan(scores)).any(axis=1).sum())
    low = high = None
    if raters > 2:
        weights = shared_weights(seed, draws=DRAWS, units=len(scores))
        drawn = unbiased(interval_alpha(scores, weights), value, units=raters)
        low, high = expanded_interval(drawn, freedom=raters - 1)
    return Estimate(
        value=value,
        low=low,
        high=None if high is None else min(high, 1.0),
        n=raters,
        method=f"krippendorff-alpha/interval/bayesian-bootstrap-of-raters/{DRAWS}/philox",
        source=SOURCE,
    )
