"""What a part of the Diffusion Index is worth, and how one without a figure counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import (
    DiffusionMeasure,
    DiffusionPart,
    MissingPart,
    PartScale,
)
from dokja.standing.indices.figures import LOWER_IS_BETTER, Figure, Found
from dokja.standing.indices.values import DiffusionPartValue, PartCounting
from dokja.standing.indices.words import NOT_POSITIVE, REFERENCE_LACKS
from dokja.statistics.bayesian_bootstrap import Draws, expanded_interval

_COUNTING = {
    MissingPart.UNDETERMINED: PartCounting.UNDETERMINED,
    MissingPart.LEFT_OUT: PartCounting.LEFT_OUT,
    MissingPart.WORST: PartCounting.WORST,
}


@dataclass(frozen=True, eq=False)
class PartWorth:
    """A part as published, with the draws of its value where it has one."""

    part: DiffusionPartValue
    figure: Figure | None


def part_worth(part: DiffusionPart, own: Found, reference: Found) -> PartWorth:
    """The part's value from the team's figure and, on a log scale, the reference's."""
    if part.scale is PartScale.SHARE:
        if isinstance(own, Text):
            return _missing(part, own, None)
        return _counted(part, own, None, times=None, value=own)
    if isinstance(reference, Text) or not reference.estimate.value > 0:
        return _missing(part, REFERENCE_LACKS, own, may_count=False)
    if isinstance(own, Text):
        return _missing(part, own, None, reference=reference)
    if not (own.estimate.value > 0 and own.draws.min() > 0):
        return _missing(part, NOT_POSITIVE, own, reference=reference)
    times = _times(part.measure, own, reference)
    return _counted(part, own, reference, times=times, value=_on_log_scale(part, times))


def _times(measure: DiffusionMeasure, own: Figure, reference: Figure) -> Figure:
    """How many times as good as the reference, draw by draw."""
    better, worse = own, reference
    if measure in LOWER_IS_BETTER:
        better, worse = reference, own
    draws = better.draws / worse.draws
    freedom = min(own.freedom, reference.freedom)
    low, high = drawn_interval(draws, freedom)
    estimate = Estimate(
        value=better.estimate.value / worse.estimate.value,
        low=low,
        high=high,
        n=own.estimate.n,
        method=f"times-as-good/{own.estimate.method}",
        source=f"{own.estimate.source} against {reference.estimate.source}",
    )
    return Figure(estimate, draws, freedom)


def _on_log_scale(part: DiffusionPart, times: Figure) -> Figure:
    assert part.times_at_zero is not None  # index_rule_problems refuses its absence
    assert part.times_at_full is not None
    zero, full = math.log(part.times_at_zero), math.log(part.times_at_full)
    draws = (np.log(times.draws) - zero) / (full - zero)
    low, high = drawn_interval(draws, times.freedom)
    estimate = Estimate(
        value=(math.log(times.estimate.value) - zero) / (full - zero),
        low=low,
        high=high,
        n=times.estimate.n,
        method=f"log-scale/0={part.times_at_zero}x/1={part.times_at_full}x/"
        f"{times.estimate.method}",
        source=times.estimate.source,
    )
    return Figure(estimate, draws, times.freedom)


def _counted(
    part: DiffusionPart,
    own: Figure,
    reference: Figure | None,
    *,
    times: Figure | None,
    value: Figure,
) -> PartWorth:
    found = DiffusionPartValue(
        part=part.id,
        measure=part.measure,
        scale=part.scale,
        weight=part.weight,
        figure=own.estimate,
        reference=None if reference is None else reference.estimate,
        times=None if times is None else times.estimate,
        value=value.estimate,
        counting=PartCounting.COUNTED,
    )
    return PartWorth(found, value)


def _missing(
    part: DiffusionPart,
    reason: Text,
    own: Found | None,
    *,
    reference: Figure | None = None,
    may_count: bool = True,
) -> PartWorth:
    """The part without a value, counted as the rules say a missing one counts.

    Where it is the reference that lacks the figure, no rule about teams applies.
    """
    counting = _COUNTING[part.on_missing] if may_count else PartCounting.UNDETERMINED
    worst = counting is PartCounting.WORST
    found = DiffusionPartValue(
        part=part.id,
        measure=part.measure,
        scale=part.scale,
        weight=part.weight,
        figure=own.estimate if isinstance(own, Figure) else None,
        reference=None if reference is None else reference.estimate,
        times=None,
        value=_as_worst() if worst else None,
        counting=counting,
        reason=reason,
    )
    return PartWorth(found, None)


def _as_worst() -> Estimate:
    return Estimate(
        value=0.0,
        low=None,
        high=None,
        n=0,
        method="missing part counts as 0 by the rules",
        source="on_missing = worst",
    )


def drawn_interval(
    draws: Draws, freedom: float
) -> tuple[float, float] | tuple[None, None]:
    """Interval of draws; None where nothing was sampled, or one cluster was."""
    recorded = math.isinf(freedom) and draws.min() == draws.max()
    if recorded or freedom < 1:
        return None, None
    return expanded_interval(draws, freedom=freedom)
