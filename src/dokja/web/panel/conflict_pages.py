"""An expert's interests as computed, and a conflict declared by the expert."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Text
from dokja.panel.desk import TaskState
from dokja.panel.values import Coverage
from dokja.programme.interest_rules import InterestLevel
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.panel.seat import Seat, seat_of

conflicts = Room()

TITLE = Text(ko="내 이해관계", en="My interests")
CONFIRM = Text(ko="이해충돌 신고", en="Declare a conflict")

LEVELS = {
    InterestLevel.CONFLICT: Text(ko="이해충돌", en="conflict"),
    InterestLevel.POSSIBLE: Text(ko="이해관계 가능성", en="possible interest"),
    InterestLevel.NONE: Text(ko="없음", en="none"),
}


class OwnInterest(msgspec.Struct, frozen=True, kw_only=True):
    """What stands between the expert and one team."""

    team: str
    name: Text
    level: InterestLevel
    level_name: Text
    declared: bool
    path: Text


class OwnInterests(msgspec.Struct, frozen=True, kw_only=True):
    """Every team with the path that makes an interest, if any."""

    expert: str
    on: str
    found: tuple[OwnInterest, ...]


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What declaring a conflict would do, before it is declared."""

    team: str
    team_name: Text
    is_recused: bool
    """Already; declaring adds the expert's word to what was computed."""
    handed_in: int
    """Sheets that would be kept and count no more."""
    drafts: int
    """Sheets that could not be gone on with."""
    coverage: Coverage
    left: int
    """Experts who could still score the team."""


@conflicts.page("/panel/conflicts")
def own_interests(visit: Visitor) -> Page:
    """The expert's interests, team by team."""
    seat = seat_of(visit)
    interests = seat.desk.interests()
    view = OwnInterests(
        expert=seat.expert,
        on=interests.on.isoformat(),
        found=tuple(
            OwnInterest(
                team=one.team,
                name=seat.room.team_name(one.team),
                level=one.level,
                level_name=LEVELS[one.level],
                declared=one.declared,
                path=one.reason,
            )
            for one in interests.found
            if one.expert == seat.expert and one.team in seat.room.setup.teams
        ),
    )
    return Page(template="panel/conflicts.html", title=TITLE, view=view)


@conflicts.page("/panel/conflicts/{team}")
def effect(visit: Visitor, team: str) -> Page:
    """What declaring a conflict with the team would do."""
    view = _effect(seat_of(visit), team)
    return Page(template="panel/declare.html", title=CONFIRM, view=view)


@conflicts.act("/panel/conflicts/{team}")
def declare(visit: Visitor, team: str) -> Onward:
    """Declares a conflict with the team."""
    seat = seat_of(visit)
    seat.desk.declare_conflict(seat.expert, team, at=seat.at)
    return Onward(to="/panel/conflicts")


def _effect(seat: Seat, team: str) -> Effect:
    seat.desk.require_member(seat.expert, team)
    status = seat.room.office().status()
    (coverage,) = (one for one in status.coverage if one.team == team)
    states = [t.state for t in seat.desk.tasks(seat.expert) if t.name.team == team]
    is_recused = any(
        (one.expert, one.team) == (seat.expert, team) for one in seat.room.recusals()
    )
    return Effect(
        team=team,
        team_name=seat.room.team_name(team),
        is_recused=is_recused,
        handed_in=states.count(TaskState.HANDED_IN),
        drafts=states.count(TaskState.DRAFT),
        coverage=coverage,
        left=coverage.experts - coverage.recused - (0 if is_recused else 1),
    )
