"""What a probe saw, as the figures of a rule."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
from scipy.stats import binom

from dokja.commitment.assess import (
    ANSWERING,
    AVAILABILITY,
    COMMERCIAL,
    DIFFERENCE,
    ENTRIES,
    FORMATS,
    P95,
)
from dokja.commitment.values import MeasuredFigure
from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate
from dokja.statistics.proportion import wilson_interval

_SHARE = 0.95
_TAIL = 0.025


class Request(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request to a service: whether it was answered whole, and in what time."""

    answered: bool
    seconds: float


def endpoint_figures(
    requests: Sequence[Request], *, source: str
) -> tuple[MeasuredFigure, ...]:
    """Availability, and the 95th percentile of the time of what was answered.

    The percentile's interval lies between order statistics (exact for independent
    requests): no shape of the times is assumed. An end that no request reaches is
    missing, so too few requests settle nothing.

    Raises: InvalidInput where nothing was asked.
    """
    if not requests:
        raise InvalidInput("no request was made", remedy="ask at least once")
    share = sum(each.answered for each in requests) / len(requests)
    low, high = wilson_interval(share, len(requests))
    figures = [
        MeasuredFigure(
            name=AVAILABILITY,
            estimate=Estimate(
                value=share, low=low, high=high, n=len(requests),
                method="share of requests answered; 95 % Wilson", source=source,
            ),
        )
    ]  # fmt: skip
    times = sorted(each.seconds for each in requests if each.answered)
    if times:
        figures.append(MeasuredFigure(name=P95, estimate=_percentile(times, source)))
    return tuple(figures)


def licence_figure(*, commercial: bool, source: str) -> MeasuredFigure:
    """Whether the licence of a release lets it be used commercially: 1 or 0."""
    return MeasuredFigure(
        name=COMMERCIAL,
        estimate=_counted(float(commercial), 1, "reading of the licence", source),
    )


def release_figures(
    differences: Mapping[str, float | None], *, source: str
) -> tuple[MeasuredFigure, ...]:
    """Formats that load, and how far the furthest is from the first.

    `differences` holds, by format, the largest difference of a log-probability from
    the first one's, None for a format that does not load.

    Raises: InvalidInput where no format was tried.
    """
    if not differences:
        raise InvalidInput("no format was tried", remedy="name at least one")
    loaded = [value for value in differences.values() if value is not None]
    tried = len(differences)
    figures = [
        MeasuredFigure(
            name=FORMATS,
            estimate=_counted(float(len(loaded)), tried, "formats that load", source),
        )
    ]
    if loaded:
        furthest = _counted(
            max(loaded), tried, "largest difference of a log-probability", source
        )
        figures.append(MeasuredFigure(name=DIFFERENCE, estimate=furthest))
    return tuple(figures)


def catalogue_figures(
    entries: int, answered: Sequence[bool], *, source: str
) -> tuple[MeasuredFigure, ...]:
    """Entries with a manifest, and the share of those tried that answered."""
    figures = [
        MeasuredFigure(
            name=ENTRIES,
            estimate=_counted(float(entries), entries, "entries listed", source),
        )
    ]
    if answered:
        share, tried = sum(answered) / len(answered), len(answered)
        # All of them tried is a count; a part of them is a sample.
        low, high = (None, None) if tried >= entries else wilson_interval(share, tried)
        figures.append(
            MeasuredFigure(
                name=ANSWERING,
                estimate=Estimate(
                    value=share, low=low, high=high, n=tried,
                    method="share of entries that answered a test call", source=source,
                ),
            )
        )  # fmt: skip
    return tuple(figures)


def _percentile(times: Sequence[float], source: str) -> Estimate:
    n = len(times)
    below = int(binom.ppf(_TAIL, n, _SHARE))
    above = int(binom.ppf(1 - _TAIL, n, _SHARE)) + 1
    return Estimate(
        value=times[math.ceil(_SHARE * n) - 1],
        low=times[below - 1] if below > 0 else None,
        high=times[above - 1] if above <= n else None,
        n=n,
        method="95th percentile; 95 % interval between order statistics",
        source=source,
    )


def _counted(value: float, n: int, method: str, source: str) -> Estimate:
    return Estimate(value=value, low=None, high=None, n=n, method=method, source=source)
