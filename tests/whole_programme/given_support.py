"""Support of one stage: pools, allocation, delivery, incidents, equal time, money."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.support.allocation.adopt import adopt
from dokja.support.allocation.values import (
    REQUEST_SCHEMA,
    AllocationRequest,
    TeamDemand,
)
from dokja.support.fairness import (
    DevelopmentTime,
    FairnessRequest,
    TeamFairness,
    compare_support,
)
from dokja.support.gpu.balance import gpu_balances
from dokja.support.gpu.book import book_of
from dokja.support.gpu.values import (
    AcceptanceTest,
    DaysDelivered,
    DeliveredDay,
    EqualTimeGranted,
    GpuPool,
    IncidentFixed,
    IncidentOpened,
    Lease,
    LeaseSigned,
    PoolBasis,
    PoolRegistered,
    Throughput,
)
from dokja.support.overview import pool_records
from dokja.support.requests import (
    CompensationDue,
    PoolMeasured,
    SupportRequest,
    next_acts,
)
from dokja.support.terms import Terms, terms_of
from dokja.support.values import CitedSource, Window
from dokja.wiring.support import support_acts
from tests.whole_programme.office import Office

MEASURE = "tokens per second of the reference run"
BOOK = "book"


@dataclass
class StageSupport:
    """What the office gives for one stage."""

    office: Office
    stage: str
    teams: tuple[str, ...]
    window: Window
    lessor: str | None
    """Team whose organisation leases the first pool out, if one does."""

    @property
    def terms(self) -> Terms:
        """The rules of support."""
        return terms_of(self.office.desk.rulebook)

    @property
    def pools(self) -> tuple[str, str]:
        """Names of the stage's two pools."""
        return f"{self.stage}-a", f"{self.stage}-b"

    @property
    def source(self) -> CitedSource:
        """A notice of today."""
        return CitedSource(name="notice", on=self.office.clock.now.date())

    def request(
        self, subject: str | None, asked: SupportRequest
    ) -> Callable[[Mandate], Sequence[Act]]:
        """What makes the acts that follow from a request as things then stand."""
        return lambda m: next_acts(
            support_acts(self.office.desk), subject, asked, terms=self.terms, mandate=m
        )

    def ask(self, what: str, subject: str | None, asked: SupportRequest) -> bool:
        """Whether the request stands."""
        return self.office.act(
            what, self.request(subject, asked), clause="6.1", reason="사유"
        )


def give(support: StageSupport) -> Iterator[str]:
    """The support from the first lease to the comparison of what everybody had."""
    yield from _pools(support)
    yield from _allocated(support)
    yield from _delivered(support)
    yield from _made_equal(support)


def _pools(support: StageSupport) -> Iterator[str]:
    for name in support.pools:
        pool = _pool(support, name)
        support.ask("register pool", None, PoolRegistered(pool=pool))
        if pool.basis is PoolBasis.LEASE:
            lease = Lease(contract="lease 1", krw=10**9, source=support.source)
            support.ask("sign lease", name, LeaseSigned(lease=lease))
        yield "pool"


def _pool(support: StageSupport, name: str) -> GpuPool:
    is_lease = name == support.pools[0]
    luck = support.office.luck
    return GpuPool(
        id=name,
        supplier="supplier-a" if is_lease else "state",
        gpu_type="B200" if is_lease else "H100",
        count=luck.choice((48, 64, 80)),
        window=support.window,
        basis=PoolBasis.LEASE if is_lease else PoolBasis.OWNED,
        promised=Throughput(measure=MEASURE, value=Decimal(100)),
        source=support.source,
        lessor_team=support.lessor if is_lease else None,
    )


