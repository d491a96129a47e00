"""What phases, roles and outcomes of a call are called where people read them.

Neutral words: nobody fails, a bid ends.
"""

from __future__ import annotations

from collections.abc import Mapping

from dokja.call.agreements.values import AgreementPhase, ObligationStatus
from dokja.call.applications.eligibility import BIDS, OPEN_SHARE
from dokja.call.applications.state import DEFINITION, TRACK
from dokja.call.applications.values import ConsortiumRole, Eligibility
from dokja.call.values import CallKind, Channel, ReviewRound, Settled, Supply
from dokja.evidence.values import Text
from dokja.programme.call_rules import FirmSize, ObligationKind, TrackItem

PHASES: Mapping[str, Text] = {
    "draft": Text("작성 중", "draft"),
    "open": Text("접수 중", "open"),
    "closed": Text("접수 마감", "closed"),
    "screening": Text("서면평가", "screening"),
    "reviewing": Text("발표평가", "reviewing"),
    "selected": Text("선정", "selected"),
    "no_selection": Text("선정 없음", "nobody selected"),
    "closed_out": Text("종결", "closed out"),
    "submitted": Text("제출", "submitted"),
    "eligible": Text("자격 있음", "eligible"),
    "ineligible": Text("자격 없음", "ineligible"),
    "screened_in": Text("서면평가 통과", "goes on to the presentation"),
    "screened_out": Text("서면평가에서 마침", "ended with the documents"),
    "presented": Text("발표함", "presented"),
    "not_selected": Text("선정되지 않음", "not selected"),
    "withdrawn": Text("철회", "withdrawn"),
}
"""Of calls and of applications, by value."""
KINDS: Mapping[CallKind, Text] = {
    CallKind.INITIAL: Text("최초 공모", "initial call"),
    CallKind.REVIVAL: Text("추가 공모", "extra call"),
}
CHANNELS: Mapping[Channel, Text] = {
    Channel.BRIEFING: Text("설명회", "briefing"),
    Channel.WRITTEN: Text("서면", "in writing"),
}
ROUNDS: Mapping[ReviewRound, Text] = {
    ReviewRound.DOCUMENTS: Text("서면평가", "review of documents"),
    ReviewRound.PRESENTATION: Text("발표평가", "review of presentations"),
}
SETTLED: Mapping[Settled, Text] = {
    Settled.CONFIRMED: Text(
        "이의제기 기간이 끝나 확정", "after the time for objections"
    ),
    Settled.CLOSED_EARLY: Text("이의제기 조기 종료", "objections closed early"),
}
SUPPLIED: Mapping[Supply, Text] = {
    Supply.GPU: Text("GPU", "GPUs"),
    Supply.DATA: Text("데이터", "data"),
}
ROLES: Mapping[ConsortiumRole, Text] = {
    ConsortiumRole.LEAD: Text("주관기관", "lead"),
    ConsortiumRole.MEMBER: Text("참여기관", "member"),
}
FIRM_SIZES: Mapping[FirmSize, Text] = {
    FirmSize.LARGE: Text("대기업", "large firm"),
    FirmSize.MIDSIZE: Text("중견기업", "mid-size firm"),
    FirmSize.SMALL: Text("중소기업", "small firm"),
    FirmSize.NONPROFIT: Text("비영리기관", "non-profit body"),
}
TRACK_ITEMS: Mapping[TrackItem, Text] = {
    TrackItem.EXISTING_MODEL: Text("기존 모델", "earlier model"),
    TrackItem.OWN_CODE: Text("자체 코드", "own code"),
    TrackItem.PEOPLE_MONTHS: Text("투입 인력(인월)", "people-months"),
    TrackItem.PREVIOUS_RELEASE: Text("공개 실적", "previous release"),
}
ELIGIBILITY: Mapping[Eligibility, Text] = {
    Eligibility.ELIGIBLE: Text("자격 있음", "eligible"),
    Eligibility.INELIGIBLE: Text("자격 없음", "not eligible"),
    Eligibility.UNDETERMINED: Text("판단 보류", "undetermined"),
}
AGREEMENT_PHASES: Mapping[AgreementPhase, Text] = {
    AgreementPhase.DRAFTED: Text("협약안", "drafted"),
    AgreementPhase.SIGNED: Text("체결", "signed"),
    AgreementPhase.ACTIVE: Text("이행 중", "active"),
    AgreementPhase.AMENDED: Text("변경 후 이행 중", "active, amended"),
    AgreementPhase.TERMINATED: Text("해지", "terminated"),
    AgreementPhase.COMPLETED: Text("완료", "completed"),
}
OBLIGATIONS: Mapping[ObligationStatus, Text] = {
    ObligationStatus.DUE: Text("이행 전", "due"),
    ObligationStatus.MET: Text("이행", "met"),
    ObligationStatus.BREACHED: Text("불이행", "breached"),
    ObligationStatus.WAIVED: Text("면제", "waived"),
}
OBLIGATION_KINDS: Mapping[ObligationKind, Text] = {
    ObligationKind.OPEN_RELEASE: Text("공개", "open release"),
    ObligationKind.LICENCE: Text("라이선스", "licence"),
    ObligationKind.REPORTING: Text("보고", "reporting"),
}
_CHECKS: Mapping[str, Text] = {
    TRACK: Text("수행 실적", "earlier work"),
    DEFINITION: Text("모델의 정의", "definition of a model"),
    BIDS: Text("여러 신청 참여", "several bids"),
    OPEN_SHARE: Text("공개 비율", "open share"),
}


def check_name(check: str) -> Text:
    """What a check of eligibility is called, by its id."""
    if check in _CHECKS:
        return _CHECKS[check]
    return TRACK_ITEMS[TrackItem(check.removeprefix(f"{TRACK}-"))]
