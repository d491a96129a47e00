"""The figures of a rule, from what a probe saw."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
from dokja.commitment.observations import (
    CatalogueSeen,
    EndpointSeen,
    FormatSeen,
    FormatState,
    LicenceReading,
    LicenceSeen,
    ReleaseSeen,
    Request,
    Seen,
)
from dokja.commitment.values import MeasuredFigure
from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate
from dokja.licence.values import Grant
from dokja.statistics.proportion import wilson_interval

_SHARE = 0.95
_TAIL = 0.025


def figures_of(seen: Seen, *, source: str) -> tuple[MeasuredFigure, ...]:
    """Every figure that what was seen allows; none where it settles nothing.

    Raises: InvalidInput where nothing was tried.
    """
    if isinstance(seen, EndpointSeen):
        return endpoint_figures(seen.requests, source=source)
    if isinstance(seen, LicenceSeen):
        commercial = permits_commercial_use(seen)
        if commercial is None:
            return ()
        return (licence_figure(commercial=commercial, source=source),)
    if isinstance(seen, ReleaseSeen):
        return release_figures(seen.formats, source=source)
    return catalogue_figures(seen, source=source)


def endpoint_figures(
    requests: Sequence[Request], *, source: str
) -> tuple[MeasuredFigure, ...]:
    """Availability, and the 95th percentile of the time of what was answered.

    A request that tells nothing may have gone either way: the interval holds both.
    The percentile's interval lies between order statistics (exact for independent
    requests): no shape of the times is assumed. An end that no request reaches is
    missing, so too few requests settle nothing.

    Raises: InvalidInput where nothing was asked.
    """
    if not requests:
        raise InvalidInput("no request was made", remedy="ask at least once")
    known = [each.answered for each in requests if each.answered is not None]
    if not known:
        return ()
    figures = [
        MeasuredFigure(
            name=AVAILABILITY,
            estimate=_share(
                [each.answered for each in requests],
                method="share of requests answered; 95 % Wilson",
                source=source,
            ),
        )
    ]
    times = sorted(each.seconds for each in requests if each.answered)
    if times:
        figures.append(MeasuredFigure(name=P95, estimate=_percentile(times, source)))
    return tuple(figures)


def permits_commercial_use(seen: LicenceSeen) -> bool | None:
    """Whether the release may be used commercially; None where nobody can tell.

    One alternative that allows it is enough, and all have to forbid it for a no. A
    limit of users, revenue or territory is for people to judge.
    """
    by_name = {reading.licence: reading for reading in seen.readings}
    worth = [
        _together([by_name.get(name) for name in names]) for names in seen.alternatives
    ]
    if True in worth:
        return True
    return False if worth and all(each is False for each in worth) else None


def licence_figure(*, commercial: bool, source: str) -> MeasuredFigure:
    """Whether the licence of a release lets it be used commercially: 1 or 0."""
    return MeasuredFigure(
        name=COMMERCIAL,
        estimate=_counted(float(commercial), 1, "reading of the licence", source),
    )


def release_figures(
    formats: Sequence[FormatSeen], *, source: str
) -> tuple[MeasuredFigure, ...]:
    """Formats that load, and how far the furthest is from the first.

    A format that nothing here could try may load or not, and may agree or not: both
    intervals are open to that side.

    Raises: InvalidInput where no format was tried.
    """
    if not formats:
        raise InvalidInput("no format was tried", remedy="name at least one")
    loaded = [each for each in formats if each.state is FormatState.COMPARED]
    untried = sum(each.state is FormatState.UNTRIED for each in formats)
    if untried == len(formats):
        return ()
    count, tried = len(loaded), len(formats)
    load = Estimate(
        value=float(count),
        low=float(count) if untried else None,
        high=float(count + untried) if untried else None,
        n=tried, method="formats that load", source=source,
    )  # fmt: skip
    figures = [MeasuredFigure(name=FORMATS, estimate=load)]
    if len(loaded) > 1 or (loaded and not untried):
        furthest = max((difference(loaded[0], each) for each in loaded), default=0.0)
        figures.append(
            MeasuredFigure(
                name=DIFFERENCE,
                estimate=Estimate(
                    value=furthest,
                    low=furthest if untried else None,
                    high=None,
                    n=sum(len(place) for line in loaded[0].said for place in line),
                    method="largest difference of a log-probability from the first "
                    "format's",
                    source=source,
                ),
            )
        )
    return tuple(figures)


def difference(first: FormatSeen, other: FormatSeen) -> float:
    """The largest difference of a log-probability between two formats."""
    return max(
        (
            abs(mine - theirs)
            for lines in zip(first.said, other.said, strict=True)
            for places in zip(*lines, strict=True)
            for mine, theirs in zip(*places, strict=True)
        ),
        default=0.0,
    )


def catalogue_figures(
    seen: CatalogueSeen, *, source: str
) -> tuple[MeasuredFigure, ...]:
    """Entries with a manifest, and the share of those tried that answered.

    All of them tried is a count; a part of them is a sample of the list.
    """
    tried = seen.tried
    whole = len(tried) >= seen.listed
    if not seen.listed:
        nothing = _counted(0.0, 0, "entries with a manifest", source)
        return (MeasuredFigure(name=ENTRIES, estimate=nothing),)
    figures = []
    if any(each.manifest is not None for each in tried):
        shown = _share(
            [each.manifest for each in tried],
            method="entries listed, times the share of those tried that have a "
            "manifest; 95 % Wilson",
            source=source,
            whole=whole,
        )
        figures.append(
            MeasuredFigure(
                name=ENTRIES, estimate=_times(shown, seen.listed, is_count=whole)
            )
        )
    if any(each.answered is not None for each in tried):
        answering = _share(
            [each.answered for each in tried],
            method="share of entries tried that answered a test call; 95 % Wilson",
            source=source,
            whole=whole,
        )
        figures.append(MeasuredFigure(name=ANSWERING, estimate=answering))
    return tuple(figures)


def _times(share: Estimate, count: int, *, is_count: bool) -> Estimate:
    def times(part: float) -> float:
        return float(round(count * part)) if is_count else count * part

    return msgspec.structs.replace(
        share,
        value=times(share.value),
        low=None if share.low is None else times(share.low),
        high=None if share.high is None else times(share.high),
    )


def _together(readings: Sequence[LicenceReading | None]) -> bool | None:
    """What licences that hold together say of commercial use."""
    known = [each for each in readings if each is not None]
    if any(each.commercial is Grant.FORBIDDEN for each in known):
        return False
    free = [r for r in known if r.commercial is Grant.ALLOWED and not r.limited_by]
    return True if readings and len(free) == len(readings) else None


def _share(
    outcomes: Sequence[bool | None], *, method: str, source: str, whole: bool = False
) -> Estimate:
    """Share of what went well; what tells nothing widens the interval to both sides.

    `whole` where there are no others than these, so that a count is no sample.
    """
    n, good = len(outcomes), sum(each is True for each in outcomes)
    unknown = sum(each is None for each in outcomes)
    most = good + unknown
    low, high = good / n, most / n
    if not whole:
        low, high = wilson_interval(low, n)[0], wilson_interval(high, n)[1]
    exact = whole and not unknown
    return Estimate(
        value=good / (n - unknown),
        low=None if exact else low,
        high=None if exact else high,
        n=n, method=method, source=source,
    )  # fmt: skip


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
