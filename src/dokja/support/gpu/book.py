"""The book of GPUs: which pools there are, and what of them was given to whom.

One record for all pools and teams, because what may be given of one pool depends
on who leases out another: of two officers at once, the record takes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.support.gpu.values import (
    AllocationAdopted,
    BookEvent,
    EqualTimeGranted,
    GpuPool,
    GpuShare,
    PoolBasis,
    PoolClosed,
    PoolRegistered,
    TeamReleased,
)
from dokja.support.history import events_of
from dokja.support.refusals import Refusal, refuse_first
from dokja.support.terms import Terms
from dokja.support.values import Window

BOOK = "gpu_book"


@dataclass(frozen=True)
class GpuBook:
    """The book as it stands: promises as they were cut short, if they were."""

    pools: dict[str, GpuPool] = field(default_factory=dict)
    """Each with the window in which it is really there."""
    shares: tuple[GpuShare, ...] = ()
    adopted: tuple[str, ...] = ()
    equal_time: tuple[EqualTimeGranted, ...] = ()

    def lessor_windows(self, team: str) -> tuple[Window, ...]:
        """When the team's organisation leases GPUs out to the programme."""
        return tuple(
            pool.window
            for pool in self.pools.values()
            if pool.lessor_team == team and pool.basis is PoolBasis.LEASE
        )

    def given(self, pool: str, at: datetime) -> int:
        """GPUs of the pool that are promised at a moment."""
        return sum(
            share.gpus
            for share in self.shares
            if share.pool == pool and share.window.begins <= at < share.window.ends
        )


def book_matter(programme: str) -> Matter:
    """Which record the book of a programme is."""
    return Matter(programme=programme, kind=BOOK, id=programme)


def book_of(history: Sequence[Act]) -> GpuBook:
    """The book after its acts."""
    book = GpuBook()
    event: BookEvent
    for event in events_of(history, BookEvent):
        book = _after(book, event)
    return book


