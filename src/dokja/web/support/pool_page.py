"""A GPU pool: as it was announced, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from starlette.exceptions import HTTPException

from dokja.evidence.values import Text
from dokja.programme.agenda import TimelineEntry, timeline
from dokja.programme.matters import Recorded, acts_of, read_history
from dokja.support.event_words import EVENT_WORDS
from dokja.support.gpu.pool import PoolRecord, pool_matter
from dokja.support.gpu.values import (
    AcceptanceTested,
    AllocationAdopted,
    BookEvent,
    GpuBalance,
    GpuPool,
    GpuShare,
    Incident,
    IncidentState,
    Lease,
    PoolBasis,
    PoolClosed,
    PoolEvent,
    PoolRegistered,
    PoolState,
)
from dokja.web.acts import ActLink, links_to
from dokja.web.charts import SupplyChart
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.acts import SUPPORT_ACTS
from dokja.web.support.overview_page import supply_of
from dokja.web.support.reader import SupportReader, reader_of

room = Room()


class ShownIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident, and what can be done about it."""

    incident: Incident
    acts: tuple[ActLink, ...]


class PoolStory(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a pool, as far as it is the reader's to see."""

    state: PoolState
    tests: tuple[AcceptanceTested, ...]
    shares: tuple[GpuShare, ...]
    balances: tuple[GpuBalance, ...]
    supply: SupplyChart | None
    incidents: tuple[ShownIncident, ...]
    lease: Lease | None = None
    """The office's and auditors' to see."""
    history: tuple[TimelineEntry, ...] = ()


class PoolView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a pool."""

    pool: GpuPool
    unit: str
    team: str
    sees_all: bool
    story: PoolStory | None
    """None for the public."""
    acts: tuple[ActLink, ...]


@room.page("/support/pools/{pool}")
def pool_page(visit: Visitor, pool: str) -> Page:
    """What was promised, to everybody; what came, to whom it was promised."""
    reader = reader_of(visit)
    record = reader.record
    found = record.book.pools.get(pool)
    if found is None:
        raise HTTPException(404)
    view = PoolView(
        pool=found,
        unit=record.terms.rules.unit,
        team=reader.team,
        sees_all=reader.sees_all,
        story=_story(reader, pool) if reader.is_member else None,
        acts=links_to(SUPPORT_ACTS, tuple(_sensible(reader, found)), of=pool),
    )
    title = Text(ko=f"GPU 자원 {pool}", en=f"GPU pool {pool}")
    return Page(template="support/pool.html", title=title, view=view)


def _sensible(reader: SupportReader, pool: GpuPool) -> Iterator[str]:
    """Names of the acts that make sense as the pool stands."""
    if not reader.may_act:
        return
    record = reader.record.pools.get(pool.id, PoolRecord())
    if pool.basis is PoolBasis.LEASE and record.lease is None:
        yield "lease-sign"
    else:
        yield "pool-measure"
    yield "days-record"
    if record.days:
        yield "day-correct"
    yield "incident-open"
    if pool.window.ends > reader.record.now:
        yield "pool-close"


def _story(reader: SupportReader, name: str) -> PoolStory:
    standing = reader.standing
    record = reader.record.pools.get(name, PoolRecord())
    incidents = next(p.incidents for p in standing.pools if p.id == name)
    days = (day for day in reader.record.daily(name) if reader.sees(day.team))
    story = PoolStory(
        state=record.state,
        tests=record.tests,
        shares=tuple(each for each in standing.shares if each.pool == name),
        balances=tuple(each for each in standing.balances if each.pool == name),
        supply=supply_of(days),
        incidents=tuple(
            ShownIncident(incident=each, acts=_incident_acts(reader, name, each))
            for each in incidents
        ),
    )
    if not reader.sees_all:
        return story
    history = _history(reader, name)
    return msgspec.structs.replace(story, lease=record.lease, history=history)


def _incident_acts(
    reader: SupportReader, pool: str, incident: Incident
) -> tuple[ActLink, ...]:
    names = {
        IncidentState.OPEN: ("incident-fix",),
        IncidentState.FIXED: ("incident-compensate",),
    }
    sensible = names.get(incident.state, ()) if reader.may_act else ()
    return links_to(SUPPORT_ACTS, sensible, of=f"{pool}/{incident.id}")


def _history(reader: SupportReader, name: str) -> tuple[TimelineEntry, ...]:
    acts, programme = reader.record.acts, reader.record.terms.programme
    own: tuple[Recorded[PoolEvent], ...] = read_history(
        acts_of(pool_matter(programme, name), acts.pools),
        PoolEvent,  # type: ignore[arg-type]
    )
    book: tuple[Recorded[BookEvent], ...] = read_history(acts.book, BookEvent)  # type: ignore[arg-type]
    booked = tuple(each for each in book if _concerns(each.event, name))
    return timeline([(name, own), ("", booked)], EVENT_WORDS)


def _concerns(event: BookEvent, pool: str) -> bool:
    match event:
        case PoolRegistered():
            return event.pool.id == pool
        case PoolClosed():
            return event.pool == pool
        case AllocationAdopted():
            return any(share.pool == pool for share in event.shares)
        case _:
            return False
