"""A comparison on the screen: verdicts first, then what each rests on.

Machine words stand first, as the JSON and the exit codes use them; in Korean
the page's word stands beside each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Text
from dokja.lineage import ComponentLineage, LineageReport, LineageTest
from dokja.report.comparison import joined_layers
from dokja.report.numerals import percent_interval
from dokja.report.sections.evidence import (
    detection_shown,
    explained_estimate,
    models_apart,
)
from dokja.report.wording import RELATION, VERDICT, component_kind

Say = Callable[[Text], str]

HEADS = Text(
    ko="구성요소|판정|관계|설명 비율|층 대응",
    en="component|verdict|relation|explained|layers",
)
EQUAL = Text(ko="바이트가 같은 텐서 {:.0%}", en="{:.0%} of the tensors equal in bytes")
EFFECT = Text(ko="효과 {:.3f}", en="effect {:.3f}")
STRANGERS = Text(
    ko=", 무관한 대조군 최대 {:.3f}", en=", known strangers at most {:.3f}"
)
LIMIT = Text(
    ko="{} 이상이 섞였다면 파생으로 판정되었을 것임",
    en="a share of {} or more would have been called derived",
)


def show_comparison(report: LineageReport, *, lang: str) -> None:
    """Nothing; prints the report in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    names = f"{report.candidate} – {report.reference}"
    verdict = _worded(report.verdict, VERDICT[report.verdict], lang)
    console.print(f"[bold]{escape(names)}: {verdict}[/bold]")
    *heads, last = say(HEADS).split("|")
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, no_wrap=True)
    table.add_column(last)
    for component in report.components:
        table.add_row(*_row(component, lang))
    console.print(table)
    for component in report.components:
        heading = _worded(component.name, component_kind(component.name), lang)
        console.print(f"\n[bold]{escape(heading)}[/bold]")
        console.print(escape(say(component.reason)))
        for line in _evidence(component, say):
            console.print(f"  {escape(line)}")
    console.print("\n" + escape(say(report.limits)), style="dim")


def _worded(code: str, words: Text, lang: str) -> str:
    """The machine word; in English it needs no other beside it."""
    return f"{code} ({words.ko})" if lang == "ko" and words.ko != code else str(code)


def _row(component: ComponentLineage, lang: str) -> tuple[str, ...]:
    relation = component.relation
    return (
        escape(component.name),
        _worded(component.verdict, VERDICT[component.verdict], lang),
        _worded(relation, RELATION[relation], lang) if relation else "–",
        _share(component),
        _layers(component),
    )


def _share(component: ComponentLineage) -> str:
    share = explained_estimate(component)
    if share is None:
        return "–"
    ends = percent_interval(share)
    return f"{share.value:.1%}" + (f" ({ends})" if ends else "")


def _layers(component: ComponentLineage) -> str:
    """The layer map in runs; a dash where no layer has a counterpart."""
    layers = component.layer_map
    is_found = any(layer is not None for layer in layers)
    return joined_layers(layers) if is_found else "–"


def _evidence(component: ComponentLineage, say: Say) -> list[str]:
    """One line a test, the effect beside its largest known stranger.

    Under an agreement, what models trained apart reach.
    """
    names = _names(component.tests)
    lines = [
        line
        for name, test in zip(names, component.tests, strict=True)
        for line in _lines(name, test, say)
    ]
    if component.relation_reason is not None:
        lines.append(say(component.relation_reason))
    limit = detection_shown(component).text
    if limit is not None:
        lines.append(say(LIMIT).format(limit))
    return lines


def _names(tests: Sequence[LineageTest]) -> list[str]:
    """Machine names, numbered where several would read alike, as on the page."""
    plain = [f"{test.id} {test.tensor_class.value}" for test in tests]
    return [
        name
        if plain.count(name) == 1
        else f"{name} ({1 + plain[:position].count(name)})"
        for position, name in enumerate(plain)
    ]


def _lines(name: str, test: LineageTest, say: Say) -> list[str]:
    apart = models_apart(test)
    return [_test(name, test, say), *([f"  {say(apart)}"] if apart else [])]


def _test(name: str, test: LineageTest, say: Say) -> str:
    if test.effect is None:
        return f"{name}: {say(test.reason) if test.reason else '–'}"
    if test.id == "T6":
        return f"{name}: " + say(EQUAL).format(test.effect)
    line = f"{name}: " + say(EFFECT).format(test.effect)
    if test.controls_negative:
        line += say(STRANGERS).format(max(test.controls_negative))
    if test.p_value is not None:
        line += f", p {test.p_value:.1e}"
    return line
