"""Does one model gain more on chosen items than reference models do?

The chosen items may simply be easier, so what counts is the model's gap
between them and the others less the references' gap on the same items. Two
things can feign a gain: which items were drawn, and that models differ in
such gaps for innocent reasons. The p-value answers both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr

from dokja.statistics.clustered import (
    ClusteredStatistic,
    ClusterIndex,
    Mask,
    Scores,
    clustered_mean,
    contrast,
)

FEWEST_REFERENCES = 3
"""Below this the spread between models is not seen, and there is no p-value."""


@dataclass(frozen=True)
class Gain:
    """A model's gap over the mean gap of the references."""

    statistic: ClusteredStatistic
    own_gap: float
    reference_gaps: tuple[float, ...]
    p_items: float | None
    """One-sided, over items: the clustered t-test."""
    p_models: float | None
    """One-sided, over models: is the gap one more of the references' kind?"""

    @property
    def p_value(self) -> float | None:
        """The larger of the two; None unless both could be computed.

        Where either explanation holds alone, the larger is above 0.05 in at
        least 95 % of cases (R. Berger, Technometrics 24 (1982): a test of a
        union of hypotheses needs no correction).
        """
        if self.p_items is None or self.p_models is None:
            return None
        return max(self.p_items, self.p_models)


def gain_on_chosen(
    own: Scores, references: Scores, chosen: Mask, clusters: ClusterIndex
) -> Gain:
    """Gain of (n,) own scores over (R, n) references, on the chosen of n items."""
    net = own - references.mean(axis=0) if len(references) else own
    gaps = tuple(_gap(scores, chosen) for scores in references)
    return _gain(contrast(net, chosen, clusters), _gap(own, chosen), gaps)


def gain_on_differences(
    own: Scores, references: Scores, clusters: ClusterIndex
) -> Gain:
    """The same of (n,) and (R, n) differences between two versions of each item."""
    net = own - references.mean(axis=0) if len(references) else own
    gaps = tuple(float(scores.mean()) for scores in references)
    return _gain(clustered_mean(net, clusters), float(own.mean()), gaps)


def prediction_p_value(value: float, others: npt.NDArray[np.float64]) -> float | None:
    """One-sided p-value of a value as one more draw of what the others are.

    Student's t of the prediction error, s sqrt(1 + 1/R), with R - 1 degrees of
    freedom. None below `FEWEST_REFERENCES`, and where the others are all alike,
    which says nothing of how far one may lie from them.

    Source: G. Hahn, W. Meeker, Statistical Intervals (1991), prediction of one
    further observation from a normal sample.
    """
    count = len(others)
    if count < FEWEST_REFERENCES:
        return None
    spread = float(others.std(ddof=1))
    if not spread > 0:
        return None
    distance = (value - float(others.mean())) / (spread * math.sqrt(1 + 1 / count))
    return float(stdtr(count - 1, -distance))


def _gain(
    statistic: ClusteredStatistic, own_gap: float, gaps: tuple[float, ...]
) -> Gain:
    return Gain(
        statistic=statistic,
        own_gap=own_gap,
        reference_gaps=gaps,
        p_items=statistic.upper_p_value(),
        p_models=prediction_p_value(own_gap, np.asarray(gaps)),
    )


def _gap(scores: Scores, chosen: Mask) -> float:
    return float(scores[chosen].mean() - scores[~chosen].mean())
