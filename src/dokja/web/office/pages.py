"""What the office sees first, and how contest and user evaluation run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from starlette.exceptions import HTTPException

from dokja.contest.battles.participation import Participation
from dokja.contest.battles.phase import ContestPhase
from dokja.contest.citizens.panel_margins import ShownMargin
from dokja.contest.screening.screened import CanaryCount
from dokja.contest.served.endpoint_faults import EndpointStanding
from dokja.contest.users.trials import TrialsPhase
from dokja.evidence.values import Text
from dokja.people import Permission, may, require
from dokja.stage.overview import Alarm, Duty
from dokja.web.charts import BarChart, ShareChart, bar_chart, share_chart
from dokja.web.contest.words import PHASES
from dokja.web.entry import Visitor
from dokja.web.office.step_pages import steps
from dokja.web.office.steps import STEPS
from dokja.web.pages import Page, Room
from dokja.web.trials.views import PHASES as USER_PHASES
from dokja.web.visit import Visit
from dokja.wiring.console import (
    Glance,
    contest_health,
    day_counts,
    glance,
    user_progress,
)
from dokja.wiring.export import stage_files
from dokja.wiring.programme_agenda import PlacedItem, programme_agenda

room = Room()

TITLE = Text(ko="운영 상황판", en="Office console")
PLACES = {
    "panel": "/office/panel",
    "contest": "/office/contest",
    "endpoint": "/office/contest",
    "invitations": "/office/people",
    "sign": "/audit",
}
"""First word of an alarm's id to the page where it is settled."""
_ORDER = tuple(ContestPhase)
CONTEST_STEPS = tuple(name for name in STEPS if name.startswith("contest-"))


class ShownAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm with the way to where it is settled."""

    alarm: Alarm
    path: str


class Console(msgspec.Struct, frozen=True, kw_only=True):
    """The stage at a glance."""

    now: datetime
    duties: tuple[Duty, ...]
    alarms: tuple[ShownAlarm, ...]
    agenda: tuple[PlacedItem, ...]
    """Of the programme around the stage: calls, support, dates, what follows."""
    votes: BarChart | None
    votes_cast: int
    votes_needed: int
    sheets: ShareChart | None
    ballots: ShareChart | None


class StepLink(msgspec.Struct, frozen=True, kw_only=True):
    """A step on the list of a page."""

    id: str
    name: Text
    does: Text
    is_due: bool
    is_past: bool


class ContestConsole(msgspec.Struct, frozen=True, kw_only=True):
    """How the contest runs; nothing of who leads."""

    phase: ContestPhase
    phase_name: Text
    participation: Participation | None
    votes: BarChart
    voided: BarChart
    needed: int
    endpoints: tuple[EndpointStanding, ...]
    canaries: CanaryCount | None
    margins: tuple[ShownMargin, ...]
    """Of a citizen panel, every cell."""
    steps: tuple[StepLink, ...]
    may_run: bool


class UserRow(msgspec.Struct, frozen=True, kw_only=True):
    """An invited user: how far, nothing of what they think."""

    user: str
    is_admitted: bool
    models: int
    handed_in: int


class UserConsole(msgspec.Struct, frozen=True, kw_only=True):
    """How the user evaluation runs."""

    phase: TrialsPhase
    phase_name: Text
    users: tuple[UserRow, ...]
    ballots: BarChart
    steps: tuple[StepLink, ...]
    may_run: bool


class ExportView(msgspec.Struct, frozen=True, kw_only=True):
    """What can be written for the run of the stage, and where it goes."""

    folder: str
    is_in_stage: bool
    programme: str
    stage: str
    steps: tuple[StepLink, ...]


@room.page("/office")
def console(visit: Visitor) -> Page:
    """What is due, what is stuck and why, and what to do about it."""
    require(visit.account, Permission.SEE_OPERATIONS)
    found = glance(visit.office)
    view = Console(
        now=visit.office.now(),
        duties=found.overview.duties,
        alarms=tuple(
            ShownAlarm(alarm=alarm, path=_place(alarm))
            for alarm in found.overview.alarms
        ),
        agenda=programme_agenda(visit.office),
        votes=bar_chart(day_counts(found.participation))
        if found.participation
        else None,
        votes_cast=found.participation.votes if found.participation else 0,
        votes_needed=found.votes_needed,
        sheets=_sheets(found),
        ballots=_ballots(found),
    )
    return Page(template="office/console.html", title=TITLE, view=view)


@room.page("/office/contest")
def contest_console(visit: Visitor) -> Page:
    """How the contest runs, and the steps that are the office's."""
    require(visit.account, Permission.SEE_OPERATIONS)
    health = contest_health(visit.office)
    if health is None:
        raise HTTPException(404)
    found = health.participation
    view = ContestConsole(
        phase=health.phase,
        phase_name=PHASES[health.phase],
        participation=found,
        votes=bar_chart(day_counts(found)),
        voided=bar_chart(found.voided if found else {}),
        needed=health.needed,
        endpoints=health.endpoints,
        canaries=health.canaries,
        margins=health.margins,
        steps=_links(visit, CONTEST_STEPS, done=_ORDER.index(health.phase)),
        may_run=may(visit.account, Permission.RUN_CONTEST),
    )
    title = Text(ko="국민 참여 평가 운영", en="Running the public contest")
    return Page(template="office/contest.html", title=title, view=view)


