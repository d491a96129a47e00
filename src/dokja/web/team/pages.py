"""The team portal: submission, scores, reply and objection, each of the own team."""

from __future__ import annotations

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.people import Permission, require
from dokja.submission.values import ComponentKind
from dokja.web.calls.room import room_of
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.reader import Reader
from dokja.web.team.agreement import own_calls
from dokja.web.team.programme import team_programme
from dokja.web.team.support import own_support
from dokja.web.team.views import team_view
from dokja.web.visit import Visit
from dokja.wiring.team_portal import file_objection, hand_in_reply, team_record

team = Room()

TITLE = Text(ko="팀 창구", en="Team portal")


@team.page("/team")
def own_team(visit: Visitor) -> Page:
    """What is on record of the visitor's team."""
    name = _own(visit, Permission.SEE_SUBMISSION)
    record, now = team_record(visit.office, name), visit.office.now()
    view = msgspec.structs.replace(
        team_view(record, visit.office.rulebook, now=now.isoformat()),
        calls=own_calls(
            room_of(visit.office), name, today=now.date(), now=now.isoformat()
        ),
        support=own_support(visit.office, name),
        programme=team_programme(visit.office, Reader(account=visit.account)),
    )
    return Page(template="team/portal.html", title=TITLE, view=view)


@team.act("/team/reply")
def reply(visit: Visitor) -> Onward:
    """Hands in a reply to the evidence on one component."""
    name = _own(visit, Permission.REPLY)
    korean, english = visit.sent("text_ko"), visit.sent("text_en")
    text = Text(ko=korean or english, en=english or korean)
    component = visit.sent("component")
    if component not in {*ComponentKind}:
        raise InvalidInput(
            "there is no such component", remedy="choose one of the list"
        )
    act = hand_in_reply(visit.office, name, component, text)
    visit.note(act.kind, act.subject)
    return Onward(to="/team#reply")


@team.act("/team/objection")
def objection(visit: Visitor) -> Onward:
    """Files an objection to the decision."""
    name = _own(visit, Permission.OBJECT)
    act = file_objection(visit.office, name, visit.sent("about"), visit.sent("text"))
    visit.note(act.kind, act.subject)
    return Onward(to="/team#objection")


def _own(visit: Visit, permission: Permission) -> str:
    """The visitor's team. Raises: NotAllowed where the role has none."""
    account = visit.account
    name = "" if account is None else account.subject
    require(account, permission, of=name)
    return name
