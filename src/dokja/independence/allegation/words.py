"""States, outcomes and capacities of an allegation, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.independence.allegation.values import (
    AccuserKind,
    AllegationOutcome,
    AllegationState,
    InterestStatement,
)

STATES: Mapping[AllegationState, Text] = {
    AllegationState.RECEIVED: Text(ko="접수", en="received"),
    AllegationState.TRIAGED: Text(ko="측정 대상 확정", en="triaged"),
    AllegationState.MEASURED: Text(
        ko="측정 완료, 소명 대기", en="measured, reply awaited"
    ),
    AllegationState.REPLY: Text(ko="소명 접수", en="reply received"),
    AllegationState.RESOLVED: Text(ko="처리 완료", en="resolved"),
}
OUTCOMES: Mapping[AllegationOutcome, Text] = {
    AllegationOutcome.UPHELD: Text(ko="인용", en="upheld"),
    AllegationOutcome.NOT_UPHELD: Text(ko="기각", en="not upheld"),
    AllegationOutcome.INSUFFICIENT: Text(ko="증거 불충분", en="insufficient"),
}
ACCUSERS: Mapping[AccuserKind, Text] = {
    AccuserKind.COMPETING_TEAM: Text(ko="다른 참여 팀", en="another team"),
    AccuserKind.REJECTED_APPLICANT: Text(
        ko="선정되지 않은 신청자", en="an applicant who was not selected"
    ),
    AccuserKind.EVALUATOR: Text(ko="평가위원", en="an evaluator"),
    AccuserKind.CITIZEN: Text(ko="일반 국민", en="a member of the public"),
    AccuserKind.PRESS: Text(ko="언론", en="the press"),
    AccuserKind.ANONYMOUS: Text(ko="익명", en="anonymous"),
}
INTERESTS: Mapping[InterestStatement, Text] = {
    InterestStatement.STATED: Text(ko="이해관계를 밝힘", en="states an interest"),
    InterestStatement.STATED_NONE: Text(
        ko="이해관계가 없다고 밝힘", en="states no interest"
    ),
    InterestStatement.NOT_STATED: Text(
        ko="이해관계를 밝히지 않음", en="does not say whether there is an interest"
    ),
}
BEARS_OUT: Mapping[bool | None, Text] = {
    True: Text(ko="의혹을 뒷받침함", en="bears it out"),
    False: Text(ko="의혹을 뒷받침하지 않음", en="speaks against it"),
    None: Text(ko="판단할 수 없음", en="settles nothing"),
}
