"""Equal support: days and GPU-hours of the teams side by side, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.support.equal_entry import NewcomerSupport
from dokja.support.fairness import DevelopmentTime, FairnessRequest, TeamFairness
from dokja.support.gpu.values import EqualTimeGranted
from dokja.support.values import Window
from dokja.web.acts import ActLink, links_to, local_moment
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.support.acts import SUPPORT_ACTS
from dokja.web.support.compared import usual_times
from dokja.web.support.reader import member_reader
from dokja.web.visit import Visit
from dokja.wiring.equal_support import StageTimes, support_at

room = Room()

YEARS = range(2000, 2101)
"""Years that can be tried."""
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
    newcomers: tuple[NewcomerSupport, ...]
    """Teams that came late, and what each is owed."""
    granted: tuple[EqualTimeGranted, ...]


@room.page("/support/fairness")
def fairness_page(visit: Visitor) -> Page:
    """The comparison at the times of the record, or at those that were filled in."""
    reader = member_reader(visit)
    record = reader.record
    usual = usual_times(visit.office, record)
    tried = _tried(visit, usual) if reader.sees_all else usual
    found = None if tried is None else support_at(record, tried)
    times = {each.team: each.window for each in tried.request.teams} if tried else {}
    zone, stage = visit.office.now().tzinfo, visit.office.plan.stage
    view = FairnessView(
        stage=stage,
        unit=record.terms.rules.unit,
        tolerance=f"{record.terms.rules.tolerance:.0%}",
        team=reader.team,
        sees_all=reader.sees_all,
        is_usual=tried == usual,
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
            for row in (found.teams if found else ())
            if reader.sees(row.team)
        ),
        newcomers=tuple(
            each
            for each in (found.newcomers if found else ())
            if reader.sees(each.team)
        ),
        granted=reader.standing.equal_time,
    )
    return Page(template="support/fairness.html", title=TITLE, view=view)


def _tried(visit: Visit, usual: StageTimes | None) -> StageTimes | None:
    """The usual times, or those that were filled in. Raises: InvalidInput."""
    asked = visit.request.query_params
    if usual is None or not any(name.startswith("begins.") for name in asked):
        return usual
    zone = visit.office.now().tzinfo
    try:
        teams = tuple(_filled_in(each, asked, zone) for each in usual.request.teams)
    except ValueError as error:
        raise InvalidInput(
            f"these times cannot be compared: {error}",
            remedy="give every team a beginning before its end",
            korean="비교할 수 없는 기간입니다. 팀마다 시작을 끝보다 앞으로 적어 "
            "주십시오.",
        ) from error
    request = FairnessRequest(stage=usual.request.stage, teams=teams)
    return StageTimes(request, usual.newcomers)


def _filled_in(
    known: DevelopmentTime, asked: Mapping[str, str], zone: tzinfo | None
) -> DevelopmentTime:
    """The team's time as it was filled in. Raises: ValueError."""

    def at(name: str, otherwise: datetime) -> datetime:
        sent = asked.get(f"{name}.{known.team}", "")
        if not sent:
            return otherwise
        found = datetime.fromisoformat(sent)
        if found.year not in YEARS:
            raise ValueError(f"{sent} is not in {YEARS[0]} to {YEARS[-1]}")
        return found if found.tzinfo else found.replace(tzinfo=zone)

    window = Window(
        begins=at("begins", known.window.begins), ends=at("ends", known.window.ends)
    )
    return DevelopmentTime(team=known.team, window=window)