def _allocated(support: StageSupport) -> Iterator[str]:
    office = support.office
    wanting = [team for team in support.teams if team != support.lessor]
    demands = tuple(
        TeamDemand(
            team=team, least=Decimal(0), most=Decimal(office.luck.choice((16, 24, 40)))
        )
        for team in wanting
    )
    request = AllocationRequest(
        schema=REQUEST_SCHEMA, id=support.stage, window=support.window, teams=demands
    )

    def adopted(mandate: Mandate) -> tuple[Act, ...]:
        history = support_acts(office.desk).book
        return adopt(
            history, request, terms=support.terms, seen=len(history), mandate=mandate
        )

    office.act("adopt allocation", adopted, by="officer-1", clause="6.1")
    yield "allocated"


def _delivered(support: StageSupport) -> Iterator[str]:
    """Ten days after ten days; the first test may fail, and something may break."""
    office, begins = support.office, support.window.begins
    for name in support.pools:
        late = office.luck.choice((0, 0, 0, 3))
        if late:
            _test(support, name, begins, speed=60)
        _test(support, name, begins + timedelta(days=late), speed=100)
        yield "pool tested"
    span = (support.window.ends - begins).days
    for first in range(0, span, 10):
        days = range(first, min(first + 10, span))
        office.until(begins + timedelta(days=days[-1] + 1))
        for name in support.pools:
            broken = office.chance(0.12)
            _days(support, name, days, broken=broken)
            yield "days delivered"
            if broken:
                yield from _incident(support, name, days)


def _test(support: StageSupport, name: str, at: datetime, *, speed: int) -> None:
    support.office.until(at)
    pool = book_of(support_acts(support.office.desk).book).pools[name]
    test = AcceptanceTest(
        at=at,
        usable=pool.count,
        measured=Throughput(measure=MEASURE, value=Decimal(speed)),
        source=support.source,
    )
    support.ask("test pool", name, PoolMeasured(test=test))


def _days(support: StageSupport, name: str, days: range, *, broken: bool) -> None:
    luck, begins = support.office.luck, support.window.begins
    count = book_of(support_acts(support.office.desk).book).pools[name].count
    given = tuple(
        DeliveredDay(
            day=(begins + timedelta(days=day)).date(),
            usable=luck.choice((0, count // 2)) if broken else count,
            throughput=Decimal(luck.choice((100, 100, 101, 99))),
            source="cluster monitor",
        )
        for day in days
    )
    support.ask("deliver days", name, DaysDelivered(days=given))


def _incident(support: StageSupport, name: str, days: range) -> Iterator[str]:
    office, begins = support.office, support.window.begins
    named = f"{name}-{days[0]}"
    first, last = (begins + timedelta(days=day) for day in (days[0], days[-1] + 1))
    cause = Text("고장", "a switch failed")
    opened = IncidentOpened(id=named, begins=first, cause=cause)
    support.ask("open incident", name, opened)
    support.ask("fix incident", name, IncidentFixed(id=named, ends=last))
    if office.chance(0.7):
        support.ask("compensate", name, CompensationDue(id=named))
    yield "incident"


def fairness(support: StageSupport) -> tuple[TeamFairness, ...]:
    """What the product says of the stage's teams beside each other."""
    desk, terms = support.office.desk, support.terms
    acts = support_acts(desk)
    book = book_of(acts.book)
    balances = [
        balance
        for balance in gpu_balances(
            book, pool_records(acts, terms), terms=terms, until=support.window.ends
        )
        if balance.pool in support.pools
    ]
    request = FairnessRequest(
        stage=support.stage,
        teams=tuple(
            DevelopmentTime(team=team, window=support.window) for team in support.teams
        ),
    )
    granted = {e.team: e.deadline for e in book.equal_time if e.stage == support.stage}
    return compare_support(request, balances, terms=terms, granted=granted)


def _made_equal(support: StageSupport) -> Iterator[str]:
    """Whoever had less than the tolerance allows gets the time that makes it equal."""
    support.office.until(support.window.ends)
    for each in fairness(support):
        if not each.within:
            event = EqualTimeGranted(
                team=each.team,
                stage=support.stage,
                deadline=each.deadline,
                lost=Decimal(0),
            )
            support.ask("grant equal time", None, event)
            yield "equal time"
