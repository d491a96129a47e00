"""Facts of outsiders, on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape

from dokja.evidence.values import Text
from dokja.recognition.values import (
    IndexSeries,
    Listing,
    Recognition,
)
from dokja.recognition.words import STATES

NOTHING = Text(
    ko="기록된 외부 평가가 없습니다.", en="No fact of an outsider is on record."
)
LISTED = Text(ko="{} 등재 ({})", en="on {} ({})")
VALUED = Text(ko="{} {}: {}", en="{} {}: {}")
NO_VERSION = Text(ko="버전 미상", en="version unknown")
RANKED = Text(ko="{} 중 {}위", en="rank {1} among {0}")
READ = Text(ko="출처 {}, {}", en="source {}, {}")
NO_SCORE = Text(
    ko="외부 기관의 평가이며 점수에는 반영하지 않습니다. 버전이 다른 지수는 비교하지 "
    "않습니다.",
    en="What outsiders say; it enters no score. Versions of an index are not compared.",
)
SIDE_BY_SIDE = Text(ko="{} {} 비교: {}", en="{} {} side by side: {}")


def show_recognitions(
    facts: Sequence[Recognition], found: Sequence[IndexSeries], *, lang: str
) -> None:
    """Nothing; prints every fact, and the values that can be compared."""
    console, say = Console(highlight=False), attrgetter(lang)
    for each in facts:
        console.print(escape(_line(each, lang)))
    for group in found:
        if len(group.values) > 1:
            names = ", ".join(f"{r.fact.team} {_value(r)}" for r in group.values)
            line = say(SIDE_BY_SIDE).format(group.index, group.version, names)
            console.print(escape(line))
    console.print(say(NO_SCORE if facts else NOTHING))


def _line(each: Recognition, lang: str) -> str:
    say, fact = attrgetter(lang), each.fact
    who = fact.team if fact.model is None else f"{fact.team} {fact.model}"
    if isinstance(fact, Listing):
        what = say(LISTED).format(f"{fact.body} {fact.list}", say(fact.rule))
    else:
        version = fact.version or say(NO_VERSION)
        what = say(VALUED).format(f"{fact.body} {fact.index}", version, fact.value)
        if fact.rank is not None and fact.among is not None:
            what += f", {say(RANKED).format(say(fact.among), fact.rank)}"
    when = f" [{fact.on}]" if fact.on else ""
    source = say(READ).format(fact.source.publisher, fact.source.on)
    reason = f": {say(each.reason)}" if each.reason else ""
    state = say(STATES[each.state])
    return f"{each.id} · {who} · {what}{when} · {source} · {state}{reason}"


def _value(found: Recognition) -> str:
    return str(getattr(found.fact, "value", ""))
