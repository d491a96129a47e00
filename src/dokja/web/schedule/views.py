"""What each reader is shown of dates and consultations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, TimelineEntry
from dokja.programme.schedule.values import (
    ChangeKind,
    Consultation,
    ConsultationAbout,
    ConsultationState,
    DateChange,
    Milestone,
    ScheduleVersion,
    Source,
    Stance,
)
from dokja.programme.schedule.versions import date_changes, in_order
from dokja.programme.schedule.words import (
    ABOUT,
    CHANGE_KINDS,
    CONSULTATION_STATES,
    STANCES,
)
from dokja.web.acts import ActLink, links_to
from dokja.web.reader import Reader
from dokja.web.schedule.acts import SCHEDULE_ACTS
from dokja.web.schedule.drift import Drift, drift_of
from dokja.wiring.schedules import Schedules


class DateLine(msgspec.Struct, frozen=True, kw_only=True):
    """One date that differs from before."""

    kind: Text
    name: Text
    before: str
    after: str
    days: int | None


class VersionLine(msgspec.Struct, frozen=True, kw_only=True):
    """A version, what it changed and why."""

    number: int
    set_at: str
    clause: str
    reason: Text | None
    notice: Source | None
    consultation: str
    dates: int
    changes: tuple[DateLine, ...]


class ConsultationLine(msgspec.Struct, frozen=True, kw_only=True):
    """A consultation on the list."""

    id: str
    about: Text
    change: Text
    state: Text
    is_open: bool
    until: str
    asked: int
    replied: int


class ScheduleView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of the dates."""

    version: int
    dates: tuple[Milestone, ...]
    """As they stand now, the first at the top."""
    drift: Drift | None
    versions: tuple[VersionLine, ...]
    """The newest first."""
    consultations: tuple[ConsultationLine, ...]
    agenda: tuple[AgendaItem, ...]
    runs: bool
    acts: tuple[ActLink, ...]


class ReplyLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a team said."""

    team: str
    stance: Text
    is_dissent: bool
    text: str


class StanceCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many teams took a stance."""

    name: Text
    count: int


class ConsultationView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of one consultation."""

    id: str
    about: Text
    change: Text
    reason: Text
    state: Text
    is_open: bool
    is_adopted: bool
    until: str
    rules_now: str
    rules_digest: str | None
    """Of the rules as they would be."""
    changes: tuple[DateLine, ...]
    replies: tuple[ReplyLine, ...]
    """Those that the reader may see."""
    counts: tuple[StanceCount, ...]
    """Empty while it is open: nobody replies by what others say."""
    silent: tuple[str, ...]
    asked: int
    replied: int
    shows_teams: bool
    settled_at: str
    outcome: Text | None
    names_officers: bool
    history: tuple[TimelineEntry, ...]
    acts: tuple[ActLink, ...]


def schedule_view(
    found: Schedules, reader: Reader, *, agenda: Sequence[AgendaItem]
) -> ScheduleView:
    """The dates for this reader: all of them are public."""
    now = found.versions[-1].schedule.milestones if found.versions else ()
    acts = ("schedule-set", "consultation-dates", "consultation-rules")
    return ScheduleView(
        version=len(found.versions),
        dates=in_order(now),
        drift=drift_of(found.versions),
        versions=tuple(_version(each) for each in reversed(found.versions)),
        consultations=tuple(_listed(each) for each in reversed(found.consultations)),
        agenda=tuple(agenda) if reader.sees_all else (),
        runs=reader.sees_all,
        acts=links_to(SCHEDULE_ACTS, acts) if reader.runs else (),
    )


def consultation_view(
    found: Consultation,
    reader: Reader,
    *,
    before: Sequence[Milestone],
    rules_now: str,
    history: Sequence[TimelineEntry],
) -> ConsultationView:
    """One consultation for this reader; `before` are the dates it would change.

    While it is open a team sees its own reply and no other. Afterwards those that
    were asked see all, and everybody how many said what.
    """
    proposed, is_open = found.proposed, found.state is ConsultationState.OPEN
    shows_teams = reader.sees_all or (not is_open and reader.team in proposed.teams)
    return ConsultationView(
        id=found.id,
        about=ABOUT[proposed.about],
        change=proposed.change,
        reason=proposed.reason,
        state=CONSULTATION_STATES[found.state],
        is_open=is_open,
        is_adopted=found.state is ConsultationState.ADOPTED,
        until=proposed.replies_until,
        rules_now=rules_now,
        rules_digest=proposed.rules_digest,
        changes=_proposed_changes(found, before),
        replies=tuple(
            ReplyLine(
                team=reply.team,
                stance=STANCES[reply.stance],
                is_dissent=reply.stance is Stance.DISSENT,
                text=reply.text,
            )
            for reply in found.answers
            if shows_teams or reader.team == reply.team
        ),
        counts=() if is_open and not reader.sees_all else _counts(found),
        silent=found.silent if shows_teams else (),
        asked=len(proposed.teams),
        replied=len(found.answers),
        shows_teams=shows_teams,
        settled_at=found.settled_at,
        outcome=found.outcome,
        names_officers=reader.sees_all,
        history=reader.history(history) if reader.sees_all else (),
        acts=links_to(SCHEDULE_ACTS, tuple(_acts(found, reader)), of=found.id),
    )


def _acts(found: Consultation, reader: Reader) -> Iterator[str]:
    is_open = found.state is ConsultationState.OPEN
    if is_open and reader.team in found.proposed.teams:
        yield "consultation-answer"
    if not reader.runs:
        return
    if is_open:
        yield "consultation-adopt"
        yield "consultation-drop"
    elif (
        found.state is ConsultationState.ADOPTED
        and found.proposed.about is ConsultationAbout.SCHEDULE
    ):
        yield "schedule-set"


def _proposed_changes(
    found: Consultation, before: Sequence[Milestone]
) -> tuple[DateLine, ...]:
    if found.proposed.about is ConsultationAbout.RULES:
        return ()
    return tuple(map(_date, date_changes(before, found.proposed.milestones)))


def _counts(found: Consultation) -> tuple[StanceCount, ...]:
    counted = Counter(reply.stance for reply in found.answers)
    return tuple(
        StanceCount(name=STANCES[stance], count=counted[stance]) for stance in Stance
    )


def _version(each: ScheduleVersion) -> VersionLine:
    schedule = each.schedule
    return VersionLine(
        number=each.number,
        set_at=each.set_at,
        clause=each.clause,
        reason=schedule.reason,
        notice=schedule.notice,
        consultation=schedule.consultation or "",
        dates=len(schedule.milestones),
        changes=tuple(map(_date, each.changes)),
    )


def _date(change: DateChange) -> DateLine:
    known = change.after or change.before
    assert known is not None, "a change has a side"
    return DateLine(
        kind=CHANGE_KINDS[ChangeKind(change.kind)],
        name=known.name,
        before=_dates(change.before),
        after=_dates(change.after),
        days=change.days,
    )


def _dates(milestone: Milestone | None) -> str:
    if milestone is None:
        return ""
    return milestone.at + (f" ~ {milestone.until}" if milestone.until else "")


def _listed(each: Consultation) -> ConsultationLine:
    return ConsultationLine(
        id=each.id,
        about=ABOUT[each.proposed.about],
        change=each.proposed.change,
        state=CONSULTATION_STATES[each.state],
        is_open=each.state is ConsultationState.OPEN,
        until=each.proposed.replies_until,
        asked=len(each.proposed.teams),
        replied=len(each.answers),
    )
