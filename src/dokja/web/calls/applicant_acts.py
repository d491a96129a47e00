"""Acts by which somebody applies: written, handed in, answered, taken back.

Each is there twice: the office takes in what came on paper, and an applicant with an
account acts for itself, on its own application alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dokja.call.agreements.agree import withdraw_bid
from dokja.call.applications.examine import reply
from dokja.call.applications.state import APPLICATION
from dokja.call.applications.submit import (
    ConsortiumFile,
    amend_consortium,
    draft_application,
    revise_application,
    submit_application,
)
from dokja.call.applications.values import ApplicantReplied, Proposal
from dokja.errors import NotAllowed
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text
from dokja.people import Permission
from dokja.programme import Topic
from dokja.web.acts import Asked, OfficeAct, begun_with
from dokja.web.calls.application_acts import application_act
from dokja.web.calls.asked import HandedIn, NewApplication
from dokja.web.calls.room import (
    applicant_of,
    call_page_of,
    on_application,
    parts_of,
    room_of,
)
from dokja.web.calls.words import EXAMINED_WORDS, PROPOSAL_WORDS
from dokja.wiring.office import Office


def own(act: OfficeAct, **changes: Any) -> OfficeAct:
    """The same act as an applicant takes it, on its own application alone."""
    changed: dict[str, Any] = {
        "permission": Permission.ACT_FOR_TEAM,
        "whose": applicant_of,
    }
    return replace(act, **changed | changes)


def _begin(office: Office, call: str, asked: Asked, given: NewApplication) -> Act:
    room = room_of(office)
    found = room.drafted(call)
    if found is None or not found.state.rules_digest:
        raise NotAllowed(
            f"no call {call} was announced", remedy="apply to one that was"
        )
    matter = room.unused(APPLICATION, f"{call}/{given.id}")
    return draft_application(matter, found.state, given.proposal, mandate=asked.mandate)


def _taken_in(office: Office, asked: Asked) -> Act:
    return _begin(office, asked.of, asked, asked.event)


def _begun_by_itself(office: Office, asked: Asked) -> Act:
    """The application of whoever acts, under its own id."""
    known = {"id": asked.mandate.by, "proposal": asked.event}
    given = read_as(known, NewApplication, where=asked.mandate.by)
    return _begin(office, asked.of, asked, given)


def _submit(office: Office, asked: Asked) -> Act:
    room, (call, name) = room_of(office), parts_of(asked.of)
    found = room.application(call, name)
    return submit_application(
        found,
        room.call(call).state,
        asked.event.files,
        seen=asked.read(found.acts),
        mandate=asked.mandate,
    )


def _present_proposal(office: Office, of: str) -> dict[str, str]:
    proposal = room_of(office).application(*parts_of(of)).state.proposal
    return begun_with(proposal, PROPOSAL_WORDS, zone=office.now().tzinfo)


def _present_members(office: Office, of: str) -> dict[str, str]:
    members = room_of(office).application(*parts_of(of)).state.proposal.members
    return begun_with(ConsortiumFile(members=members), PROPOSAL_WORDS, zone=None)


def _withdraw(office: Office, asked: Asked) -> tuple[Act, ...]:
    room, (call, name) = room_of(office), parts_of(asked.of)
    found = room.application(call, name)
    drafted = room.drafted_agreement(call, name)
    seen = asked.read(found.acts)
    return withdraw_bid(found, drafted, seen=seen, mandate=asked.mandate)


_APPLIES = OfficeAct(
    name=Text(ko="신청서 작성", en="Write an application"),
    does=Text(
        ko="신청서를 쓰기 시작합니다. 제출하기 전까지는 고칠 수 있고, 제출하지 않으면 "
        "신청한 것이 아닙니다.",
        en="Begins an application. It can be changed until it is handed in; a draft "
        "that was not handed in is no application.",
    ),
    make=_begun_by_itself,
    back=call_page_of,
    topics=(Topic.CALL,),
    asks=Proposal,
    words=PROPOSAL_WORDS,
    permission=Permission.ACT_FOR_TEAM,
    is_final=False,
)
_REVISE = application_act(
    Text(ko="신청서 수정", en="Change the application"),
    Text(
        ko="제출하기 전의 신청서를 아래 내용으로 바꿉니다.",
        en="Puts this in place of what the application says, before it is handed in.",
    ),
    on_application(revise_application),
    asks=Proposal,
    words=PROPOSAL_WORDS,
    starts_with=_present_proposal,
    is_final=False,
)
_SUBMIT = application_act(
    Text(ko="신청서 제출", en="Hand in the application"),
    Text(
        ko="신청서와 파일의 해시를 제출합니다. 컨소시엄이 확정되며, 마감 시각이 지나면 "
        "받지 않습니다.",
        en="Hands in the application with the digests of its files. The consortium is "
        "fixed from now on, and a late application is not taken.",
    ),
    _submit,
    asks=HandedIn,
    words=PROPOSAL_WORDS,
)
_AMEND = application_act(
    Text(ko="컨소시엄 변경", en="Amend the consortium"),
    Text(
        ko="확정된 컨소시엄을 사유와 함께 바꿉니다. 주관기관은 바꿀 수 없습니다.",
        en="Changes the fixed consortium, with the reason. The lead stays.",
    ),
    on_application(
        lambda found, file, **by: amend_consortium(found, file.members, **by)
    ),
    asks=ConsortiumFile,
    words=PROPOSAL_WORDS,
    starts_with=_present_members,
    asks_reason=True,
)
_REPLY = application_act(
    Text(ko="소명 제출", en="Reply"),
    Text(
        ko="제시된 사실에 답합니다. 소명은 사람이 검토하며 고칠 수 없습니다.",
        en="Answers the facts that were shown. People weigh the reply; it never "
        "changes.",
    ),
    on_application(lambda found, said, **by: reply(found, said.text, said.files, **by)),
    topics=(Topic.REPLY,),
    asks=ApplicantReplied,
    words={**PROPOSAL_WORDS, **EXAMINED_WORDS},
)
_WITHDRAW = application_act(
    Text(ko="신청 철회", en="Withdraw the application"),
    Text(
        ko="신청을 거두며, 작성된 협약안이 있으면 함께 끝납니다. 사유를 묻지 않으며 "
        "어떠한 불이익도 없습니다.",
        en="Takes the application back, with an agreement that was only drafted. No "
        "reason is asked, and nothing follows.",
    ),
    _withdraw,
    topics=(Topic.WITHDRAWAL,),
)

APPLICANT_ACTS: Mapping[str, OfficeAct] = {
    "application-draft": replace(
        _APPLIES,
        name=Text(ko="서면 신청 접수", en="Take in an application"),
        does=Text(
            ko="서면으로 받은 신청서를 대신 입력합니다. 신청자의 초안으로 기록됩니다.",
            en="Enters an application that came on paper, as the applicant's draft.",
        ),
        make=_taken_in,
        asks=NewApplication,
        permission=Permission.RUN_PROGRAMME,
    ),
    "application-revise": _REVISE,
    "application-submit": _SUBMIT,
    "application-amend": _AMEND,
    "application-reply": _REPLY,
    "application-withdraw": _WITHDRAW,
    "own-application-draft": _APPLIES,
    "own-application-revise": own(_REVISE),
    "own-application-submit": own(_SUBMIT),
    "own-application-amend": own(_AMEND),
    "own-application-reply": own(_REPLY),
    "own-application-withdraw": own(_WITHDRAW),
}
