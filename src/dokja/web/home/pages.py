"""Pages that everybody may read: the state of the programme and its rules."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.evidence.values import Text
from dokja.programme.values import Category, Clause
from dokja.stage.values import StagePlan
from dokja.web.entry import Visitor
from dokja.web.home.track import Station, stations
from dokja.web.pages import Page, Room

home = Room()


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """The first page."""

    stage: Text
    note: Text
    track: tuple[Station, ...]
    categories: tuple[Category, ...]
    teams: int
    now: datetime


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The rulebook, clause by clause."""

    version: str
    digest: str
    note: Text
    clauses: tuple[Clause, ...]


@home.page("/")
def front(visit: Visitor) -> Page:
    """Where the stage stands and what a visitor can do."""
    plan: StagePlan = visit.office.plan
    now = visit.office.now()
    view = Front(
        stage=plan.name,
        note=plan.note,
        track=stations(plan.schedule, now),
        categories=visit.office.rulebook.categories,
        teams=len(plan.teams) - len(plan.withdrawn),
        now=now,
    )
    return Page(template="home/front.html", title=plan.name, view=view)


@home.page("/rules")
def rules(visit: Visitor) -> Page:
    """Every clause of the rules in force."""
    book = visit.office.rulebook
    view = Rules(
        version=book.version,
        digest=visit.rules_digest,
        note=book.note,
        clauses=book.clauses,
    )
    title = Text(ko="규정", en="Rules")
    return Page(template="home/rules.html", title=title, view=view)
