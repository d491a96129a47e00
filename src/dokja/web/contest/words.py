"""The words of the contest's pages, by what they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.contest.battles.phase import ContestPhase
from dokja.contest.values import Choice, ReportReason, VoidReason
from dokja.evidence.values import Text

CHOICES: Mapping[Choice, Text] = {
    Choice.LEFT: Text(ko="왼쪽이 낫다", en="Left is better"),
    Choice.RIGHT: Text(ko="오른쪽이 낫다", en="Right is better"),
    Choice.TIE: Text(ko="비슷하다", en="About equal"),
    Choice.BOTH_BAD: Text(ko="둘 다 나쁘다", en="Both are bad"),
}
"""In the order of the buttons, and of the keys 1 to 4."""

REPORTS: Mapping[ReportReason, Text] = {
    ReportReason.NAMES_ITSELF: Text(
        ko="어느 모델인지 드러난다", en="an answer gives away whose it is"
    ),
    ReportReason.HARMFUL: Text(
        ko="해롭거나 모욕적인 내용이 있다", en="something in it is harmful or insulting"
    ),
    ReportReason.UNREADABLE: Text(ko="글이 깨져 읽을 수 없다", en="it cannot be read"),
    ReportReason.PERSONAL_DATA: Text(
        ko="개인정보로 보이는 내용이 있다", en="it shows what may be personal data"
    ),
    ReportReason.OTHER: Text(ko="그 밖의 이유", en="something else"),
}

VOIDED: Mapping[str, Text] = {
    VoidReason.SELF_NAMED: Text(
        ko="답변이 팀 이름을 드러냄", en="an answer named a team"
    ),
    VoidReason.ENDPOINT_DEAD: Text(
        ko="모델 서버가 답하지 않음", en="a model's server did not answer"
    ),
    VoidReason.ENDPOINT_SLOW: Text(
        ko="모델이 제한 시간 안에 답하지 않음", en="a model did not answer in time"
    ),
    VoidReason.REPORTED: Text(ko="투표자가 신고함", en="reported by the voter"),
}
"""Why battles were not judged."""

PHASES: Mapping[ContestPhase, Text] = {
    ContestPhase.PLANNED: Text(ko="준비 중", en="Not open yet"),
    ContestPhase.OPEN: Text(ko="투표 중", en="Open"),
    ContestPhase.CLOSED: Text(ko="투표 마감, 점검 중", en="Closed, being checked"),
    ContestPhase.SCREENED: Text(ko="점검 완료", en="Closed, checked"),
    ContestPhase.UNBLINDED: Text(ko="팀 공개", en="Unblinded"),
    ContestPhase.RATED: Text(ko="결과 공표", en="Result published"),
}
