"""Equal support: days and GPU-hours of the teams side by side, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.support.fairness import DevelopmentTime, FairnessRequest, TeamFairness
from dokja.support.gpu.values import EqualTimeGranted
from dokja.support.values import Window
from dokja.web.acts import ActLink, links_to, local_moment
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.acts import SUPPORT_ACTS
from dokja.web.support.compared import usual_request
from dokja.web.support.reader import member_reader
from dokja.web.visit import Visit

room = Room()

TITLE = Text(ko="동등 지원 비교", en="Equal support")


class ComparedTeam(msgspec.Struct, frozen=True, kw_only=True):
    """A team beside the best supported, and what can be done about it."""

    row: TeamFairness
    begins: str
    ends: str
    """When it may develop, as the fields of the calculator show it."""
    acts: tuple[ActLink, ...]


class FairnessView(msgspec.Struct, frozen=True, kw_only=True):
    """The comparison; a team is shown its own row."""

    stage: str
    unit: str
    tolerance: str
    team: str
    sees_all: bool
    is_usual: bool
    """Whether the times are those of book and schedule, not some that were tried."""
    teams: tuple[ComparedTeam, ...]
    granted: tuple[EqualTimeGranted, ...]


@room.page("/support/fairness")
def fairness_page(visit: Visitor) -> Page:
    """The comparison at the times of the record, or at those that were filled in."""
    reader = member_reader(visit)
    record = reader.record
    usual = usual_request(visit.office, record)
    request = _tried(visit, usual) if reader.sees_all else usual
    rows = () if request is None else record.fairness(request)
    times = {each.team: each.window for each in request.teams} if request else {}
    zone, stage = visit.office.now().tzinfo, visit.office.plan.stage
    view = FairnessView(
        stage=stage,
        unit=record.terms.rules.unit,
        tolerance=f"{record.terms.rules.tolerance:.0%}",
        team=reader.team,
        sees_all=reader.sees_all,
        is_usual=request == usual,
        teams=tuple(
            ComparedTeam(
                row=row,
                begins=local_moment(times[row.team].begins, zone),
                ends=local_moment(times[row.team].ends, zone),
                acts=links_to(
                    SUPPORT_ACTS,
                    ("equal-time",) if reader.may_act and not row.within else (),
                    of=f"{stage}/{row.team}",
                ),
            )
            for row in rows
            if reader.sees(row.team)
        ),
        granted=reader.standing.equal_time,
    )
    return Page(template="support/fairness.html", title=TITLE, view=view)


def _tried(visit: Visit, usual: FairnessRequest | None) -> FairnessRequest | None:
    """The usual request with the times that were filled in. Raises: InvalidInput."""
    asked = visit.request.query_params
    if usual is None or not any(name.startswith("begins.") for name in asked):
        return usual
    zone = visit.office.now().tzinfo

    def at(name: str, otherwise: datetime) -> datetime:
        sent = asked.get(name, "")
        if not sent:
            return otherwise
        found = datetime.fromisoformat(sent)
        return found if found.tzinfo else found.replace(tzinfo=zone)

    def times() -> Iterator[DevelopmentTime]:
        for each in usual.teams:
            begins = at(f"begins.{each.team}", each.window.begins)
            ends = at(f"ends.{each.team}", each.window.ends)
            yield DevelopmentTime(
                team=each.team, window=Window(begins=begins, ends=ends)
            )

    try:
        return FairnessRequest(stage=usual.stage, teams=tuple(times()))
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            f"these times cannot be compared: {error}",
            remedy="give every team a beginning before its end",
            korean="비교할 수 없는 기간입니다. 팀마다 시작을 끝보다 앞으로 적어 "
            "주십시오.",
        ) from error
