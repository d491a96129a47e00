"""Calls and applications: one page each, showing what its reader may see."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException

from dokja.call.agreements.state import AgreementFile
from dokja.call.applications.eligibility import eligibility_checks
from dokja.call.applications.state import ApplicationFile
from dokja.call.overview import OFFICE, PUBLIC
from dokja.call.state import CallFile
from dokja.evidence.values import Text
from dokja.people import Permission, may, require
from dokja.web.acts import links_to
from dokja.web.calls.acts import CALL_ACTS
from dokja.web.calls.offers import (
    agrees,
    applies_to,
    examines,
    hands_in,
    steps_of,
    words_of,
)
from dokja.web.calls.room import room_of
from dokja.web.calls.views import (
    ApplicationPage,
    CallList,
    CallPage,
    application_page,
    call_card,
    call_page,
)
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.reader import Reader
from dokja.web.visit import Visit
from dokja.wiring.calls import CallRoom

calls = Room()

TITLE = Text(ko="공모", en="Calls")


@calls.page("/calls")
def all_calls(visit: Visitor) -> Page:
    """Every call that was announced; to the office those it drafts as well."""
    now = visit.office.now().isoformat()
    shown = [
        call_card(file.state, now)
        for file in reversed(room_of(visit.office).all_calls())
        if file.state.rules_digest or Reader(account=visit.account).sees_all
    ]
    begins = ("call-draft",) if Reader(account=visit.account).runs else ()
    view = CallList(calls=tuple(shown), begins=links_to(CALL_ACTS, begins))
    return Page(template="calls/list.html", title=TITLE, view=view)


@calls.page("/calls/{call}")
def one_call(visit: Visitor, call: str) -> Page:
    """The call as the visitor may see it."""
    room = room_of(visit.office)
    file = _announced(visit, room, call)
    own = _own_application(visit, room, call)
    reader = OFFICE if Reader(account=visit.account).sees_all else own or PUBLIC
    view = call_page(
        room.overview(call, reader),
        file.state,
        now=visit.office.now().isoformat(),
        is_office=reader == OFFICE,
        own=own,
    )
    title = file.state.text.title
    view = _with_acts(visit, room, file, view)
    return Page(template="calls/call.html", title=title, view=view)


@calls.page("/calls/{call}/{application}")
def one_application(visit: Visitor, call: str, application: str) -> Page:
    """An application, to the office and to the applicant itself."""
    require(visit.account, Permission.SEE_SUBMISSION, of=application)
    room = room_of(visit.office)
    file = _announced(visit, room, call)
    begun = room.begun(call, application)
    if begun is None:
        raise HTTPException(404)
    agreement = room.drafted_agreement(call, application)
    is_office = Reader(account=visit.account).sees_all
    view = application_page(
        begun,
        agreement,
        title=file.state.text.title,
        checks=eligibility_checks(begun.state, room.bids(call), room.rulebook)
        if is_office
        else (),
        today=visit.office.now().date(),
        is_office=is_office,
    )
    view = _with_acts_on(visit, file, begun, agreement, view)
    title = begun.state.proposal.name
    return Page(template="calls/application.html", title=title, view=view)


def _announced(visit: Visit, room: CallRoom, call: str) -> CallFile:
    """The call; whoever may not see a draft is answered as if there were none."""
    file = room.drafted(call)
    if file is None or not (
        file.state.rules_digest or Reader(account=visit.account).sees_all
    ):
        raise HTTPException(404)
    return file


def _own_application(visit: Visit, room: CallRoom, call: str) -> str:
    """Id of the visitor's own application to the call; empty where there is none."""
    team = Reader(account=visit.account).team
    begun = room.begun(call, team) if team else None
    return "" if begun is None else begun.state.id


def _with_acts(
    visit: Visit, room: CallRoom, file: CallFile, view: CallPage
) -> CallPage:
    state, now = file.state, visit.office.now().isoformat()
    if Reader(account=visit.account).runs:
        applies = applies_to(state, now, is_office=True)
        steps = steps_of(state, room.bids(state.id), now)
        return msgspec.structs.replace(
            view,
            steps=links_to(CALL_ACTS, steps, of=state.id),
            words=links_to(CALL_ACTS, words_of(state), of=state.id),
            applies=links_to(CALL_ACTS, applies, of=state.id),
        )
    if Reader(account=visit.account).team and not view.own:
        applies = applies_to(state, now, is_office=False)
        return msgspec.structs.replace(
            view, applies=links_to(CALL_ACTS, applies, of=state.id)
        )
    return view


def _with_acts_on(
    visit: Visit,
    call: CallFile,
    file: ApplicationFile,
    agreement: AgreementFile | None,
    view: ApplicationPage,
) -> ApplicationPage:
    state, of = file.state, file.matter.id
    now = visit.office.now().isoformat()
    terms = agreement.state if agreement else None
    handed = hands_in(call.state, state, terms, now)
    if may(visit.account, Permission.ACT_FOR_TEAM, of=state.id):
        own = tuple(f"own-{name}" for name in handed)
        return msgspec.structs.replace(view, hands_in=links_to(CALL_ACTS, own, of=of))
    if not Reader(account=visit.account).runs:
        return view
    checks = [row.check for row in view.checks]
    agreed = agrees(state, terms)
    return msgspec.structs.replace(
        view,
        examines=links_to(CALL_ACTS, examines(call.state, state, checks), of=of),
        hands_in=links_to(CALL_ACTS, handed, of=of),
        agrees=links_to(CALL_ACTS, agreed, of=of),
    )
