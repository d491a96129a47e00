"""The panel as the office sees it, as values: no score before the panel is closed."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from dokja.evidence.values import Text
from dokja.panel import panel_agreement
from dokja.panel.desk import PanelStatus, SheetName
from dokja.panel.desk.record import DeskRecord
from dokja.panel.recusal import recusal_reason, recusals
from dokja.panel.rounds import calibration_round
from dokja.panel.values import (
    Assignment,
    CalibrationRound,
    Coverage,
    PanelAgreement,
    SheetRound,
    Shortfall,
)
from dokja.wiring.panel_room import PanelRoom


class CellState(StrEnum):
    """How far one expert is with one team."""

    NONE = "none"
    ASSIGNED = "assigned"
    DRAFT = "draft"
    PARTLY = "partly"
    HANDED_IN = "handed_in"
    RECUSED = "recused"


STATE_NAMES = {
    CellState.NONE: Text(ko="배정 없음", en="not assigned"),
    CellState.ASSIGNED: Text(ko="시작 전", en="not begun"),
    CellState.DRAFT: Text(ko="작성 중", en="draft"),
    CellState.PARTLY: Text(ko="일부 제출", en="handed in in part"),
    CellState.HANDED_IN: Text(ko="제출함", en="handed in"),
    CellState.RECUSED: Text(ko="회피", en="recused"),
}


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One expert and one team."""

    team: str
    state: CellState
    words: Text
    """The state, with the reason of a recusal."""


class MatrixRow(msgspec.Struct, frozen=True, kw_only=True):
    """One expert across the teams."""

    expert: str
    has_account: bool
    cells: tuple[Cell, ...]
    missing: int


class TeamTalk(msgspec.Struct, frozen=True, kw_only=True):
    """The discussion of one team."""

    team: str
    name: Text
    is_open: bool
    missing: tuple[str, ...]
    """Experts whose sheet from before is still missing."""


class PairReason(msgspec.Struct, frozen=True, kw_only=True):
    """An expert and a team, with what is to be known about the two."""

    expert: str
    name: Text
    reason: Text


class TeamHead(msgspec.Struct, frozen=True, kw_only=True):
    """A team with what its sheets cover."""

    team: str
    name: Text
    coverage: Coverage
    is_short: bool


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A pair that another assignment would add or drop."""

    expert: str
    name: Text
    is_added: bool
    costs_sheet: bool
    """Whether the expert has handed in a sheet that would count no more."""


class AssignmentView(msgspec.Struct, frozen=True, kw_only=True):
    """Who scores whom, and what assigning again would give."""

    is_ruled: bool
    """Whether a rule asks for an assignment at all."""
    is_frozen: bool
    method: str
    possible_used: int
    shortfalls: tuple[Shortfall, ...]
    """Of assigning now."""
    moves: tuple[Move, ...]
    can_freeze: bool
    to_register: tuple[str, ...]
    """Lines that the register needs before it can be assigned again."""


class Working(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to see once experts can score."""

    heads: tuple[TeamHead, ...]
    rows: tuple[MatrixRow, ...]
    needed: int
    handed_in: int
    changed: tuple[PairReason, ...]
    """Interests that conflicts declared at the desk changed."""
    left_out: tuple[PairReason, ...]
    """Sheets that were handed in and do not count."""
    talks: tuple[TeamTalk, ...]
    calibration: CalibrationRound | None
    agreement: PanelAgreement | None
    """None until the panel is closed: nobody steers by a half-filled panel."""
    is_closed: bool


class OfficePanel(msgspec.Struct, frozen=True, kw_only=True):
    """The panel as its office sees it."""

    closes: str
    quorum: int
    not_ready: Text | None
    assignment: AssignmentView
    working: Working | None
    may_run: bool


def office_view(room: PanelRoom, *, may_run: bool) -> OfficePanel:
    """The panel at this moment."""
    not_ready = room.not_ready
    return OfficePanel(
        closes=room.host.plan.schedule.panel_closed,
        quorum=room.setup.panel_rules.quorum,
        not_ready=not_ready,
        assignment=_assignment(room, may_run=may_run),
        working=None if not_ready is not None else _working(room),
        may_run=may_run,
    )


def _working(room: PanelRoom) -> Working:
    status, record = room.office().status(), room.record()
    rows = tuple(_rows(room, status, record))
    needed = {*status.missing, *_counted(status, record)}
    return Working(
        heads=tuple(
            TeamHead(
                team=one.team,
                name=room.team_name(one.team),
                coverage=one,
                is_short=one.team in status.short,
            )
            for team in room.setup.teams
            for one in status.coverage
            if one.team == team
        ),
        rows=rows,
        needed=len(needed),
        handed_in=len(needed) - len(status.missing),
        changed=tuple(
            PairReason(
                expert=one.expert, name=room.team_name(one.team), reason=one.reason
            )
            for one in room.changed()
        ),
        left_out=tuple(_left_out(room, status)),
        talks=tuple(_talks(room, status, record)),
        calibration=calibration_round(status.panel),
        agreement=panel_agreement(status.panel) if status.is_closed else None,
        is_closed=status.is_closed,
    )


