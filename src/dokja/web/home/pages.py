"""Pages that everybody may read: the state of the programme and its rules."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.evidence.values import Text
from dokja.people import ROLE_NAMES, Permission
from dokja.people.permissions import TABLE, Reach
from dokja.people.values import Role
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


class RoleColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A role of the table."""

    role: Role
    name: Text


class PermissionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody may do or see, and how far each role's reach goes."""

    permission: Permission
    name: Text
    reach: dict[Role, Reach]


class Visibility(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do and see what: the table that every page asks."""

    roles: tuple[RoleColumn, ...]
    rows: tuple[PermissionRow, ...]


@home.page("/rules/visibility")
def visibility(visit: Visitor) -> Page:
    """Who may do and see what."""
    del visit
    view = Visibility(
        roles=tuple(RoleColumn(role=role, name=ROLE_NAMES[role]) for role in Role),
        rows=tuple(
            PermissionRow(
                permission=permission,
                name=row.name,
                reach={role: row.of(role) for role in Role},
            )
            for permission, row in TABLE.items()
        ),
    )
    title = Text(ko="누가 무엇을 볼 수 있는가", en="Who sees what")
    return Page(template="home/visibility.html", title=title, view=view)


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
