"""Acts on an application: what is handed in, what is found of it, what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dokja.call.applications.eligibility import (
    PeoplesFinding,
    eligibility_checks,
    failed_checks,
    find_eligibility,
    settle_eligibility,
)
from dokja.call.applications.examine import (
    ReplyRequest,
    ask_for_reply,
    check_track,
    cite_comparison,
)
from dokja.call.applications.state import ApplicationFile
from dokja.call.applications.values import (
    FeedbackGiven,
    TrackChecked,
)
from dokja.call.close_out import give_feedback
from dokja.evidence.values import Act, CheckResult, Text
from dokja.programme import Topic
from dokja.programme.call_rules import TrackItem
from dokja.report.wording import CHECK
from dokja.web.acts import Asked, Choices, OfficeAct
from dokja.web.calls.asked import CitedReport
from dokja.web.calls.previews import found_eligible
from dokja.web.calls.room import (
    Make,
    application_entries,
    on_application,
    page_of,
    parts_of,
    require_seen,
    room_of,
)
from dokja.web.calls.words import EXAMINED_WORDS
from dokja.wiring.calls import Citation, cited_in
from dokja.wiring.office import Office

_FOUND = (CheckResult.PASS, CheckResult.FAIL, CheckResult.INCONCLUSIVE)
"""What somebody who looked can have found."""


def application_act(name: Text, does: Text, make: Make, **more: Any) -> OfficeAct:
    """An act on an application that is there, under the clauses on calls."""
    known: dict[str, Any] = {
        "topics": (Topic.CALL,),
        "entries": application_entries,
        "back": page_of,
    }
    return OfficeAct(name=name, does=does, make=make, **known | more)


def _cite(found: ApplicationFile, given: CitedReport, **by: Any) -> Act:
    citation = Citation(
        report=Path("report.json"),
        entry=given.entry,
        reference=given.reference,
        holder=given.holder,
        released=given.released,
    )
    return cite_comparison(found, cited_in(given.report.encode(), citation), **by)


def _ask_for_reply(office: Office, asked: Asked) -> Act:
    found = room_of(office).application(*parts_of(asked.of))
    require_seen(found, asked)
    return ask_for_reply(
        found, asked.event, rulebook=office.rulebook, mandate=asked.mandate
    )


def _find(office: Office, asked: Asked) -> Act:
    room, (call, name) = room_of(office), parts_of(asked.of)
    found = room.application(call, name)
    require_seen(found, asked)
    return find_eligibility(
        found,
        room.call(call).state,
        room.bids(call),
        rulebook=room.rulebook,
        mandate=asked.mandate,
    )


def _settle(office: Office, asked: Asked) -> Act:
    room, (call, name) = room_of(office), parts_of(asked.of)
    found = room.application(call, name)
    require_seen(found, asked)
    return settle_eligibility(
        found,
        room.call(call).state,
        room.bids(call),
        asked.event,
        rulebook=room.rulebook,
        mandate=asked.mandate,
    )


def _failed(office: Office, of: str) -> dict[str, str]:
    """The checks that fail as the record stands."""
    room, (call, name) = room_of(office), parts_of(of)
    state = room.application(call, name).state
    checks = eligibility_checks(state, room.bids(call), room.rulebook)
    return {"checks": "\n".join(failed_checks(checks))}


def _track(office: Office, of: str) -> Choices:
    """The pieces of earlier work that the application names, and what can be found."""
    proposal = room_of(office).application(*parts_of(of)).state.proposal
    return {
        "entry": {e.id: Text(ko=e.name, en=e.name) for e in proposal.track},
        "result": {one.value: CHECK[one] for one in _FOUND},
    }


def _models(office: Office, of: str) -> Choices:
    proposal = room_of(office).application(*parts_of(of)).state.proposal
    return {
        "entry": {
            e.id: Text(ko=e.name, en=e.name)
            for e in proposal.track
            if e.item is TrackItem.EXISTING_MODEL
        }
    }


APPLICATION_ACTS: Mapping[str, OfficeAct] = {
    "application-check": application_act(
        Text(ko="실적 확인", en="Look at earlier work"),
        Text(
            ko="신청자가 적은 실적을 확인한 결과를 기록합니다. 다시 확인하면 새 결과가 "
            "앞의 결과를 대신합니다.",
            en="Records what was found of a piece of earlier work. Looked at again, "
            "the later finding counts.",
        ),
        on_application(check_track),
        asks=TrackChecked,
        words=EXAMINED_WORDS,
        choices=_track,
    ),
    "application-cite": application_act(
        Text(ko="가중치 비교 인용", en="Cite a comparison of weights"),
        Text(
            ko="신청자의 기존 모델 옆에 비교 보고서를 둡니다. 이것만으로 자격이 없다고 "
            "판단하지 않으며, 신청자의 소명을 먼저 듣습니다.",
            en="Puts a report beside a model that the applicant shows. It finds nobody "
            "ineligible by itself: the applicant is heard first.",
        ),
        on_application(_cite),
        topics=(Topic.INDEPENDENCE,),
        asks=CitedReport,
        words=EXAMINED_WORDS,
        choices=_models,
    ),
    "application-ask-reply": application_act(
        Text(ko="소명 요청", en="Ask for a reply"),
        Text(
            ko="신청에 불리한 사실을 신청자에게 보이고 규정이 정한 기간 동안 답을 "
            "기다립니다.",
            en="Shows the applicant what speaks against it and waits for its answer as "
            "long as the rulebook says.",
        ),
        _ask_for_reply,
        topics=(Topic.REPLY,),
        asks=ReplyRequest,
        words=EXAMINED_WORDS,
        starts_with=_failed,
    ),
    "application-eligibility": application_act(
        Text(ko="점검에 따른 자격 판단", en="Find eligibility by the checks"),
        Text(
            ko="점검 결과만으로 정해지는 자격을 기록합니다. 점검으로 알 수 없으면 판단 "
            "보류로 남고 사람이 판단합니다.",
            en="Records what the checks amount to. What they leave open is "
            "undetermined and goes to people.",
        ),
        _find,
        preview=found_eligible(_find),
    ),
    "application-settle": application_act(
        Text(ko="사람의 자격 판단", en="Settle eligibility by people"),
        Text(
            ko="점검으로 정해지지 않거나 소명이 들어온 신청을 두 사람 이상이 판단한 "
            "결과를 기록합니다.",
            en="Records what at least two people found where the checks leave it open "
            "or a reply came.",
        ),
        _settle,
        asks=PeoplesFinding,
        words=EXAMINED_WORDS,
    ),
    "application-feedback": application_act(
        Text(ko="피드백 제공", en="Give feedback"),
        Text(
            ko="선정되지 않은 신청자에게 도움이 될 의견을 줍니다. 공개하지 않습니다.",
            en="Tells an applicant that was not selected what would have helped. It is "
            "not published.",
        ),
        on_application(give_feedback),
        asks=FeedbackGiven,
        words={"text": EXAMINED_WORDS["opinion"]},
    ),
}
