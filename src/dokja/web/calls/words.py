"""What the fields of a call's acts are called, and how they are filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dokja.call.words import (
    CHANNELS,
    ELIGIBILITY,
    FIRM_SIZES,
    KINDS,
    OBLIGATION_KINDS,
    ROLES,
    ROUNDS,
    SUPPLIED,
    TRACK_ITEMS,
)
from dokja.evidence.values import Text
from dokja.report.wording import CHECK
from dokja.web.acts import FieldKind, FieldWords, Words

_DIGEST_HINT = Text(
    ko="sha256: 뒤에 64자리 해시를 적습니다.",
    en="sha256: and the 64 digits of the hash.",
)


def named(
    ko: str, en: str, hint: Text | None = None, *, kind: FieldKind | None = None
) -> FieldWords:
    """A field of that name."""
    return FieldWords(name=Text(ko=ko, en=en), hint=hint, kind=kind)


def chosen(ko: str, en: str, choices: Mapping[Any, Text]) -> FieldWords:
    """A field in which one of these values is chosen."""
    known = {str(value): name for value, name in choices.items()}
    return FieldWords(name=Text(ko=ko, en=en), choices=known)


def rows(ko: str, en: str, hint: Text | None = None) -> FieldWords:
    """Rows of fields under that name."""
    return named(ko, en, hint, kind=FieldKind.ROWS)


ID_HINT = Text(
    ko="글자, 숫자, 붙임표(-)와 점을 씁니다. 한번 정하면 바꿀 수 없습니다.",
    en="Letters, digits, hyphens and points; it never changes.",
)


def _criterion(of: str) -> dict[str, FieldWords]:
    """What a criterion of a review is asked for."""
    return {
        f"{of}.id": named("번호", "Id"),
        f"{of}.name": named("항목", "Criterion"),
        f"{of}.max": named("배점", "Points"),
        f"{of}.anchors": named(
            "점수의 뜻",
            "What scores mean",
            Text(
                ko='예: [[anchors]] score = 5 text = { ko = "…", en = "…" }',
                en='Such as: [[anchors]] score = 5 text = { ko = "…", en = "…" }',
            ),
        ),
    }


_TEXT: Words = {
    "id": named("공모 번호", "Id of the call", ID_HINT),
    "kind": chosen("공모 종류", "Kind", KINDS),
    "title": named("공모명", "Title"),
    "opens": named("접수 시작", "Opens", kind=FieldKind.MOMENT),
    "closes": named(
        "접수 마감",
        "Closes",
        Text(
            ko="이 시각이 되면 접수하지 않습니다.",
            en="From this moment on an application is late.",
        ),
        kind=FieldKind.MOMENT,
    ),
    "slots": named("선정할 팀 수", "Places"),
    "shortlist": named("서면평가를 통과할 팀 수(최대)", "Shortlist, at most"),
    "documents": rows("서면평가 항목", "Criteria for the documents"),
    **_criterion("documents"),
    "presentation": rows("발표평가 항목", "Criteria for the presentation"),
    **_criterion("presentation"),
    "tie_order": named(
        "동점일 때 비교할 항목",
        "Criteria that part equal totals",
        Text(
            ko="한 줄에 하나씩, 먼저 비교할 것부터. 비우면 동점은 동점으로 둡니다.",
            en="One a line, the first first. Left empty, equal totals stay equal.",
        ),
    ),
    "suppliers": rows(
        "사업에 자원을 공급하는 기관",
        "Organisations that supply the programme",
        Text(
            ko="신청자와 겹치면 사무국에 표시됩니다.",
            en="Where one applies as well, the office is shown it.",
        ),
    ),
    "suppliers.organisation": named("기관", "Organisation"),
    "suppliers.supplies": chosen("공급하는 것", "Supplies", SUPPLIED),
}
DRAFT_WORDS: Words = {
    **_TEXT,
    "text.definition.clause": named("정의가 따르는 조항", "Clause of the definition"),
    "text.definition.text": named("모델의 정의", "Definition, which binds"),
}
REVISED_WORDS: Words = {
    **_TEXT,
    "definition.clause": named("정의가 따르는 조항", "Clause of the definition"),
    "definition.text": named("모델의 정의", "Definition, which binds"),
}
PLACE_WORDS: Words = {
    "teams": rows(
        "자리를 맡는 팀",
        "Teams that take a place",
        Text(
            ko="선정된 신청마다, 단계평가에서 쓸 팀 번호를 적습니다.",
            en="For each selected application, its id as a team of the stage.",
        ),
    ),
    "teams.application": named("신청", "Application"),
    "teams.team": named("팀 번호", "Id of the team"),
}
_CONTRADICTION_HINT = Text(
    ko="공고문과 다른 내용이 있을 때만 고릅니다. 공고문이 우선합니다.",
    en="Only where it contradicts the call; the text of the call holds.",
)
SAID_WORDS: Words = {
    "id": named(
        "번호",
        "Id",
        Text(
            ko="예: q-1, notice-1. 같은 번호로 다시 안내하면 새 판이 됩니다.",
            en="Such as q-1 or notice-1. A notice given again becomes a new version.",
        ),
    ),
    "question": named("질의", "Question"),
    "channel": chosen("경로", "Where it was put", CHANNELS),
    "text": named("내용", "What was said"),
    "version": named("판", "Version"),
    "contradicts.clause": named(
        "공고문과 다르면, 어긋나는 조항", "Clause it contradicts", _CONTRADICTION_HINT
    ),
    "contradicts.explanation": named("무엇이 다른지", "What contradicts it"),
    "contradiction.clause": named("어긋나는 조항", "Clause it contradicts"),
    "contradiction.explanation": named("무엇이 다른지", "What contradicts it"),
}
PANEL_WORDS: Words = {
    "round": chosen("어느 평가", "Review", ROUNDS),
    "seats": rows("평가위원(가명)", "Experts, under pseudonyms"),
    "seats.expert": named("가명", "Pseudonym"),
    "seats.languages": named(
        "읽는 언어",
        "Languages they read",
        Text(ko="한 줄에 하나. 비우면 ko", en="One a line; ko if left empty."),
    ),
    "seats.overseas": named("해외 위원", "From overseas"),
    "register": named(
        "이해관계 등록부",
        "Register of interests",
        Text(
            ko="가명으로 적습니다. 제척을 계산하는 데 쓰며 보관하지 않습니다. 신청과 "
            "그 기관은 자동으로 더해집니다. 관계 예: "
            'ties = [{ kind = "employment", left = "e02", right = "예시대학교", '
            'source = "이력서", recorded = 2031-02-01 }]',
            en="Under pseudonyms; read to find who is recused, and not kept. "
            "Applications and their organisations are added. A tie: "
            'ties = [{ kind = "employment", left = "e02", right = "Example '
            'University", '
            'source = "curriculum vitae", recorded = 2031-02-01 }]',
        ),
        kind=FieldKind.DOCUMENT,
    ),
    "assignment": named(
        "배정 조건",
        "Assignment",
        Text(
            ko="비우면 모든 위원이 모든 신청을 평가합니다. 예: experts_per_team = 5 "
            "teams_per_expert = 8 specialists = []",
            en="Left empty, everybody reviews everything. Such as: experts_per_team = "
            "5 teams_per_expert = 8 specialists = []",
        ),
        kind=FieldKind.DOCUMENT,
    ),
}
SHEET_WORDS: Words = {
    "panel": named(
        "평가표",
        "Sheets of the panel",
        Text(
            ko='위원마다 신청마다 한 묶음입니다. 점수의 ""를 받은 점수로 바꾸고, 내지 '
            "않은 평가표의 묶음은 지웁니다.",
            en='One block for each expert and application. Put the points for each "", '
            "and take out the sheets that nobody handed in.",
        ),
        kind=FieldKind.DOCUMENT,
    ),
    "votes": named(
        "표결",
        "Votes",
        Text(
            ko='in_favour의 ""를 true(찬성)나 false(반대)로 바꿉니다. 규정이 과반을 '
            "요구하지 않으면 비웁니다.",
            en='Put true or false for each "" of in_favour. Empty where the rules ask '
            "for no majority.",
        ),
        kind=FieldKind.DOCUMENT,
    ),
}
PROPOSAL_WORDS: Words = {
    "id": named("신청 번호", "Id of the application", ID_HINT),
    "name": named("모델 또는 과제 이름", "Name of the model or the project"),
    "members": rows(
        "컨소시엄",
        "Consortium",
        Text(
            ko="주관기관은 하나이며 신청을 책임집니다.",
            en="One organisation leads and answers for the bid.",
        ),
    ),
    "members.organisation": named("기관", "Organisation"),
    "members.role": chosen("역할", "Role", ROLES),
    "members.size": chosen("규모", "Size", FIRM_SIZES),
    "members.part": named("맡은 일", "Part in the work"),
    "track": rows("보여 줄 수 있는 실적", "Earlier work that can be looked at"),
    "track.id": named("번호", "Id", Text(ko="예: model-1", en="Such as model-1.")),
    "track.item": chosen("종류", "Kind", TRACK_ITEMS),
    "track.name": named("이름", "Name"),
    "track.amount": named(
        "인월",
        "People-months",
        Text(ko="인력에만 적습니다.", en="For people only."),
    ),
    "track.released": named("공개일", "Released"),
    "track.evidence": named(
        "주소나 파일 해시",
        "Addresses, or digests of files",
        Text(ko="한 줄에 하나씩.", en="One a line."),
    ),
    "open_share": named(
        "공개하겠다고 약속하는 비율",
        "Share of the results promised openly",
        Text(ko="0에서 1 사이. 예: 0.6", en="From 0 to 1, such as 0.6."),
    ),
    "licence": named(
        "라이선스",
        "Licence",
        Text(ko="예: Apache-2.0", en="Such as Apache-2.0."),
    ),
    "files": rows(
        "제출 파일",
        "Files",
        Text(
            ko="기록에는 해시가 남으며 파일 자체는 사무국에 보냅니다. 해시는 "
            "sha256sum으로 구하고 sha256:을 앞에 붙입니다.",
            en="The record keeps digests, sha256: and what sha256sum prints; send the "
            "files themselves to the office.",
        ),
    ),
    "files.name": named("파일 이름", "Name"),
    "files.digest": named("해시", "Digest"),
    "files.bytes": named("크기(바이트)", "Bytes"),
}
EXAMINED_WORDS: Words = {
    "entry": named("실적", "Piece of earlier work"),
    "result": chosen("확인 결과", "What was found", CHECK),
    "detail": named("무엇을 보고 그렇게 판단했는지", "What it rests on"),
    "report": named(
        "비교 보고서(JSON)",
        "Report of the comparison, in JSON",
        Text(
            ko="dokja lineage compare --json 또는 scan --json의 출력을 그대로 "
            "붙입니다.",
            en="What `dokja lineage compare --json` or `scan --json` printed.",
        ),
        kind=FieldKind.WORDS,
    ),
    "reference": named(
        "인용할 기준 모델",
        "Reference",
        Text(
            ko="보고서에 비교가 여럿일 때만 적습니다.",
            en="Only where the report holds several comparisons.",
        ),
    ),
    "holder": named("기준 모델을 공개한 기관", "Who released the reference"),
    "released": named(
        "기준 모델의 공개일",
        "Day the reference was released",
        Text(
            ko="모르면 비웁니다. 공개일이 없으면 닮았다고 유래를 뜻하지 않습니다.",
            en="Empty if unknown: without it a resemblance shows no descent.",
        ),
    ),
    "checks": named(
        "소명을 받을 점검",
        "Checks to reply to",
        Text(ko="한 줄에 하나씩.", en="One a line."),
    ),
    "facts": named(
        "신청자에게 보이는 사실",
        "Facts shown to the applicant",
        Text(
            ko="국문과 영문을 모두 적습니다. 판단이 아니라 사실을 적습니다.",
            en="In both languages; facts, no judgement.",
        ),
    ),
    "outcome": chosen("판단", "Finding", ELIGIBILITY),
    "reviewers": named(
        "확인한 사람(가명)",
        "Who looked, under pseudonyms",
        Text(ko="한 줄에 한 명, 두 명 이상.", en="One a line, at least two."),
    ),
    "opinion": named("의견과 근거", "Opinion, and what it rests on"),
    "text": named("소명 내용", "Reply", kind=FieldKind.WORDS),
    "languages": named(
        "발표 자료의 언어",
        "Languages of the material",
        Text(ko="한 줄에 하나씩. 예: ko", en="One a line, such as ko."),
    ),
}
AGREEMENT_WORDS: Words = {
    "starts": named("이행 기산일", "Day from which it counts"),
    "document": named(
        "서명한 협약서의 해시", "Digest of the signed document", _DIGEST_HINT
    ),
    "consent": named(
        "양측이 서명한 변경 합의서의 해시", "Digest of the signed consent", _DIGEST_HINT
    ),
    "obligation": named("의무", "Obligation"),
    "evidence": named(
        "이행 증거", "Evidence", Text(ko="주소나 해시", en="Address or digest")
    ),
    "heard": named(
        "팀의 소명",
        "What the team said to it",
        Text(
            ko="답이 없었으면 없었다고 적습니다.", en="Say so where it did not answer."
        ),
    ),
    "call": named("공모", "Call", Text(ko="그대로 둡니다.", en="Leave it.")),
    "application": named(
        "신청", "Application", Text(ko="그대로 둡니다.", en="Leave it.")
    ),
    "size": chosen("주관기관 규모", "Size of the lead", FIRM_SIZES),
    "share": named("분담 비율", "Cost share"),
    "reason": named("분담 비율의 근거", "What the share rests on"),
    "open_share": named("공개 비율", "Open share"),
    "licence": named("라이선스", "Licence"),
    "obligations": rows("의무", "Obligations"),
    "obligations.id": named("번호", "Id"),
    "obligations.kind": chosen("종류", "Kind", OBLIGATION_KINDS),
    "obligations.name": named("의무", "Obligation"),
    "obligations.due": named("기한", "Due"),
    "obligations.clause": named("조항", "Clause"),
}