def book_act(
    history: Sequence[Act],
    event: BookEvent,
    *,
    terms: Terms,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act by which the event enters the book.

    Raises: NotAllowed where the book as it stands forbids it; Conflict where
    somebody has acted since.
    """
    refusals = _refusals(book_of(history), event, terms, mandate)
    refuse_first(refusals, clause=terms.gpu)
    matter = book_matter(terms.programme)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def _refusals(
    book: GpuBook, event: BookEvent, terms: Terms, mandate: Mandate
) -> Iterator[Refusal]:
    match event:
        case PoolRegistered(pool=pool):
            yield from _pool_problems(book, pool, terms)
        case AllocationAdopted():
            yield from _adoption_problems(book, event, terms)
        case PoolClosed():
            yield from _closing_problems(book, event, mandate)
        case TeamReleased():
            yield from _release_problems(book, event, mandate)
        case EqualTimeGranted():
            yield from _time_problems(book, event)


def _after(book: GpuBook, event: BookEvent) -> GpuBook:
    match event:
        case PoolRegistered(pool=pool):
            return replace(book, pools={**book.pools, pool.id: pool})
        case PoolClosed(pool=name, at=at):
            pool = book.pools[name]
            kept = msgspec.structs.replace(pool, window=_until(pool.window, at))
            return replace(book, pools={**book.pools, name: kept})
        case AllocationAdopted(id=name, shares=shares):
            return replace(
                book,
                shares=(*book.shares, *shares),
                adopted=(*book.adopted, name),
            )
        case TeamReleased(team=team, at=at):
            return replace(book, shares=tuple(_released(book.shares, team, at)))
        case EqualTimeGranted():
            return replace(book, equal_time=(*book.equal_time, event))


def _until(window: Window, at: datetime) -> Window:
    return Window(begins=window.begins, ends=at)


def _released(
    shares: Sequence[GpuShare], team: str, at: datetime
) -> Iterator[GpuShare]:
    for share in shares:
        if share.team != team or share.window.ends <= at:
            yield share
        elif share.window.begins < at:
            yield msgspec.structs.replace(share, window=_until(share.window, at))


def _pool_problems(book: GpuBook, pool: GpuPool, terms: Terms) -> Iterator[Refusal]:
    terms.units_of(pool.gpu_type)
    if pool.id in book.pools:
        yield Refusal(
            f"pool {pool.id} is registered", "register the other under another id"
        )
    node = terms.rules.node
    if pool.count % node:
        yield Refusal(
            f"{pool.count} GPUs are no multiple of the node of {node}",
            "register whole nodes only",
        )
    if pool.lessor_team is None:
        return
    if pool.basis is not PoolBasis.LEASE:
        yield Refusal(
            f"pool {pool.id} is owned, so nobody is its lessor",
            "leave lessor_team out, or register it as a lease",
        )
    for share in book.shares:
        if share.team == pool.lessor_team and share.window.meets(pool.window):
            yield Refusal(
                f"{share.team} holds {share.gpus} GPUs of {share.pool}, and a team "
                f"that leases GPUs out holds none meanwhile",
                "release the team first, or register the lease from a later day",
            )


def _adoption_problems(
    book: GpuBook, event: AllocationAdopted, terms: Terms
) -> Iterator[Refusal]:
    if event.id in book.adopted:
        yield Refusal(
            f"allocation {event.id} was adopted", "give the next one another id"
        )
    for share in event.shares:
        yield from _share_problems(book, share, terms)
    after = replace(book, shares=(*book.shares, *event.shares))
    for pool in sorted({share.pool for share in event.shares}):
        yield from _overbooked(after, book.pools[pool])


def _share_problems(book: GpuBook, share: GpuShare, terms: Terms) -> Iterator[Refusal]:
    pool = book.pools.get(share.pool)
    if pool is None:
        yield Refusal(
            f"there is no pool {share.pool}", "register it before giving of it"
        )
        return
    if not pool.window.holds(share.window):
        yield Refusal(
            f"{share.team} would have {share.pool} outside its time, "
            f"{pool.window.begins} to {pool.window.ends}",
            "give it within the time of the pool",
        )
    if share.gpus % terms.rules.node:
        yield Refusal(
            f"{share.gpus} GPUs for {share.team} are no whole nodes of "
            f"{terms.rules.node}",
            "give whole nodes",
        )
    if any(share.window.meets(each) for each in book.lessor_windows(share.team)):
        yield Refusal(
            f"{share.team} leases GPUs out to the programme and holds none of its "
            f"own meanwhile",
            "give the GPUs to others until its lease has ended",
        )


def _overbooked(book: GpuBook, pool: GpuPool) -> Iterator[Refusal]:
    starts = {s.window.begins for s in book.shares if s.pool == pool.id}
    for at in sorted(starts):
        given = book.given(pool.id, at)
        if given > pool.count:
            yield Refusal(
                f"{given} GPUs of {pool.id} would be given from {at}, and it has "
                f"{pool.count}",
                "give less, or release a team first",
            )


def _closing_problems(
    book: GpuBook, event: PoolClosed, mandate: Mandate
) -> Iterator[Refusal]:
    pool = book.pools.get(event.pool)
    if pool is None:
        yield Refusal(f"there is no pool {event.pool}", "name a registered pool")
        return
    yield from _past_problems(event.at, mandate)
    if not pool.window.begins < event.at < pool.window.ends:
        yield Refusal(
            f"{event.at} is not within the time of {pool.id}",
            "close it at a moment between its begin and its end",
        )
    for share in book.shares:
        if share.pool == pool.id and share.window.ends > event.at:
            yield Refusal(
                f"{share.team} was promised {share.gpus} GPUs of {pool.id} until "
                f"{share.window.ends}",
                "release the team from then on first, and give it others",
            )


def _release_problems(
    book: GpuBook, event: TeamReleased, mandate: Mandate
) -> Iterator[Refusal]:
    yield from _past_problems(event.at, mandate)
    held = [s for s in book.shares if s.team == event.team and s.window.ends > event.at]
    if not held:
        yield Refusal(
            f"{event.team} holds nothing after {event.at}", "name a team that does"
        )


def _past_problems(at: datetime, mandate: Mandate) -> Iterator[Refusal]:
    if at < datetime.fromisoformat(mandate.at):
        yield Refusal(
            f"{at} has passed: what was promised until now stays promised",
            "name a moment from now on",
        )


def _time_problems(book: GpuBook, event: EqualTimeGranted) -> Iterator[Refusal]:
    for earlier in book.equal_time:
        same = (earlier.team, earlier.stage) == (event.team, event.stage)
        if same and event.deadline < earlier.deadline:
            yield Refusal(
                f"{event.team} was given until {earlier.deadline} in {event.stage}",
                "a deadline that was granted is not moved forward; name a later one",
            )
