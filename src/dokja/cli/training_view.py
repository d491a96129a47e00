"""A record's verdict on the screen: checks, tier, and what it cannot prove."""

from __future__ import annotations

from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Text
from dokja.training import RecordVerdict

_TIER = Text(ko="증거 등급", en="tier")
_LIMITS = Text(ko="이 기록으로 알 수 없는 것:", en="What this record cannot prove:")


def show_record(verdict: RecordVerdict, *, lang: str) -> None:
    """Nothing; prints the verdict in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = Table(box=None, pad_edge=False, show_header=False)
    for check in verdict.checks:
        table.add_row(check.id, check.result.value, escape(say(check.detail)))
    console.print(f"[bold]{escape(verdict.run)}[/] ({verdict.events})")
    console.print(table)
    tier = f"{say(_TIER)} {verdict.tier.value}"
    console.print(f"[bold]{tier}[/] · {verdict.outcome.value}")
    console.print(say(verdict.meaning))
    console.print(say(_LIMITS))
    for limit in verdict.cannot_prove:
        console.print(f"- {say(limit)}")
