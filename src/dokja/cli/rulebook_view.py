"""A rulebook on the screen: clauses first, then what they amount to."""

from __future__ import annotations

from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.programme import Rulebook, rules_digest


def show_rulebook(rules: Rulebook, *, lang: str) -> None:
    """Nothing; prints the rulebook in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    console.print(f"[bold]{escape(say(rules.name))}[/]  {rules.version}")
    console.print(rules_digest(rules))
    console.print(f"[dim]{escape(say(rules.note))}[/]\n")
    ours = "해석" if lang == "ko" else "our reading"
    for clause in rules.clauses:
        origin = clause.source if clause.published else ours
        console.print(
            f"[bold]{clause.number} {escape(say(clause.title))}[/]"
            f"  [dim]{escape(origin)}[/]"
        )
        console.print(f"    {escape(say(clause.text))}")
    console.print(_points(rules, lang=lang))


def _points(rules: Rulebook, *, lang: str) -> Table:
    say = attrgetter(lang)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in ("배점", "", "측정") if lang == "ko" else ("points", "", "measure"):
        table.add_column(head)
    for category in rules.categories:
        table.add_row(f"[bold]{category.points}[/]", escape(say(category.name)), "")
        for part in category.components:
            table.add_row(
                f"  {part.points}", escape(f"  {say(part.name)}"), part.measure.value
            )
    return table
