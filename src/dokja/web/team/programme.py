"""What a team is asked, may do and has promised in the programme."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Text
from dokja.independence.allegation.values import AllegationState
from dokja.programme.schedule.values import ConsultationState
from dokja.web.acts import ActLink, links_to
from dokja.web.allegations.views import may_read
from dokja.web.commitments.views import PromiseLine, lines_of
from dokja.web.decisions.acts import DECISION_ACTS
from dokja.web.decisions.views import can_waive
from dokja.web.reader import Reader
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.allegations import read_allegations
from dokja.wiring.commitments import read_commitments
from dokja.wiring.decision_file import decision_file, left_teams
from dokja.wiring.disclosed import own_sheets
from dokja.wiring.office import Office
from dokja.wiring.schedules import read_schedules


class AskedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A consultation that the team is asked in."""

    id: str
    change: Text
    until: str
    is_answered: bool


class RaisedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Something alleged that the team may reply to."""

    id: str
    about: Text
    until: str


class TeamProgramme(msgspec.Struct, frozen=True, kw_only=True):
    """The team's part in the programme."""

    asked: tuple[AskedLine, ...]
    raised: tuple[RaisedLine, ...]
    promises: tuple[PromiseLine, ...]
    has_sheet: bool
    has_left: bool
    acts: tuple[ActLink, ...]


def team_programme(office: Office, reader: Reader) -> TeamProgramme:
    """What stands open for the team, and what it has promised."""
    desk, team = desk_of_office(office), reader.team
    has_left = team in {each.team for each in left_teams(office)}
    return TeamProgramme(
        asked=_asked(office, team),
        raised=tuple(
            RaisedLine(id=one.id, about=one.received.about, until=one.reply_until)
            for one in read_allegations(desk, public=False).open
            if one.received.team == team
            and one.state is not AllegationState.RESOLVED
            and may_read(one, reader)
        ),
        promises=lines_of(read_commitments(desk), team),
        has_sheet=bool(own_sheets(office, team)),
        has_left=has_left,
        acts=links_to(DECISION_ACTS, _acts(office, team, has_left=has_left)),
    )


def _asked(office: Office, team: str) -> tuple[AskedLine, ...]:
    return tuple(
        AskedLine(
            id=each.id,
            change=each.proposed.change,
            until=each.proposed.replies_until,
            is_answered=team not in each.silent,
        )
        for each in read_schedules(desk_of_office(office)).consultations
        if each.state is ConsultationState.OPEN and team in each.proposed.teams
    )


def _acts(office: Office, team: str, *, has_left: bool) -> tuple[str, ...]:
    found = decision_file(office)
    waives = found is not None and can_waive(found, team)
    takes_part = team in office.plan.teams and not has_left
    return (
        *(("objection-waive",) if waives else ()),
        *(("team-withdraw",) if takes_part else ()),
    )
