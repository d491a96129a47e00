"""Versions of the schedule: set, read, told apart."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act, read_history
from dokja.programme.schedule.values import (
    Announced,
    ChangeKind,
    DateChange,
    Milestone,
    ScheduleSet,
    ScheduleVersion,
)

SCHEDULE = "schedule"
_PARTS_OF_A_DAY = 3


def schedule_matter(programme: str) -> Matter:
    """The matter under which a programme's schedule is kept."""
    return Matter(programme=programme, kind=SCHEDULE, id=programme)


def set_schedule(
    matter: Matter,
    history: Sequence[Act],
    schedule: ScheduleSet,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of a new version.

    Raises: InvalidInput for dates that are none, end before they begin or stand
    twice; NotAllowed for a change without reason or notice, and for a version that
    changes nothing; Conflict where another version was set meanwhile.
    """
    _check(schedule.milestones)
    earlier = schedule_versions(history)
    if earlier:
        if schedule.reason is None or schedule.notice is None:
            raise NotAllowed(
                "a changed schedule needs a reason and a notice",
                remedy="say why the dates change, and where the change was announced",
            )
        if not date_changes(earlier[-1].schedule.milestones, schedule.milestones):
            raise NotAllowed(
                f"the dates are those of version {len(earlier)}",
                remedy="set a new version only where a date changes",
            )
    return next_act(matter, history, schedule, seen=seen, mandate=mandate)


def schedule_versions(history: Sequence[Act]) -> tuple[ScheduleVersion, ...]:
    """Every version, each with what it changed against the one before."""
    found: list[ScheduleVersion] = []
    before: tuple[Milestone, ...] = ()
    for entry in read_history(history, ScheduleSet):
        after = entry.event.milestones
        found.append(
            ScheduleVersion(
                number=entry.number,
                set_at=entry.mandate.at,
                by=entry.mandate.by,
                clause=entry.mandate.clause,
                schedule=entry.event,
                changes=date_changes(before, after) if found else (),
            )
        )
        before = after
    return tuple(found)


def date_changes(
    before: Sequence[Milestone], after: Sequence[Milestone]
) -> tuple[DateChange, ...]:
    """What differs, in the order of the new dates; dropped ones come last."""
    old = {milestone.id: milestone for milestone in before}
    new = {milestone.id: milestone for milestone in after}
    changes = [
        _change(old.get(milestone.id), milestone)
        for milestone in in_order(after)
        if not _same_dates(old.get(milestone.id), milestone)
    ]
    dropped = (m for m in in_order(before) if m.id not in new)
    return (*changes, *(_change(milestone, None) for milestone in dropped))


def in_order(milestones: Sequence[Milestone]) -> tuple[Milestone, ...]:
    """The dates by the first day each can mean."""
    return tuple(sorted(milestones, key=lambda m: (first_day(m.at), m.id)))


def first_day(announced: Announced) -> date:
    """The first day that the announced date can mean."""
    year, month, day = (*map(int, announced.split("-")), 1, 1)[:_PARTS_OF_A_DAY]
    return date(year, month, day)


def last_day(announced: Announced) -> date:
    """The last day that the announced date can mean."""
    if is_a_day(announced):
        return first_day(announced)
    year, month = (*map(int, announced.split("-")), 12)[:2]
    return date(year, month, monthrange(year, month)[1])


def is_a_day(announced: Announced) -> bool:
    """Whether a single day was announced."""
    return len(announced.split("-")) == _PARTS_OF_A_DAY


def _change(before: Milestone | None, after: Milestone | None) -> DateChange:
    if before is None or after is None:
        kind = ChangeKind.ADDED if before is None else ChangeKind.DROPPED
        return DateChange(kind=kind, before=before, after=after, days=None)
    days = None
    if is_a_day(before.at) and is_a_day(after.at):
        days = (first_day(after.at) - first_day(before.at)).days
    return DateChange(kind=ChangeKind.MOVED, before=before, after=after, days=days)


def _same_dates(before: Milestone | None, after: Milestone) -> bool:
    return before is not None and (before.at, before.until) == (after.at, after.until)


def _check(milestones: Sequence[Milestone]) -> None:
    if not milestones:
        raise InvalidInput("the schedule has no date", remedy="name at least one")
    names = [milestone.id for milestone in milestones]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(
            f"the schedule names {', '.join(twice)} twice", remedy="give each one date"
        )
    for milestone in milestones:
        try:
            begins = first_day(milestone.at)
            ends = last_day(milestone.until or milestone.at)
        except ValueError as error:
            raise InvalidInput(
                f"{milestone.id}: {error}", remedy="write YYYY, YYYY-MM or YYYY-MM-DD"
            ) from error
        if ends < begins:
            raise InvalidInput(
                f"{milestone.id} ends on {milestone.until}, before {milestone.at}",
                remedy="correct one of the two dates",
            )
