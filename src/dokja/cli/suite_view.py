"""Suites on the screen: what one is, its first items, what was left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.benchmark.definitions.values import LeftOutRow, SuiteDefinition
from dokja.benchmark.values import Item, Suite, SuiteHeader
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text

LETTERS_MAX = 1200
"""Of a question that are shown: a long text is not read on a terminal."""
LEFT_MAX = 10
HEADS = Text(
    ko="정의|제목|언어|양식|분야|라이선스|제작",
    en="definition|title|lang|track|domain|licence|authors",
)
FIELDS: dict[str, Text] = {
    "version": Text(ko="판", en="version"),
    "track": Text(ko="양식", en="track"),
    "language": Text(ko="언어", en="language"),
    "domain": Text(ko="분야", en="domain"),
    "scoring": Text(ko="채점", en="scoring"),
    "items": Text(ko="문항", en="items"),
    "chance": Text(ko="우연 수준", en="chance"),
    "ceiling": Text(ko="상한", en="ceiling"),
    "output_tokens": Text(ko="답의 최대 토큰", en="tokens of an answer"),
    "licence": Text(ko="라이선스", en="licence"),
    "authors": Text(ko="제작", en="authors"),
    "source": Text(ko="출처", en="source"),
    "canary": Text(ko="표지 문자열", en="canary"),
    "prompt_template": Text(ko="질문 서식", en="prompt template"),
}
RIGHT = Text(ko="정답", en="right")
TESTS = Text(ko="시험", en="tests")
RULES = Text(ko="요건", en="rules")
SHOWN = Text(ko="매체", en="media")
CUT = Text(ko="… ({}자 중 처음)", en="… (the first of {} letters)")
LEFT_OUT = Text(ko="문항이 되지 못한 행 {}개", en="{} rows became no item")
ROW = Text(ko="행", en="row")


def show_suite(suite: Suite, count: int, *, lang: str) -> None:
    """Nothing; prints a suite's header and first items in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    header = suite.header
    console.print(f"[bold]{escape(header.id)}[/bold]  {escape(say(header.title))}")
    console.print(escape(say(header.description)))
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, title in FIELDS.items():
        value = _field(header, name)
        if value:
            table.add_row(f"[dim]{say(title)}[/dim]", escape(value))
    table.add_row("[dim]digest[/dim]", digest_of(suite))
    console.print(table)
    for item in suite.items[:count]:
        _show_item(console, item, lang)


def show_definitions(definitions: Sequence[SuiteDefinition], *, lang: str) -> None:
    """Nothing; prints the known definitions in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in say(HEADS).split("|"):
        table.add_column(head)
    for found in definitions:
        cells = (found.id, say(found.title), found.language, found.track.value)
        rest = (found.domain, found.licence, ", ".join(found.authors))
        table.add_row(*(escape(cell) for cell in (*cells, *rest)))
    console.print(table)


def show_left_out(rows: Sequence[LeftOutRow], *, lang: str) -> None:
    """Nothing; prints which rows of a file became no item, in one language."""
    if not rows:
        return
    console, say = Console(highlight=False), attrgetter(lang)
    console.print(say(LEFT_OUT).format(len(rows)), style="yellow")
    for left in rows[:LEFT_MAX]:
        console.print(f"  {say(ROW)} {left.row}: {escape(left.reason)}")


def _show_item(console: Console, item: Item, lang: str) -> None:
    say = attrgetter(lang)
    console.print(
        f"\n[bold]{escape(item.id)}[/bold]  [dim]{escape(item.cluster)}[/dim]"
    )
    console.print(escape(_cut(item.question, lang)))
    for place, choice in enumerate(item.choices):
        mark = "→" if place == item.answer else " "
        console.print(f" {mark} {escape(choice.strip())}")
    if item.target:
        console.print(f"{say(RIGHT)}: {escape(item.target)}")
    if item.rules:
        told = "; ".join(
            _rule(rule.kind, rule.number, rule.text) for rule in item.rules
        )
        console.print(f"{say(RULES)}: {escape(told)}")
    if item.tests:
        console.print(f"{say(TESTS)}: {escape(_cut(item.tests, lang))}")
    for media in item.media:
        console.print(f"{say(SHOWN)}: {escape(media.path)}  {media.digest}")


def _rule(kind: str, number: int, text: str) -> str:
    return " ".join(filter(None, (kind, str(number or ""), text)))


def _field(header: SuiteHeader, name: str) -> str:
    value = getattr(header, name)
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value) if value else ""


def _cut(text: str, lang: str) -> str:
    if len(text) <= LETTERS_MAX:
        return text
    told: str = getattr(CUT, lang).format(len(text))
    return text[:LETTERS_MAX] + told
