"""Why a voter's votes stand apart, in words that accuse nobody."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.contest.values import Suspicion
from dokja.evidence.values import Text

_WORDS: Mapping[Suspicion, Text] = {
    Suspicion.FOR_TEAM: Text(
        ko="{about}이(가) 나온 대결 {battles}건 중 {agreeing}건에서 이 팀을 선택함. "
        "다른 투표자의 표로 예상되는 수는 {expected}건. 사유를 확인할 것.",
        en="preferred {about} in {agreeing} of its {battles} battles, where the "
        "others' votes lead to {expected}; to be looked at",
    ),
    Suspicion.AGAINST_TEAM: Text(
        ko="{about}이(가) 나온 대결 {battles}건 중 {agreeing}건에서 상대 팀을 선택함. "
        "다른 투표자의 표로 예상되는 수는 {expected}건. 사유를 확인할 것.",
        en="preferred the other in {agreeing} of {battles} battles of {about}, where "
        "the others' votes lead to {expected}; to be looked at",
    ),
    Suspicion.ONE_SIDE: Text(
        ko="대결 {battles}건 중 {agreeing}건에서 {side}을 선택함. 다른 투표자의 표로 "
        "예상되는 수는 {expected}건. 사유를 확인할 것.",
        en="chose the {about} side in {agreeing} of {battles} battles, where the "
        "others' votes lead to {expected}; to be looked at",
    ),
    Suspicion.UNREAD: Text(
        ko="망가진 답변이 섞인 확인 대결 {battles}건 중 {agreeing}건에서 그 답변을 "
        "선택함. 다른 투표자라면 {expected}건으로 예상됨. 사유를 확인할 것.",
        en="preferred the answer in disorder in {agreeing} of {battles} canaries, "
        "where others would in {expected}; to be looked at",
    ),
}
_SIDES = {"left": "왼쪽", "right": "오른쪽"}


def suspicion_reason(
    suspicion: Suspicion, about: str, *, counts: tuple[int, int], expected: float
) -> Text:
    """The reason; `counts` are the votes that agree and those it applies to."""
    agreeing, battles = counts
    fields = {
        "about": about,
        "side": _SIDES.get(about, about),
        "agreeing": agreeing,
        "battles": battles,
        "expected": f"{expected:.1f}",
    }
    words = _WORDS[suspicion]
    return Text(ko=words.ko.format(**fields), en=words.en.format(**fields))