@room.page("/office/trials")
def user_console(visit: Visitor) -> Page:
    """How far the invited users are, and the steps that are the office's."""
    require(visit.account, Permission.SEE_OPERATIONS)
    keeper = visit.office.trials
    if keeper is None:
        raise HTTPException(404)
    phase = keeper.phase
    view = UserConsole(
        phase=phase,
        phase_name=USER_PHASES[phase],
        users=tuple(
            UserRow(
                user=each.user,
                is_admitted=each.is_admitted,
                models=each.models,
                handed_in=each.handed_in,
            )
            for each in user_progress(visit.office)
        ),
        ballots=bar_chart(keeper.ballots_by_day()),
        steps=_links(
            visit, ("users-open", "users-close"), done=tuple(TrialsPhase).index(phase)
        ),
        may_run=may(visit.account, Permission.RUN_CONTEST),
    )
    title = Text(ko="이용자 평가 운영", en="Running the user evaluation")
    return Page(template="office/trials.html", title=title, view=view)


@room.page("/office/export")
def export(visit: Visitor) -> Page:
    """What goes on to `dokja stage run`, and how."""
    require(visit.account, Permission.RUN_CONTEST)
    folder, is_in_stage = stage_files(visit.office)
    names = []
    if visit.office.trials is not None:
        names.append("export-ballots")
    names.append("export-replies")
    if visit.office.keeper is not None:
        names.append("export-contest")
    view = ExportView(
        folder=str(folder),
        is_in_stage=is_in_stage,
        programme=visit.office.request.programme,
        stage=visit.office.request.stage,
        steps=_links(visit, names, done=0),
    )
    title = Text(ko="단계평가로 넘기기", en="Handing on to the stage")
    return Page(template="office/export.html", title=title, view=view)


def _links(visit: Visit, names: Sequence[str], *, done: int) -> tuple[StepLink, ...]:
    return tuple(
        StepLink(
            id=name,
            name=STEPS[name].name,
            does=STEPS[name].does,
            is_due=STEPS[name].is_due(visit.office),
            is_past=place < done,
        )
        for place, name in enumerate(names)
    )


def _place(alarm: Alarm) -> str:
    return PLACES.get(alarm.id.split("/", 1)[0].split("-", 1)[0], "/office")


def _sheets(found: Glance) -> ShareChart | None:
    panel = found.panel
    if panel is None:
        return None
    return share_chart(
        (
            (Text(ko="제출", en="handed in"), "good", len(panel.panel.sheets)),
            (Text(ko="미제출", en="missing"), "rest", len(panel.missing)),
            (Text(ko="이해관계로 제외", en="left out"), "stop", len(panel.left_out)),
        )
    )


def _ballots(found: Glance) -> ShareChart | None:
    if not found.users:
        return None
    handed_in = sum(each.handed_in for each in found.users)
    models = sum(each.models for each in found.users)
    return share_chart(
        (
            (Text(ko="제출", en="handed in"), "good", handed_in),
            (Text(ko="미제출", en="missing"), "rest", models - handed_in),
        )
    )


office = Room.joined(room, steps)