def _left_out(room: PanelRoom, status: PanelStatus) -> Iterator[PairReason]:
    """One line for each pair, whichever of its rounds are left out."""
    pairs = {(o.sheet.expert, o.sheet.team): o.reason for o in status.left_out}
    for (expert, team), reason in pairs.items():
        yield PairReason(expert=expert, name=room.team_name(team), reason=reason)


def _counted(status: PanelStatus, record: DeskRecord) -> Iterator[SheetName]:
    """Sheets that were owed and handed in; those of a recusal are owed no more."""
    barred = {(one.expert, one.team) for one in recusals(status.panel)}
    for name in record.sheets:
        if (name.expert, name.team) not in barred:
            yield name


def _rows(
    room: PanelRoom, status: PanelStatus, record: DeskRecord
) -> Iterator[MatrixRow]:
    reasons = {(r.expert, r.team): recusal_reason(r) for r in recusals(status.panel)}
    begun, members = room.begun(), room.members()
    for expert in room.setup.register.experts:
        cells = tuple(
            _cell(room, record, begun, (expert, team), reasons.get((expert, team)))
            for team in room.setup.teams
        )
        yield MatrixRow(
            expert=expert,
            has_account=expert in members,
            cells=cells,
            missing=sum(name.expert == expert for name in status.missing),
        )


def _cell(
    room: PanelRoom,
    record: DeskRecord,
    begun: frozenset[tuple[str, str]],
    pair: tuple[str, str],
    reason: Text | None,
) -> Cell:
    expert, team = pair
    rounds = room.rounds
    names = [SheetName(expert=expert, team=team, round=one) for one in rounds]
    handed = sum(name in record.sheets for name in names)
    if reason is not None:
        state = CellState.RECUSED
    elif handed == len(names):
        state = CellState.HANDED_IN
    elif any((expert, name.draft) in begun for name in names):
        state = CellState.DRAFT
    elif handed:
        state = CellState.PARTLY
    else:
        is_assigned = any(
            one.team == team and expert in one.experts
            for one in room.setup.assignment.teams
        )
        state = CellState.ASSIGNED if is_assigned else CellState.NONE
    word = STATE_NAMES[state]
    more = reason or Text(ko="", en="")
    words = Text(ko=f"{word.ko}: {more.ko}", en=f"{word.en}: {more.en}")
    return Cell(team=team, state=state, words=words if reason else word)


def _talks(
    room: PanelRoom, status: PanelStatus, record: DeskRecord
) -> Iterator[TeamTalk]:
    if not room.setup.panel_rules.discussion:
        return
    for team in room.setup.teams:
        yield TeamTalk(
            team=team,
            name=room.team_name(team),
            is_open=team in record.discussed,
            missing=tuple(
                name.expert
                for name in status.missing
                if (name.team, name.round) == (team, SheetRound.BEFORE)
            ),
        )


def _assignment(room: PanelRoom, *, may_run: bool) -> AssignmentView:
    current, proposed = room.setup.assignment, room.proposal()
    to_register = tuple(
        f'{{ expert = "{one.expert}", team = "{one.team}", '
        f"recorded = {one.recorded.isoformat()} }}"
        for one in room.undeclared()
    )
    shortfalls = () if proposed is None else proposed.shortfalls
    is_new = proposed is not None and (
        not room.is_frozen or proposed.teams != current.teams
    )
    return AssignmentView(
        is_ruled=room.needs is not None,
        is_frozen=room.is_frozen,
        method=current.method,
        possible_used=current.possible_used,
        shortfalls=shortfalls,
        moves=()
        if proposed is None or shortfalls
        else tuple(_moves(room, current, proposed)),
        can_freeze=may_run and is_new and not shortfalls and not to_register,
        to_register=to_register,
    )


def _moves(
    room: PanelRoom, current: Assignment, proposed: Assignment
) -> Iterator[Move]:
    before, after = _pairs(current), _pairs(proposed)
    scored = {(name.expert, name.team) for name in room.record().sheets}
    for expert, team in sorted(before ^ after, key=lambda pair: (pair[1], pair[0])):
        yield Move(
            expert=expert,
            name=room.team_name(team),
            is_added=(expert, team) in after,
            costs_sheet=(expert, team) in before and (expert, team) in scored,
        )


def _pairs(assignment: Assignment) -> set[tuple[str, str]]:
    return {(e, one.team) for one in assignment.teams for e in one.experts}
