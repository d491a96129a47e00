"""Acts on an agreement: its terms, its steps, and what became of what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokja.call.agreements.agree import (
    amend_agreement,
    draft_agreement,
    settle_obligation,
    step_agreement,
)
from dokja.call.agreements.state import AGREEMENT
from dokja.call.agreements.values import (
    AgreementActivated,
    AgreementAmended,
    AgreementCompleted,
    AgreementSigned,
    AgreementTerminated,
    ObligationBreached,
    ObligationMet,
    ObligationWaived,
)
from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.web.acts import Asked, Choices, OfficeAct, begun_with
from dokja.web.calls.asked import AgreementStart
from dokja.web.calls.previews import agreed
from dokja.web.calls.room import (
    Make,
    agreement_entries,
    on_agreement,
    page_of,
    parts_of,
    room_of,
)
from dokja.web.calls.words import AGREEMENT_WORDS
from dokja.wiring.office import Office


def agreement_act(name: Text, does: Text, make: Make, **more: Any) -> OfficeAct:
    """An act on an agreement that is there, under the clauses on calls."""
    known: dict[str, Any] = {
        "topics": (Topic.CALL,),
        "entries": agreement_entries,
        "words": AGREEMENT_WORDS,
    }
    return OfficeAct(name=name, does=does, make=make, back=page_of, **known | more)


def _draft(office: Office, asked: Asked) -> Act:
    room = room_of(office)
    return draft_agreement(
        room.unused(AGREEMENT, asked.of),
        room.application(*parts_of(asked.of)).state,
        rulebook=room.rulebook,
        starts=asked.event.starts,
        mandate=asked.mandate,
    )


def _today(office: Office, _: str) -> dict[str, str]:
    return {"starts": office.now().date().isoformat()}


def _present_terms(office: Office, of: str) -> dict[str, str]:
    terms = room_of(office).agreement(*parts_of(of)).state.terms
    known = begun_with(terms, AGREEMENT_WORDS, zone=office.now().tzinfo)
    return {f"terms.{name}": value for name, value in known.items()}


def _owed(office: Office, of: str) -> Choices:
    """What is still owed, the next day first."""
    state = room_of(office).agreement(*parts_of(of)).state
    return {
        "obligation": {
            owed.id: Text(
                ko=f"{owed.name.ko} ({owed.due})", en=f"{owed.name.en} ({owed.due})"
            )
            for owed in state.open
        }
    }


AGREEMENT_ACTS: Mapping[str, OfficeAct] = {
    "agreement-draft": agreement_act(
        Text(ko="협약안 작성", en="Draft the agreement"),
        Text(
            ko="규정과 신청서의 약속에서 분담 비율과 의무를 계산하여 협약안을 "
            "만듭니다.",
            en="Writes the terms: cost share and obligations by the rules and by what "
            "was promised.",
        ),
        _draft,
        preview=agreed(_draft),
        asks=AgreementStart,
        entries=None,
        starts_with=_today,
    ),
    "agreement-sign": agreement_act(
        Text(ko="협약 체결", en="Sign the agreement"),
        Text(
            ko="양측이 서명한 협약서의 해시를 기록합니다.",
            en="Records the digest of what both sides signed.",
        ),
        on_agreement(step_agreement),
        asks=AgreementSigned,
    ),
    "agreement-begin": agreement_act(
        Text(ko="협약 이행 시작", en="Begin the work"),
        Text(
            ko="협약에 따른 이행을 시작합니다.",
            en="The work under the agreement begins.",
        ),
        on_agreement(step_agreement),
        asks=AgreementActivated,
    ),
    "agreement-met": agreement_act(
        Text(ko="의무 이행 확인", en="Obligation met"),
        Text(
            ko="의무가 이행되었음을 증거와 함께 기록합니다.",
            en="Records that what was owed is there, and where.",
        ),
        on_agreement(settle_obligation),
        asks=ObligationMet,
        choices=_owed,
    ),
    "agreement-waived": agreement_act(
        Text(ko="의무 면제", en="Waive an obligation"),
        Text(
            ko="의무를 면제하고 사유를 기록합니다.",
            en="What was owed is owed no more, with the reason.",
        ),
        on_agreement(settle_obligation),
        asks=ObligationWaived,
        choices=_owed,
        asks_reason=True,
    ),
    "agreement-breached": agreement_act(
        Text(ko="의무 불이행 기록", en="Obligation breached"),
        Text(
            ko="기한이 지난 의무를 팀의 소명을 들은 뒤 불이행으로 기록합니다.",
            en="Records that what was owed is not there after its day, having heard "
            "the team.",
        ),
        on_agreement(settle_obligation),
        asks=ObligationBreached,
        choices=_owed,
        asks_reason=True,
    ),
    "agreement-amend": agreement_act(
        Text(ko="협약 변경", en="Amend the agreement"),
        Text(
            ko="양측이 합의한 내용으로 협약을 바꿉니다. 이미 이행되었거나 정리된 "
            "의무는 뺄 수 없습니다.",
            en="Changes the terms by consent. What was settled cannot be left out.",
        ),
        on_agreement(amend_agreement),
        asks=AgreementAmended,
        starts_with=_present_terms,
        asks_reason=True,
    ),
    "agreement-terminate": agreement_act(
        Text(ko="협약 해지", en="Terminate the agreement"),
        Text(
            ko="협약을 기간 중에 끝내고 사유를 기록합니다.",
            en="Ends the agreement before its work, with the reason.",
        ),
        on_agreement(step_agreement),
        asks=AgreementTerminated,
        asks_reason=True,
    ),
    "agreement-complete": agreement_act(
        Text(ko="협약 완료", en="Complete the agreement"),
        Text(
            ko="모든 의무가 정리된 협약을 완료합니다.",
            en="Nothing is owed any more: the agreement is complete.",
        ),
        on_agreement(step_agreement),
        asks=AgreementCompleted,
    ),
}
