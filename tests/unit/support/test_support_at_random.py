"""Whatever an office tries, invariants 8, 9 and 13 of the programme hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.support.gpu.balance import gpu_balances, shared_pool, totals_of
from dokja.support.gpu.book import book_act, book_of
from dokja.support.gpu.compensate import compensate
from dokja.support.gpu.pool import pool_act, pool_record
from dokja.support.gpu.values import (
    BookEvent,
    IncidentFixed,
    IncidentOpened,
    PoolBasis,
    PoolEvent,
    PoolRegistered,
    TeamReleased,
)
from dokja.support.money.ledger import ledger_act, ledger_of
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    LedgerAccount,
    LedgerEntry,
    LedgerEvent,
    Posting,
)
from tests.support_fixture import (
    SOURCE,
    TERMS,
    adopted,
    at,
    delivered,
    mandate,
    measured,
    pool,
    share,
)

TEAMS = ("a", "b", "lessor")
POOLS = ("pool-a", "pool-b")
DAY = st.integers(1, 10)
NAME = Text(ko="이름", en="name")


class Office(RuleBasedStateMachine):
    """An office that tries anything; refusals are part of its day."""

    def __init__(self) -> None:
        super().__init__()
        self.book: list[Act] = []
        self.pools: dict[str, list[Act]] = {name: [] for name in POOLS}
        self.ledger: list[Act] = []
        self.serial = 0
        for kind in AccountKind:
            account = LedgerAccount(id=kind.value, kind=kind, name=NAME)
            self._post(AccountOpened(account=account))

    @rule(name=st.sampled_from(POOLS), leased=st.booleans(), first=DAY)
    def register(self, *, name: str, leased: bool, first: int) -> None:
        """A pool of 16 comes, from a lessor that competes or owned."""
        given: dict[str, Any] = {"window": share("a", 8, first, first + 10).window}
        if leased:
            given |= {"basis": PoolBasis.LEASE, "lessor_team": "lessor"}
        self._book(PoolRegistered(pool=pool(name, **given)))

    @rule(
        team=st.sampled_from(TEAMS),
        name=st.sampled_from(POOLS),
        nodes=st.integers(1, 3),
        first=DAY,
        days=st.integers(1, 8),
    )
    def give(self, team: str, name: str, nodes: int, first: int, days: int) -> None:
        """GPUs of a pool for a team, whether there are any or not."""
        self.serial += 1
        given = share(team, 8 * nodes, first, first + days, of=name)
        self._book(adopted(f"plan-{self.serial}", given))

    @rule(team=st.sampled_from(TEAMS), day=DAY)
    def release(self, team: str, day: int) -> None:
        """A team keeps nothing from a day on."""
        self._book(TeamReleased(team=team, at=at(day)))

    @rule(
        name=st.sampled_from(POOLS),
        first=DAY,
        usable=st.integers(0, 16),
        speed=st.sampled_from([0, 50, 100, 120]),
    )
    def deliver(self, name: str, first: int, usable: int, speed: int) -> None:
        """Three days of a pool are recorded."""
        days = delivered(range(first, first + 3), usable=usable, speed=speed)
        self._live(name, days)

    @rule(name=st.sampled_from(POOLS), day=DAY, speed=st.sampled_from([50, 100]))
    def accept(self, name: str, day: int, speed: int) -> None:
        """A pool is tested, well or badly."""
        if name in book_of(self.book).pools:
            self._live(name, measured(pool(name), day, speed=speed))

    @rule(name=st.sampled_from(POOLS), first=DAY, days=st.integers(1, 3))
    def make_up(self, name: str, first: int, days: int) -> None:
        """An incident is opened, fixed and made up for, as far as it can be."""
        self.serial += 1
        incident = f"i{self.serial}"
        self._live(name, IncidentOpened(id=incident, begins=at(first), cause=NAME))
        self._live(name, IncidentFixed(id=incident, ends=at(first + days)))
        book, record = book_of(self.book), pool_record(self.pools[name])
        if name not in book.pools:
            return
        try:
            shared = shared_pool(book, name, record, terms=TERMS)
            self._live(name, compensate(shared, incident, terms=TERMS))
        except NotAllowed:
            return

    @rule(
        giving=st.sampled_from(list(AccountKind)),
        taking=st.sampled_from(list(AccountKind)),
        krw=st.integers(-50, 100),
        day=st.integers(1, 20),
    )
    def book_money(
        self, giving: AccountKind, taking: AccountKind, krw: int, day: int
    ) -> None:
        """Money moves from anywhere to anywhere, on any day."""
        self.serial += 1
        sides = ((giving.value, -krw), (taking.value, krw))
        entry = LedgerEntry(
            id=f"e{self.serial}",
            on=date(2026, 1, day),
            text=NAME,
            source=SOURCE,
            postings=tuple(Posting(account=a, krw=k) for a, k in sides),
        )
        self._post(EntryPosted(entry=entry))

    @invariant()
    def nothing_is_given_twice_and_lessors_hold_nothing(self) -> None:
        """Invariant 8, at every moment at which anything begins."""
        book = book_of(self.book)
        for each in book.shares:
            moment = each.window.begins
            assert book.given(each.pool, moment) <= book.pools[each.pool].count
            windows = book.lessor_windows(each.team)
            assert not any(window.meets(each.window) for window in windows)

    @invariant()
    def what_was_promised_is_accounted_for(self) -> None:
        """Invariant 9's figures: promised = delivered + lost + not recorded."""
        records = {name: pool_record(acts) for name, acts in self.pools.items()}
        book = book_of(self.book)
        found = gpu_balances(book, records, terms=TERMS, until=at(40))
        for each in found:
            assert each.promised == each.delivered + each.lost + each.unrecorded
            assert min(each.delivered, each.lost, each.unrecorded) >= 0
        assert all(total >= 0 for total in totals_of(found).values())

    @invariant()
    def the_ledger_balances_and_grants_stay_within(self) -> None:
        """Invariant 13."""
        ledger = ledger_of(self.ledger)
        held = {kind: ledger.of_kind(kind) for kind in AccountKind}
        assert sum(held.values()) == 0
        treasury = held.pop(AccountKind.TREASURY)
        assert all(krw >= 0 for krw in held.values())
        assert held[AccountKind.GRANT] <= -treasury

    def _book(self, event: BookEvent) -> None:
        seen = len(self.book)
        try:
            act = book_act(self.book, event, terms=TERMS, seen=seen, mandate=mandate())
        except NotAllowed:
            return
        self.book.append(act)

    def _live(self, name: str, event: PoolEvent) -> None:
        known = book_of(self.book).pools
        if name not in known:
            return
        acts = self.pools[name]
        try:
            act = pool_act(
                known[name],
                acts,
                event,
                terms=TERMS,
                seen=len(acts),
                mandate=mandate(60),
            )
        except NotAllowed:
            return
        acts.append(act)

    def _post(self, event: LedgerEvent) -> None:
        seen = len(self.ledger)
        try:
            act = ledger_act(
                self.ledger, event, terms=TERMS, seen=seen, mandate=mandate()
            )
        except NotAllowed:
            return
        self.ledger.append(act)


TestOffice = Office.TestCase
TestOffice.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
