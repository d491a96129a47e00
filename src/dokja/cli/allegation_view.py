"""Allegations on the screen: whose interest, what was measured, how resolved."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from dokja.evidence.values import Text
from dokja.independence.allegation.course import interest_words
from dokja.independence.allegation.values import (
    AccuserKind,
    Allegation,
    AllegationOutcome,
    AllegationState,
)

if TYPE_CHECKING:
    from dokja.wiring.allegations import Allegations

STATES: Mapping[AllegationState, Text] = {
    AllegationState.RECEIVED: Text(ko="접수", en="received"),
    AllegationState.TRIAGED: Text(ko="측정 대상 확정", en="triaged"),
    AllegationState.MEASURED: Text(ko="측정 완료, 소명 대기", en="measured"),
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
_NONE = Text(ko="접수된 의혹 제기가 없습니다.", en="No allegation is on record.")
_JOINED = Text(ko="{}에 병합", en="joined to {}")
_BORE_OUT: Mapping[bool | None, Text] = {
    True: Text(ko="의혹을 뒷받침함", en="bears it out"),
    False: Text(ko="의혹을 뒷받침하지 않음", en="speaks against it"),
    None: Text(ko="판단할 수 없음", en="settles nothing"),
}
_UNTIL = Text(ko="소명 기한 {}", en="reply until {}")


def show_allegations(found: Allegations, *, lang: str) -> None:
    """Nothing; prints the allegations in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    if not found.open and not found.published:
        console.print(say(_NONE))
    for one in found.open:
        _show(console, one, lang)
    if not found.open:
        for each in found.published:
            console.print(
                f"[bold]{escape(each.id)}[/] {escape(each.team)} · "
                f"{say(OUTCOMES[each.outcome])} · {each.resolved_at} · {each.clause}"
            )


def _show(console: Console, one: Allegation, lang: str) -> None:
    say, got = attrgetter(lang), one.received
    state = say(STATES[one.state])
    if one.outcome is not None:
        state = f"{state}: {say(OUTCOMES[one.outcome])}"
    if one.joined_to:
        state = say(_JOINED).format(one.joined_to)
    about = f"{escape(got.team)} {escape(got.component)}"
    console.print(f"[bold]{escape(one.id)}[/] {about} · {state}")
    accuser = f"{say(ACCUSERS[got.accuser])}, {say(interest_words(got))}"
    console.print(f"  {escape(say(got.about))} ({escape(accuser)})")
    for fact in one.facts:
        said = say(_BORE_OUT[fact.bears_out])
        console.print(f"  - {escape(fact.what)}: {said} {fact.digest[:19]}")
    if one.reply_until and one.outcome is None:
        console.print(f"  {say(_UNTIL).format(one.reply_until)}")
    for given in one.replies:
        console.print(f"  > {escape(say(given.text))} ({given.at})")
