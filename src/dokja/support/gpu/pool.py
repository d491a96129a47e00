"""A pool from its lease to its last day: accepted or not, day by day, incidents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.support.gpu.values import (
    AcceptanceTest,
    AcceptanceTested,
    DayCorrected,
    DaysDelivered,
    DeliveredDay,
    GpuPool,
    Incident,
    IncidentCompensated,
    IncidentFixed,
    IncidentOpened,
    IncidentState,
    Lease,
    LeaseSigned,
    PoolBasis,
    PoolEvent,
    PoolState,
)
from dokja.support.history import events_of
from dokja.support.refusals import Refusal, refuse_first
from dokja.support.terms import Terms

POOL = "gpu_pool"


@dataclass(frozen=True)
class PoolRecord:
    """What happened to a pool so far."""

    lease: Lease | None = None
    tests: tuple[AcceptanceTested, ...] = ()
    days: dict[date, DeliveredDay] = field(default_factory=dict)
    incidents: dict[str, Incident] = field(default_factory=dict)

    @property
    def state(self) -> PoolState:
        """Where the pool stands after its last test."""
        if self.tests:
            last = self.tests[-1]
            return PoolState.ACCEPTED if last.accepted else PoolState.REFUSED
        return PoolState.REGISTERED if self.lease is None else PoolState.LEASED

    def accepted_at(self, at: datetime) -> bool:
        """Whether the last test before or at the moment accepted the pool."""
        before = [each for each in self.tests if each.test.at <= at]
        return bool(before) and before[-1].accepted

    @property
    def compensated_days(self) -> frozenset[date]:
        """Days that an incident has made up for."""
        return frozenset(day for i in self.incidents.values() for day in i.days)


def pool_matter(programme: str, pool: str) -> Matter:
    """Which record the life of a pool is."""
    return Matter(programme=programme, kind=POOL, id=pool)


def pool_record(history: Sequence[Act]) -> PoolRecord:
    """What happened to the pool, act by act."""
    record = PoolRecord()
    event: PoolEvent
    for event in events_of(history, PoolEvent):
        record = _after(record, event)
    return record


def pool_act(
    pool: GpuPool,
    history: Sequence[Act],
    event: PoolEvent,
    *,
    terms: Terms,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act by which the event enters the pool's record.

    Raises: NotAllowed where the pool as it stands forbids it; Conflict where
    somebody has acted since.
    """
    refusals = _problems(pool, pool_record(history), event, mandate)
    refuse_first(refusals, clause=terms.gpu)
    matter = pool_matter(terms.programme, pool.id)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def judge_test(pool: GpuPool, test: AcceptanceTest, terms: Terms) -> AcceptanceTested:
    """The outcome of an acceptance test: all GPUs together against their promise.

    A GPU counts at most as fast as promised, so that fast ones hide no missing
    ones. Raises: NotAllowed where something else was measured than was promised.
    """
    if test.measured.measure != pool.promised.measure:
        raise NotAllowed(
            f"{pool.id} was promised in {pool.promised.measure!r} and measured in "
            f"{test.measured.measure!r} ({terms.gpu})",
            remedy="repeat the measurement that was agreed",
        )
    least: Decimal = pool.count * pool.promised.value * terms.rules.acceptance_share
    speed = min(test.measured.value, pool.promised.value)
    return AcceptanceTested(
        test=test, least=least, accepted=test.usable * speed >= least
    )


def days_of(incident: Incident) -> tuple[date, ...]:
    """Days that a fixed incident touches, in the zone in which it began."""
    assert incident.ends is not None, "an open incident has no last day"
    ends = incident.ends.astimezone(incident.begins.tzinfo)
    last = (ends - timedelta(microseconds=1)).date()
    count = (last - incident.begins.date()).days + 1
    return tuple(incident.begins.date() + timedelta(days=n) for n in range(count))


def _after(record: PoolRecord, event: PoolEvent) -> PoolRecord:
    match event:
        case LeaseSigned(lease=lease):
            return replace(record, lease=lease)
        case AcceptanceTested():
            return replace(record, tests=(*record.tests, event))
        case DaysDelivered(days=days):
            known = record.days | {each.day: each for each in days}
            return replace(record, days=known)
        case DayCorrected(day=day):
            return replace(record, days={**record.days, day.day: day})
        case IncidentOpened() | IncidentFixed() | IncidentCompensated():
            incident = _incident_after(record.incidents.get(event.id), event)
            return replace(record, incidents=record.incidents | {event.id: incident})


def _incident_after(
    earlier: Incident | None,
    event: IncidentOpened | IncidentFixed | IncidentCompensated,
) -> Incident:
    if isinstance(event, IncidentOpened):
        return Incident(
            id=event.id,
            state=IncidentState.OPEN,
            begins=event.begins,
            ends=None,
            cause=event.cause,
        )
    assert earlier is not None, f"incident {event.id} was never opened"
    if isinstance(event, IncidentFixed):
        return msgspec.structs.replace(
            earlier, state=IncidentState.FIXED, ends=event.ends
        )
    return msgspec.structs.replace(
        earlier,
        state=IncidentState.COMPENSATED,
        days=event.days,
        credits=event.credits,
    )


