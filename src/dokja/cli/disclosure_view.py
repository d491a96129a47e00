"""Published scores on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.disclosure import PublishedScores
from dokja.evidence.values import Check, Text

SCORE_HEAD = Text(ko="항목|팀별 점수|평균", en="figure|teams|mean")
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


def show_checks(checks: Sequence[Check], *, lang: str) -> None:
    """Nothing; prints a line a check."""
    say = attrgetter(lang)
    for check in checks:
        Console().print(escape(f"{check.id} {check.result}  {say(check.detail)}"))
