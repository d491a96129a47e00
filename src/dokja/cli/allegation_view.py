"""Allegations on the screen: whose interest, what was measured, how resolved."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from dokja.evidence.values import Text
from dokja.independence.allegation.course import interest_words
from dokja.independence.allegation.values import Allegation
from dokja.independence.allegation.words import (
    ACCUSERS,
    BEARS_OUT,
    OUTCOMES,
    STATES,
)

if TYPE_CHECKING:
    from dokja.wiring.allegations import Allegations

_NONE = Text(ko="접수된 의혹 제기가 없습니다.", en="No allegation is on record.")
_JOINED = Text(ko="{}에 병합", en="joined to {}")
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
        said = say(BEARS_OUT[fact.bears_out])
        console.print(f"  - {escape(fact.what)}: {said} {fact.digest[:19]}")
    if one.reply_until and one.outcome is None:
        console.print(f"  {say(_UNTIL).format(one.reply_until)}")
    for given in one.replies:
        console.print(f"  > {escape(say(given.text))} ({given.at})")
