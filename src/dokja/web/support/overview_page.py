"""Support at a glance: what was announced, what came of it, what is to be done."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem
from dokja.support.fairness import TeamFairness
from dokja.support.gpu.values import DayBalance, GpuPool
from dokja.support.money.values import FigureRegister
from dokja.support.overview import SupportOverview, TeamTotal
from dokja.web.acts import ActLink, links_to
from dokja.web.charts import (
    ShareChart,
    SupplyChart,
    share_chart,
    supply_chart,
)
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.acts import SUPPORT_ACTS
from dokja.web.support.compared import compared
from dokja.web.support.reader import SupportReader, reader_of
from dokja.wiring.programme_agenda import ORDER
from dokja.wiring.support import support_page

room = Room()

TITLE = Text(ko="지원", en="Support")
GPU = ("pool-register", "allocate", "team-release")
DATA = ("asset-list",)
MONEY = ("grant-award", "figure-state")
_DELIVERED = Text("제공", "Delivered")
_LOST = Text("손실", "Lost")
_UNRECORDED = Text("미기록", "Not recorded")


class AgendaLink(msgspec.Struct, frozen=True, kw_only=True):
    """A thing to do with the way to where it is done."""

    item: AgendaItem
    path: str


class TeamBar(msgspec.Struct, frozen=True, kw_only=True):
    """What a team was promised, in parts."""

    total: TeamTotal
    chart: ShareChart


class RoomActs(msgspec.Struct, frozen=True, kw_only=True):
    """What can be done, by part of the page; empty for who may not."""

    gpu: tuple[ActLink, ...] = ()
    data: tuple[ActLink, ...] = ()
    money: tuple[ActLink, ...] = ()


class SupportRoom(msgspec.Struct, frozen=True, kw_only=True):
    """The overview, as far as it is the reader's to see."""

    unit: str
    announced: tuple[GpuPool, ...]
    figures: tuple[FigureRegister, ...]
    team: str
    sees_all: bool
    standing: SupportOverview | None = None
    agenda: tuple[AgendaLink, ...] = ()
    teams: tuple[TeamBar, ...] = ()
    supply: SupplyChart | None = None
    allocations: tuple[str, ...] = ()
    equal: tuple[TeamFairness, ...] = ()
    """The comparison of support: all teams, or one's own."""
    acts: RoomActs = RoomActs()


@room.page("/support")
def overview(visit: Visitor) -> Page:
    """What was announced, for everybody; what came of it, for whom it concerns."""
    reader = reader_of(visit)
    record = reader.record
    view = SupportRoom(
        unit=record.terms.rules.unit,
        announced=tuple(record.book.pools.values()),
        figures=record.overview.figures,
        team=reader.team,
        sees_all=reader.sees_all,
    )
    if reader.is_member:
        found = compared(visit.office, record)
        rows = () if found is None else found.teams
        view = _with_standing(
            view, reader, tuple(r for r in rows if reader.sees(r.team))
        )
    return Page(template="support/overview.html", title=TITLE, view=view)


def _with_standing(
    view: SupportRoom,
    reader: SupportReader,
    equal: tuple[TeamFairness, ...],
) -> SupportRoom:
    record, standing = reader.record, reader.standing
    adopted = [
        name
        for name in record.book.adopted
        if reader.sees_all or name in record.given_in(reader.team)
    ]
    daily = record.daily()
    return msgspec.structs.replace(
        view,
        standing=standing,
        agenda=_agenda(record.agenda()) if reader.sees_all else (),
        teams=tuple(TeamBar(total=t, chart=_parts(t)) for t in standing.teams),
        supply=supply_of(day for day in daily if reader.sees(day.team)),
        allocations=tuple(adopted),
        equal=equal,
        acts=_acts() if reader.may_act else RoomActs(),
    )


def supply_of(days: Iterable[DayBalance]) -> SupplyChart | None:
    """The days of all teams together, drawn; None where nothing was promised."""
    rows = [
        (day.day, (day.promised, day.delivered, day.lost, day.unrecorded))
        for day in days
    ]
    return supply_chart(rows) if rows else None


def _parts(total: TeamTotal) -> ShareChart:
    return share_chart(
        (
            (_DELIVERED, "now", int(total.delivered)),
            (_LOST, "stop", int(total.lost)),
            (_UNRECORDED, "rest", int(total.unrecorded)),
        )
    )


def _agenda(items: Iterable[AgendaItem]) -> tuple[AgendaLink, ...]:
    pressing = sorted(items, key=lambda item: ORDER.index(item.standing))
    return tuple(
        AgendaLink(
            item=item,
            path=support_page(item.matter.kind, item.matter.id)
            if item.matter
            else "/support",
        )
        for item in pressing
    )


def _acts() -> RoomActs:
    return RoomActs(
        gpu=links_to(SUPPORT_ACTS, GPU),
        data=links_to(SUPPORT_ACTS, DATA),
        money=links_to(SUPPORT_ACTS, MONEY),
    )