def _problems(
    pool: GpuPool, record: PoolRecord, event: PoolEvent, mandate: Mandate
) -> Iterator[Refusal]:
    match event:
        case LeaseSigned():
            yield from _lease_problems(pool, record)
        case AcceptanceTested(test=test):
            yield from _test_problems(pool, record, test, mandate)
        case DaysDelivered(days=days):
            yield from _day_problems(pool, days, mandate)
            for day in _twice(record, days):
                yield Refusal(f"{day} is on record", "correct it with `day_corrected`")
        case DayCorrected(day=day):
            yield from _day_problems(pool, (day,), mandate)
            yield from _correction_problems(record, day, mandate)
        case IncidentOpened() | IncidentFixed() | IncidentCompensated():
            yield from _incident_problems(pool, record, event, mandate)


def _lease_problems(pool: GpuPool, record: PoolRecord) -> Iterator[Refusal]:
    if pool.basis is PoolBasis.OWNED:
        yield Refusal(f"pool {pool.id} is owned", "a lease is for pools of others")
    if record.lease is not None:
        yield Refusal(f"the lease of {pool.id} is signed", "register a further pool")


def _test_problems(
    pool: GpuPool, record: PoolRecord, test: AcceptanceTest, mandate: Mandate
) -> Iterator[Refusal]:
    if pool.basis is PoolBasis.LEASE and record.lease is None:
        yield Refusal(f"no lease of {pool.id} is signed", "record the lease first")
    if not pool.window.begins <= test.at < pool.window.ends:
        yield Refusal(f"{test.at} is outside the time of {pool.id}", "correct the time")
    if test.usable > pool.count:
        yield Refusal(
            f"{test.usable} of {pool.count} GPUs were usable",
            "register what goes beyond the pool as a further pool",
        )
    if test.at > datetime.fromisoformat(mandate.at):
        yield Refusal(f"{test.at} has not come yet", "record the test when it was made")
    if record.tests and test.at <= record.tests[-1].test.at:
        yield Refusal(
            f"a test of {record.tests[-1].test.at} is on record",
            "tests are recorded in the order in which they were made",
        )


def _day_problems(
    pool: GpuPool, days: Sequence[DeliveredDay], mandate: Mandate
) -> Iterator[Refusal]:
    zone = pool.window.begins.tzinfo
    first = pool.window.begins.date()
    last = pool.window.ends.astimezone(zone).date()
    today = datetime.fromisoformat(mandate.at).astimezone(zone).date()
    for each in days:
        if not first <= each.day <= last:
            yield Refusal(
                f"{each.day} is outside the time of {pool.id}", "correct the day"
            )
        if each.day > today:
            yield Refusal(
                f"{each.day} has not come yet", "record a day when it is over"
            )
        if each.usable > pool.count:
            yield Refusal(
                f"{each.usable} of {pool.count} GPUs were usable on {each.day}",
                "register what goes beyond the pool as a further pool",
            )


def _twice(record: PoolRecord, days: Sequence[DeliveredDay]) -> Iterator[date]:
    known = set(record.days)
    for each in days:
        if each.day in known:
            yield each.day
        known.add(each.day)


def _correction_problems(
    record: PoolRecord, day: DeliveredDay, mandate: Mandate
) -> Iterator[Refusal]:
    if day.day not in record.days:
        yield Refusal(f"{day.day} is not on record", "record it with `days_delivered`")
    if mandate.reason is None:
        yield Refusal(
            f"{day.day} would change without a reason", "say why it was wrong"
        )
    if day.day in record.compensated_days:
        yield Refusal(
            f"{day.day} was made up for by time",
            "what was compensated stays; open an incident for what is still lost",
        )


def _incident_problems(
    pool: GpuPool,
    record: PoolRecord,
    event: IncidentOpened | IncidentFixed | IncidentCompensated,
    mandate: Mandate,
) -> Iterator[Refusal]:
    known = record.incidents.get(event.id)
    if isinstance(event, IncidentOpened):
        if known is not None:
            yield Refusal(
                f"incident {event.id} is on record", "give the new one another id"
            )
        if not pool.window.begins <= event.begins < pool.window.ends:
            yield Refusal(
                f"{event.begins} is outside the time of {pool.id}", "correct it"
            )
        if event.begins > datetime.fromisoformat(mandate.at):
            yield Refusal(f"{event.begins} has not come yet", "open it when it happens")
        return
    needed = (
        IncidentState.OPEN if isinstance(event, IncidentFixed) else IncidentState.FIXED
    )
    if known is None or known.state is not needed:
        stands = "is not on record" if known is None else f"is {known.state.value}"
        yield Refusal(
            f"incident {event.id} {stands}, not {needed.value}",
            "an incident is opened, fixed, then compensated",
        )
        return
    if isinstance(event, IncidentFixed):
        if event.ends <= known.begins:
            yield Refusal(
                f"{event.ends} is before the incident began", "correct the time"
            )
        if event.ends > datetime.fromisoformat(mandate.at):
            yield Refusal(
                f"{event.ends} has not come yet", "record it when it is fixed"
            )
