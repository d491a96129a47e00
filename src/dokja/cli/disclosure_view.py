"""Published scores on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.disclosure import PublishedScores, RecordView
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Check, Text

SCORE_HEAD = Text(ko="항목|팀별 점수|평균", en="figure|teams|mean")
SEEN_BY = Text(ko="열람 자격: {}", en="seen by {}")
BY_RULE = Text(ko="규정집의 공개 범위에 따름", en="as the rulebook discloses it")
UNLESS_RULED = Text(
    ko="규정집에 정함이 없어 기본 범위에 따름", en="the rulebook is silent: the default"
)
NOTHING_SHOWN = Text(ko="열람할 수 있는 기록이 없습니다.", en="Nothing is shown.")
HIDDEN = Text(ko="비공개", en="sealed")
WITHHELD = Text(ko="평균 비공개", en="mean withheld")


def show_published(published: PublishedScores, *, lang: str) -> None:
    """Nothing; prints each figure with the scores that are open and its mean."""
    console, say = Console(), attrgetter(lang)
    means = {each.figure: str(each.mean) for each in published.sums}
    table = Table(*say(SCORE_HEAD).split("|"), box=None)
    for figure in dict.fromkeys(score.figure for score in published.scores):
        mine = [score for score in published.scores if score.figure == figure]
        shown = ", ".join(
            f"{s.team} {say(HIDDEN) if s.opened is None else s.opened.points}"
            for s in mine
        )
        table.add_row(escape(figure), escape(shown), means.get(figure, "–"))
    console.print(table)
    for reason in published.withheld:
        console.print(escape(f"{say(WITHHELD)}: {say(reason)}"))


def show_view(found: RecordView, *, lang: str) -> None:
    """Nothing; prints each fact by its kind of record, and why it is shown."""
    console, say = Console(highlight=False), attrgetter(lang)
    console.print(escape(say(SEEN_BY).format(found.viewer)))
    for record in dict.fromkeys(fact.record for fact in found.facts):
        own = [fact for fact in found.facts if fact.record == record]
        by = say(BY_RULE if own[0].by_rule else UNLESS_RULED)
        console.print(escape(f"{record} ({by})"))
        for fact in own:
            body = canonical_bytes(fact.body).decode()
            console.print(escape(f"  {fact.id}: {body}"))
    if not found.facts:
        console.print(say(NOTHING_SHOWN))


def show_checks(checks: Sequence[Check], *, lang: str) -> None:
    """Nothing; prints a line a check."""
    say = attrgetter(lang)
    for check in checks:
        Console().print(escape(f"{check.id} {check.result}  {say(check.detail)}"))
