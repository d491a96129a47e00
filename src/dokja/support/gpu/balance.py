"""Delivered against promised, in normalised GPU-hours, from the daily records.

For each stretch of a day in which the shares of a pool do not change:
promised = GPUs x units x hours of the team; delivered = promised x min(1, usable
GPUs / GPUs given to all teams) x min(1, throughput / promised throughput) while the
pool is accepted, else 0; lost = promised - delivered. Counted in fractions, rounded
once at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from dokja.evidence.values import quantise
from dokja.support.gpu.book import GpuBook
from dokja.support.gpu.pool import PoolRecord
from dokja.support.gpu.values import DeliveredDay, GpuBalance, GpuPool, GpuShare
from dokja.support.terms import Terms
from dokja.support.values import Window

PLACES = 2
"""Decimals of normalised GPU-hours that are shown and recorded."""
_DAY = timedelta(days=1)


@dataclass
class Hours:
    """Normalised GPU-hours of one team, exactly."""

    promised: Fraction = Fraction(0)
    delivered: Fraction = Fraction(0)
    lost: Fraction = Fraction(0)


@dataclass(frozen=True, kw_only=True)
class SharedPool:
    """A pool with what happened to it and who was promised what of it."""

    pool: GpuPool
    record: PoolRecord
    shares: tuple[GpuShare, ...]
    units: Fraction
    """Normalised GPUs that one of its GPUs counts as."""


def shared_pool(
    book: GpuBook, pool: str, record: PoolRecord, *, terms: Terms
) -> SharedPool:
    """The pool as the book and its own record have it."""
    found = book.pools[pool]
    return SharedPool(
        pool=found,
        record=record,
        shares=tuple(share for share in book.shares if share.pool == pool),
        units=Fraction(terms.units_of(found.gpu_type)),
    )


def team_hours(
    shared: SharedPool,
    *,
    until: datetime,
    counts: Callable[[date], bool] = lambda _: True,
) -> dict[str, Hours]:
    """Per team the hours of the days that count, up to a moment."""
    found: dict[str, Hours] = defaultdict(Hours)
    for stretch in _stretches(shared, until):
        if counts(stretch.begins.date()):
            _add_stretch(found, shared, stretch)
    return found


def hours_by_day(
    shared: SharedPool, *, until: datetime
) -> dict[date, dict[str, Hours]]:
    """Per day of the pool and team the hours, up to a moment."""
    found: dict[date, dict[str, Hours]] = {}
    for stretch in _stretches(shared, until):
        day = found.setdefault(stretch.begins.date(), defaultdict(Hours))
        _add_stretch(day, shared, stretch)
    return found


def gpu_balances(
    book: GpuBook,
    records: Mapping[str, PoolRecord],
    *,
    terms: Terms,
    until: datetime,
) -> tuple[GpuBalance, ...]:
    """What every team was promised of every pool until now, and what became of it."""
    found = []
    for name in sorted(book.pools):
        record = records.get(name, PoolRecord())
        shared = shared_pool(book, name, record, terms=terms)
        hours = team_hours(shared, until=until)
        found += [_balance(team, shared, hours[team]) for team in sorted(hours)]
    return tuple(found)


def expected_balances(
    book: GpuBook,
    records: Mapping[str, PoolRecord],
    window: Window,
    *,
    terms: Terms,
    now: datetime,
) -> tuple[GpuBalance, ...]:
    """What every team will have had of every pool within a time of development.

    Until now what was delivered or made up for; from now on what is promised. Days
    before the window count for nobody.
    """
    found = []
    for name in sorted(book.pools):
        record = records.get(name, PoolRecord())
        shared = shared_pool(book, name, record, terms=terms)
        whole = _within(shared, window, until=window.ends)
        past = _within(shared, window, until=min(now, window.ends))
        for team in sorted(whole):
            own, done = whole[team], past.get(team, Hours())
            to_come = own.promised - done.promised
            hours = Hours(own.promised, done.delivered + to_come, done.lost)
            found.append(_balance(team, _since(shared, window), hours))
    return tuple(found)


def rounded(hours: Fraction) -> Decimal:
    """Hours as they are shown and recorded."""
    exact = Decimal(hours.numerator) / Decimal(hours.denominator)
    return quantise(exact, places=PLACES)


def hours_between(begins: datetime, ends: datetime) -> Fraction:
    """Hours of the time between two moments, exactly."""
    span = ends - begins
    return Fraction(span // timedelta(microseconds=1), 3_600_000_000)


def teams_short(
    totals: Mapping[str, Fraction], *, terms: Terms, settled: Collection[str]
) -> tuple[str, ...]:
    """Teams that lack more than the tolerance and were not made up for."""
    most = max(totals.values(), default=Fraction(0))
    least = most * (1 - Fraction(terms.rules.tolerance))
    return tuple(t for t in sorted(totals) if totals[t] < least and t not in settled)


def _within(shared: SharedPool, window: Window, *, until: datetime) -> dict[str, Hours]:
    first = window.begins.astimezone(shared.pool.window.begins.tzinfo).date()
    return team_hours(shared, until=until, counts=lambda day: day >= first)


def _since(shared: SharedPool, window: Window) -> SharedPool:
    """The pool with the incidents that reach into the window."""
    first = window.begins.date()
    incidents = {
        name: incident
        for name, incident in shared.record.incidents.items()
        if any(day >= first for day in incident.days)
    }
    return replace(shared, record=replace(shared.record, incidents=incidents))


def _balance(team: str, shared: SharedPool, hours: Hours) -> GpuBalance:
    granted = [
        credit
        for incident in shared.record.incidents.values()
        for credit in incident.credits
        if credit.team == team
    ]
    promised, delivered = rounded(hours.promised), rounded(hours.delivered)
    # What is left is one of two, so that what is shown adds up to the last digit.
    is_whole = hours.promised == hours.delivered + hours.lost
    lost = promised - delivered if is_whole else rounded(hours.lost)
    return GpuBalance(
        team=team,
        pool=shared.pool.id,
        promised=promised,
        delivered=delivered,
        lost=lost,
        unrecorded=promised - delivered - lost,
        compensated=sum((credit.lost for credit in granted), Decimal(0)),
        extra_hours=sum(credit.hours for credit in granted),
    )


def _stretches(shared: SharedPool, until: datetime) -> Iterator[Window]:
    """Stretches within one day in which neither shares nor acceptance change."""
    if not shared.shares:
        return
    zone = shared.pool.window.begins.tzinfo
    cuts = {until}
    for share in shared.shares:
        cuts |= {share.window.begins, share.window.ends}
    cuts |= {each.test.at for each in shared.record.tests}
    first, last = min(cuts), min(max(cuts), until)
    day = datetime.combine(first.astimezone(zone).date(), time(), tzinfo=zone)
    while day < last:
        inner = {at.astimezone(zone) for at in cuts if day < at < day + _DAY}
        edges = sorted({day, day + _DAY, *inner})
        for begins, ends in pairwise(edges):
            if begins < until:
                yield Window(begins=begins, ends=ends)
        day += _DAY


def _add_stretch(found: dict[str, Hours], shared: SharedPool, stretch: Window) -> None:
    active = [share for share in shared.shares if share.window.holds(stretch)]
    given = sum(share.gpus for share in active)
    ratio = _delivered_ratio(shared, stretch, given)
    for share in active:
        own = found[share.team]
        promised = (
            share.gpus * shared.units * hours_between(stretch.begins, stretch.ends)
        )
        own.promised += promised
        if ratio is not None:
            own.delivered += promised * ratio
            own.lost += promised * (1 - ratio)


def _delivered_ratio(
    shared: SharedPool, stretch: Window, given: int
) -> Fraction | None:
    """Part of what was promised that was delivered; None where nobody recorded it."""
    if not shared.record.accepted_at(stretch.begins):
        return Fraction(0)
    day = shared.record.days.get(stretch.begins.date())
    return None if day is None or not given else _ratio(day, shared.pool, given)


def _ratio(day: DeliveredDay, pool: GpuPool, given: int) -> Fraction | None:
    if day.usable == 0:
        return Fraction(0)
    if day.throughput is None:
        return None
    speed = Fraction(day.throughput) / Fraction(pool.promised.value)
    return min(Fraction(1), Fraction(day.usable, given)) * min(Fraction(1), speed)


def totals_of(balances: Sequence[GpuBalance]) -> dict[str, Fraction]:
    """Per team the normalised GPU-hours that were delivered or made up for by time."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for each in balances:
        found[each.team] += Fraction(each.delivered) + Fraction(each.compensated)
    return dict(found)
