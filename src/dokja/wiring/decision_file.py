"""A stage's decision with all that followed it, as its page reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from dokja.decision.after import (
    confirmation_matter,
    final_matter,
    stage_teams,
    stage_teams_matter,
    vacancy_matter,
)
from dokja.decision.after.agenda import WayOn, after_agenda, may_confirm
from dokja.decision.after.confirmation import WAIVER
from dokja.decision.after.event_words import EVENT_WORDS
from dokja.decision.after.next_stage import STAGE_TEAMS
from dokja.decision.after.objections import HANDLED
from dokja.decision.after.progress import WITHDRAWAL
from dokja.decision.after.values import (
    DecisionConfirmed,
    FinalSelection,
    ObjectionEvent,
    StageTeamsNamed,
    TeamWithdrawn,
    VacancyEvent,
    WillNotObject,
)
from dokja.decision.objection import OBJECTION, FiledObjection
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, TimelineEntry, timeline
from dokja.programme.matters import Matter, Recorded, read_history
from dokja.stage.acts import DECISION
from dokja.wiring.after_decision import (
    Aftermath,
    aftermath_of,
    desk_of_office,
    stage_places,
)
from dokja.wiring.calls import CallRoom
from dokja.wiring.office import Office
from dokja.wiring.team_portal import recorded

Files = list[tuple[str, Sequence[Recorded[Any]]]]


class LeftTeam(msgspec.Struct, frozen=True, kw_only=True):
    """A team that left of its own accord, and what it wants said."""

    team: str
    at: str
    statement: Text | None


class DecisionFile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on record about what followed a decision."""

    aftermath: Aftermath
    digest: str
    """Of the decision that stands."""
    closes: datetime
    """First moment after the last day for objections."""
    is_open: bool
    """Whether objections are still taken."""
    closes_early: bool
    """Whether the rules let the window close once every team was heard."""
    may_confirm: bool
    call_is_here: bool
    """Whether the call for the empty places is on this record, and settles them."""
    following: str
    """Stage that follows, once its teams were named; else empty."""
    goes_on: bool
    """Whether the next stage's teams are to be named now."""
    ends: bool
    """Whether the programme is to end now, with who is left."""
    said: dict[str, FiledObjection]
    """What each objection says, by its id."""
    agenda: tuple[AgendaItem, ...]
    history: tuple[TimelineEntry, ...]
    public_history: tuple[TimelineEntry, ...]
    """Without objections and declarations, which are the teams' own."""


def left_teams(office: Office) -> tuple[LeftTeam, ...]:
    """Teams that left the programme, in the order in which they did."""
    found = []
    for team, history in desk_of_office(office).histories(WITHDRAWAL).items():
        for entry in read_history(history, TeamWithdrawn):
            left = LeftTeam(
                team=team, at=entry.mandate.at, statement=entry.event.statement
            )
            found.append(left)
    return tuple(found)


def decision_file(office: Office) -> DecisionFile | None:
    """What followed the decision; None where nothing was decided."""
    if recorded(office, DECISION, office.plan.stage) is None:
        return None
    places, now = stage_places(office), office.now()
    found, stage = aftermath_of(office, places), places.decided
    closes = _closes(found.decision.objection_until, now)
    following = _following(office)
    public = _public_files(office, following)
    rule, last = office.rulebook.objection, office.rulebook.final or None
    way = WayOn(
        teams=found.next_teams,
        is_recorded=bool(following) or found.ended is not None,
        ends_with=None if last is None else last.teams,
    )
    return DecisionFile(
        aftermath=found,
        digest=stage.digest,
        closes=closes,
        is_open=found.confirmed is None and now < closes,
        closes_early=rule is not None and rule.early_closure,
        may_confirm=found.confirmed is None and may_confirm(stage, now.isoformat()),
        call_is_here=_is_here(office, found.places.call),
        following=following,
        goes_on=way.is_due and not way.is_end,
        ends=way.is_due and way.is_end,
        said=_said(office),
        agenda=after_agenda(
            stage, found.places, way, confirmed=found.confirmed, now=now.isoformat()
        ),
        history=timeline(public + _private_files(office, found), EVENT_WORDS),
        public_history=timeline(public, EVENT_WORDS),
    )


def _closes(last_day: str, now: datetime) -> datetime:
    after = date.fromisoformat(last_day) + timedelta(days=1)
    return datetime.combine(after, time(), tzinfo=now.tzinfo)


def _is_here(office: Office, call: str | None) -> bool:
    room = CallRoom(desk=desk_of_office(office))
    return call is not None and room.drafted(call) is not None


def _following(office: Office) -> str:
    """The stage whose teams were named from the decision on this one."""
    for name, history in desk_of_office(office).histories(STAGE_TEAMS).items():
        named = stage_teams(history)
        if named is not None and named.after == office.plan.stage:
            return name
    return ""


def _said(office: Office) -> dict[str, FiledObjection]:
    plan = office.plan
    filed = office.store.acts.of_kind(plan.programme, plan.stage, OBJECTION)
    return {
        act.subject: read_as(act.body, FiledObjection, where=act.subject)
        for act in filed
    }


def _public_files(office: Office, following: str) -> Files:
    plan = office.plan
    files: Files = [
        (plan.stage, _read(office, confirmation_matter(plan.programme, plan.stage))),
        (plan.stage, _read(office, vacancy_matter(plan.programme, plan.stage))),
        (plan.programme, _read(office, final_matter(plan.programme))),
    ]
    if following:
        matter = stage_teams_matter(plan.programme, following)
        files.append((following, _read(office, matter)))
    left = desk_of_office(office).histories(WITHDRAWAL)
    files += [
        (team, read_history(left.get(team, ()), TeamWithdrawn)) for team in plan.teams
    ]
    return files


def _private_files(office: Office, found: Aftermath) -> Files:
    plan = office.plan
    desk = desk_of_office(office)
    waived = desk.histories(WAIVER, plan.stage)
    files: Files = [
        (team, read_history(waived[team], WillNotObject)) for team in found.waived
    ]
    handled = desk.histories(HANDLED, plan.stage)
    events: Any = ObjectionEvent
    files += [
        (each.id, read_history(handled.get(each.id, ()), events))
        for each in found.objections
    ]
    return files


def _read(office: Office, matter: Matter) -> tuple[Recorded[Any], ...]:
    return read_history(desk_of_office(office).history(matter), _EVENTS[matter.kind])


_EVENTS: dict[str, Any] = {
    "confirmation": DecisionConfirmed,
    "vacancy": VacancyEvent,
    "stage_teams": StageTeamsNamed,
    "final_selection": FinalSelection,
}
