"""One sheet as a page: which round is shown, and what stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dokja.errors import NotAllowed
from dokja.panel.desk import FieldProblem, HandedIn, SheetName, SheetTask, TaskState
from dokja.panel.desk.fields import body_of
from dokja.panel.values import SheetRound
from dokja.web.panel.seat import Seat
from dokja.web.panel.views import (
    ROUNDS,
    Clash,
    Correction,
    Sheet,
    SheetTab,
    address_of,
    clash_fields,
    entries_of,
    fields_of,
    points,
)

FIRST = (TaskState.OPEN, TaskState.DRAFT)
"""States that ask to be worked on: their round is shown unless one is named."""


def name_of(seat: Seat, team: str, asked: str) -> SheetName:
    """The sheet that is meant: the round asked for, else the one to work on.

    Raises: NotAllowed where the expert may not score the team, and why.
    """
    anchor = SheetName(expert=seat.expert, team=team, round=SheetRound.CALIBRATION)
    if asked == SheetRound.CALIBRATION:
        return anchor
    reason = seat.desk.barred(seat.expert, team)
    if reason is not None:
        raise NotAllowed(
            reason.en,
            remedy="your desk lists the teams that are yours to score",
            korean=f"{reason.ko} 배정된 팀은 전문가 평가 첫 화면에 있습니다.",
        )
    own = [one for one in seat.desk.tasks(seat.expert) if _is_of(one, team)]
    named = [one.name for one in own if one.name.round == asked]
    waiting = [one.name for one in own if one.state in FIRST]
    handed = [one.name for one in own if one.state is TaskState.HANDED_IN]
    return (*named, *waiting, *reversed(handed), *(one.name for one in own))[0]


def sheet_view(
    seat: Seat,
    name: SheetName,
    *,
    typed: Mapping[str, Any] | None = None,
    problems: Sequence[FieldProblem] = (),
    reason: str = "",
    saved: bool = False,
) -> Sheet:
    """The sheet as it stands, or with what was just typed and what it lacks.

    Raises: NotAllowed where the expert may not work on it, with the reason.
    """
    handed, before = seat.desk.handed_in(name), _before(seat, name)
    if handed is None:
        opened = seat.desk.open_sheet(name)
        body = opened.body if typed is None else dict(typed)
        shown = (*opened.problems, *problems) if typed is None else tuple(problems)
        version = opened.version
    else:
        body = body_of(handed.sheet) if typed is None else dict(typed)
        shown, version = tuple(problems), 0
    criteria = seat.room.setup.criteria
    filled, total = points(body, criteria)
    return Sheet(
        team=name.team,
        team_name=seat.room.team_name(name.team),
        round=name.round,
        round_name=ROUNDS[name.round],
        rounds=_tabs(seat, name),
        address=address_of(name).partition("?")[0],
        is_team=name.round is not SheetRound.CALIBRATION,
        fields=fields_of(criteria, body, shown, before),
        version=version,
        filled=filled,
        total=total,
        possible=sum(one.max for one in criteria),
        problems=shown,
        reason=reason,
        handed_in_at=None if handed is None else handed.at,
        entries=() if handed is None else entries_of(criteria, handed, before),
        corrections=()
        if handed is None
        else tuple(Correction(at=c.at, reason=c.reason) for c in handed.corrections),
        closed=None if handed is None else seat.desk.refusal(name),
        saved=saved,
    )


def clash_view(
    seat: Seat, name: SheetName, typed: Mapping[str, Any], *, sent: int
) -> Clash:
    """Both texts of the sheet, field by field, and the version to go on from."""
    kept = seat.desk.open_sheet(name)
    found = clash_fields(seat.room.setup.criteria, kept, typed)
    return Clash(
        team=name.team,
        team_name=seat.room.team_name(name.team),
        round=name.round,
        address=address_of(name).partition("?")[0],
        version=kept.version,
        sent=sent,
        differing=tuple(one for one in found if one.kept != one.typed),
        same=tuple(one for one in found if one.kept == one.typed),
    )


def _is_of(task: SheetTask, team: str) -> bool:
    return task.name.team == team and task.name.round is not SheetRound.CALIBRATION


def _before(seat: Seat, name: SheetName) -> HandedIn | None:
    """The expert's own sheet from before the discussion, beside the later one."""
    if name.round is not SheetRound.AFTER:
        return None
    earlier = SheetName(expert=name.expert, team=name.team, round=SheetRound.BEFORE)
    return seat.desk.handed_in(earlier)


def _tabs(seat: Seat, name: SheetName) -> tuple[SheetTab, ...]:
    if name.round is SheetRound.CALIBRATION:
        return ()
    own = [one for one in seat.desk.tasks(name.expert) if _is_of(one, name.team)]
    return tuple(
        SheetTab(
            round=one.name.round,
            name=ROUNDS[one.name.round],
            state=one.state.value,
            address=address_of(one.name),
            is_shown=one.name == name,
        )
        for one in (own if len(own) > 1 else ())
    )
