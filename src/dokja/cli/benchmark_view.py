"""Runs on the screen: a score with its interval, then all that has no score."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape as without_markup
from rich.table import Table

from dokja.benchmark.runs import timings
from dokja.benchmark.runs.values import (
    PairedTask,
    RunComparison,
    RunSummary,
    TaskResult,
    Timing,
)
from dokja.benchmark.values import OfficialRun
from dokja.evidence.values import Estimate, Text
from dokja.report.numerals import percent, percent_interval
from dokja.report.runs import visible_letters

NONE = "–"
FEW = 5
RUN_HEADS = Text(
    ko="묶음|점수|95 % 구간|우연 기준 환산|문항|묶음 단위|토큰 입력/출력",
    en="suite|score|95 % interval|over chance|items|clusters|tokens in/out",
)
PAIR_HEADS = Text(
    ko="묶음|왼쪽|오른쪽|차이|95 % 구간|보정 p|구별됨|구별에 필요한 문항",
    en="suite|left|right|difference|95 % interval|adjusted p|apart|items to tell apart",
)
UNSCORED = Text(
    ko="{task}: 점수가 없는 답 {count}개 — 0점으로 치지 않으며 합계도 내지 않음",
    en="{task}: {count} answers without a score; none counts as 0, and there is no "
    "total until they have one",
)
CLOCK = Text(
    ko="{task}: 답 하나에 중앙값 {median:.2f}초, 95 % {p95:.2f}초",
    en="{task}: an answer took {median:.2f} s (median), {p95:.2f} s (95 %)",
)
FIRST = Text(ko=", 첫 토큰 {:.2f}초", en=", first token {:.2f} s")
COST = Text(ko=", 비용 {:g} {}", en=", cost {:g} {}")
APART = {
    True: Text(ko="예", en="yes"),
    False: Text(ko="아니요", en="no"),
    None: Text(ko=NONE, en=NONE),
}


def escape(text: str) -> str:
    """The text as it can be printed: it may be a model's, and a terminal obeys some."""
    return without_markup(visible_letters(text))


def show_run(run: OfficialRun, summary: RunSummary, *, lang: str) -> None:
    """Nothing; prints a run in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    console.print(f"[bold]{escape(summary.subject)}[/bold]  {summary.model_digest}")
    console.print(escape(summary.engine), style="dim")
    table = _table(say(RUN_HEADS))
    for task in summary.tasks:
        table.add_row(*_run_row(task))
    console.print(table)
    for task in summary.tasks:
        for line in _unscored(task, lang):
            console.print(escape(line), style="yellow")
    currency = run.prices.currency if run.prices else ""
    for timing in timings(run):
        console.print(escape(_clock(timing, currency, lang)), style="dim")


def show_comparison(comparison: RunComparison, *, lang: str) -> None:
    """Nothing; prints two runs side by side in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    names = f"{comparison.left.subject} – {comparison.right.subject}"
    console.print(f"[bold]{escape(names)}[/bold]")
    table = _table(say(PAIR_HEADS))
    for task in comparison.tasks:
        table.add_row(*_pair_row(task, lang))
    console.print(table)
    for name, reason in comparison.left_out:
        console.print(escape(f"{name}: {say(reason)}"), style="yellow")
    console.print(comparison.method, style="dim")


def _table(heads: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for place, head in enumerate(heads.split("|")):
        first = place == 0
        table.add_column(head, justify="left" if first else "right", no_wrap=first)
    return table


def _run_row(task: TaskResult) -> Sequence[str]:
    return (
        escape(task.task),
        _share(task.estimate),
        _ends(task.estimate),
        _share(task.normalised),
        str(task.items),
        str(task.clusters),
        f"{_count(task.input_tokens)} / {_count(task.output_tokens)}",
    )


def _pair_row(task: PairedTask, lang: str) -> Sequence[str]:
    needed = task.items_to_separate
    return (
        escape(task.task),
        _share(task.left),
        _share(task.right),
        _share(task.difference),
        _ends(task.difference),
        NONE if task.adjusted_p is None else f"{task.adjusted_p:.3f}",
        getattr(APART[task.separated], lang),
        NONE if needed is None else f"{needed.value:,.0f}",
    )


def _unscored(task: TaskResult, lang: str) -> list[str]:
    if not task.unscored:
        return []
    line = getattr(UNSCORED, lang).format(task=task.task, count=len(task.unscored))
    shown = [
        f"  {entry.item} [{entry.status}{f', {entry.cause}' if entry.cause else ''}] "
        f"{entry.error}"
        for entry in task.unscored[:FEW]
    ]
    return [line, *shown]


def _clock(timing: Timing, currency: str, lang: str) -> str:
    line: str = getattr(CLOCK, lang).format(
        task=timing.task, median=timing.median_seconds, p95=timing.p95_seconds
    )
    if timing.first_token_seconds is not None:
        line += getattr(FIRST, lang).format(timing.first_token_seconds)
    if timing.cost is not None:
        line += getattr(COST, lang).format(timing.cost, currency)
    return line


def _share(found: Estimate | None) -> str:
    return NONE if found is None else percent(found.value)


def _ends(found: Estimate | None) -> str:
    return (found and percent_interval(found)) or NONE


def _count(tokens: int | None) -> str:
    return NONE if tokens is None else f"{tokens:,}"
