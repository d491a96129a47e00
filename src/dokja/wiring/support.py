"""Support in the office's record: read as it is, added to, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from dokja.programme.agenda import AgendaItem
from dokja.support.agenda import support_agenda
from dokja.support.data.assets import ASSET
from dokja.support.fairness import FairnessRequest, TeamFairness, compare_support
from dokja.support.gpu.balance import SharedPool, shared_pool
from dokja.support.gpu.book import BOOK, GpuBook, book_of
from dokja.support.gpu.daily import daily_balances
from dokja.support.gpu.pool import POOL, PoolRecord
from dokja.support.gpu.values import AllocationAdopted, BookEvent, DayBalance
from dokja.support.history import events_of
from dokja.support.money.figures import FIGURE
from dokja.support.money.grants import GRANT
from dokja.support.money.ledger import LEDGER
from dokja.support.overview import (
    ALLOCATION,
    SupportActs,
    SupportOverview,
    pool_records,
    support_overview,
)
from dokja.support.terms import Terms, terms_of
from dokja.wiring.matter_desk import MatterDesk

_PAGES = {
    ASSET: "/support/assets",
    BOOK: "/support/fairness",
    FIGURE: "/support/figures",
    GRANT: "/support/grants",
    POOL: "/support/pools",
}


def support_page(kind: str, name: str) -> str:
    """Address of the page that a matter of support is shown on."""
    page = _PAGES[kind]
    return page if kind == BOOK else f"{page}/{quote(name, safe='')}"


@dataclass(frozen=True)
class SupportRecord:
    """Support as the record has it at one moment, read once."""

    acts: SupportActs
    terms: Terms
    now: datetime

    @cached_property
    def overview(self) -> SupportOverview:
        """How everything stands."""
        return support_overview(self.acts, terms=self.terms, now=self.now)

    @cached_property
    def book(self) -> GpuBook:
        """Pools and who was promised what of them."""
        return book_of(self.acts.book)

    @cached_property
    def pools(self) -> dict[str, PoolRecord]:
        """What happened to each pool."""
        return pool_records(self.acts, self.terms)

    def shared(self, pool: str) -> SharedPool:
        """A pool of the book with its own record and who was promised what of it."""
        own = self.pools.get(pool, PoolRecord())
        return shared_pool(self.book, pool, own, terms=self.terms)

    def daily(self, pool: str | None = None) -> tuple[DayBalance, ...]:
        """What every team was promised and got of the pool day by day; None: of all."""
        return daily_balances(
            self.book, self.pools, terms=self.terms, until=self.now, pool=pool
        )

    def given_in(self, team: str) -> frozenset[str]:
        """Ids of the allocations in which the team was given something."""
        events = events_of(self.acts.book, BookEvent)
        return frozenset(
            event.id
            for event in events
            if isinstance(event, AllocationAdopted)
            and any(share.team == team for share in event.shares)
        )

    def agenda(self) -> tuple[AgendaItem, ...]:
        """What is due, what waits or is blocked, and for what."""
        return support_agenda(self.overview, self.acts, terms=self.terms)

    def fairness(self, request: FairnessRequest) -> tuple[TeamFairness, ...]:
        """Days and GPU-hours of the teams until the last deadline, side by side.

        Raises: InvalidInput.
        """
        last = max(each.window.ends for each in request.teams)
        seen = support_overview(self.acts, terms=self.terms, now=last)
        granted = {
            each.team: each.deadline
            for each in seen.equal_time
            if each.stage == request.stage
        }
        return compare_support(
            request, seen.balances, terms=self.terms, granted=granted
        )


def support_record(desk: MatterDesk) -> SupportRecord:
    """Support as it stands now. Raises: NotAllowed where the rulebook is silent."""
    return SupportRecord(support_acts(desk), terms_of(desk.rulebook), desk.clock())


def support_acts(desk: MatterDesk) -> SupportActs:
    """What the record holds of support now."""
    return SupportActs(
        book=desk.of_kind(BOOK),
        pools=desk.of_kind(POOL),
        assets=desk.of_kind(ASSET),
        ledger=desk.of_kind(LEDGER),
        grants=desk.of_kind(GRANT),
        figures=desk.of_kind(FIGURE),
        allocations=desk.of_kind(ALLOCATION),
    )
