"""Commitments on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.commitment import Commitment
from dokja.commitment.assess import in_order_of_days
from dokja.commitment.values import Finding, Measured
from dokja.commitment.words import REPORTERS, STATUSES
from dokja.evidence.values import Estimate, Text

NONE_YET = Text(ko="등록된 약속이 없습니다.", en="No commitment is on record.")
TARGET = Text(ko="목표: {}", en="target: {}")
CHANGED = Text(ko="{}회 변경됨", en="changed {} time(s)")
READING = Text(ko="발표되지 않아 사무국이 정한 부분: {}", en="not announced: {}")
EVIDENCE = Text(ko="근거 자료: {}", en="evidence: {}")
DAYS_LEFT = Text(ko="{}: 기한까지 {}일 ({})", en="{}: {} days left ({})")
HEADS = (
    Text(ko="약속", en="commitment"),
    Text(ko="팀", en="team"),
    Text(ko="상태", en="status"),
    Text(ko="기한", en="due"),
    Text(ko="최근 측정", en="measured"),
    Text(ko="목표", en="target"),
)
SAID = Text(ko="{}, {}", en="{}, {}")
NOT_MEASURED = Text(ko="측정하지 않음", en="not measured")


def show_commitments(found: Sequence[Commitment], *, lang: str) -> None:
    """Nothing; prints each with its status, why, and what was measured."""
    console, say = Console(), attrgetter(lang)
    if not found:
        console.print(say(NONE_YET))
    for each in found:
        head = f"{each.id} · {each.team} · {say(STATUSES[each.status])}"
        console.print(escape(head))
        source = say(SAID).format(each.source.publisher, each.source.on)
        console.print(escape(f"  {say(each.text)} ({source})"))
        console.print(escape("  " + say(TARGET).format(say(each.target))))
        for finding in each.findings:
            console.print(escape("  " + _line(finding, lang)))
        console.print(escape(f"  {say(each.reason)}"))
        if each.reading is not None:
            console.print(escape("  " + say(READING).format(say(each.reading))))
        if each.amended:
            console.print("  " + say(CHANGED).format(each.amended))
        for entry in each.measurements:
            note = "" if entry.note is None else say(entry.note)
            by = say(REPORTERS[entry.by])
            console.print(escape(f"  {entry.at} {by} {note}"))


def list_commitments(found: Sequence[Commitment], *, lang: str) -> None:
    """Nothing; prints a line for each, and below them the days to come."""
    console, say = Console(), attrgetter(lang)
    if not found:
        console.print(say(NONE_YET))
        return
    table = Table(*map(say, HEADS), box=None)
    for each in found:
        measured = each.measurements[-1].at[:10] if each.measurements else "–"
        status = say(STATUSES[each.status])
        cells = (each.id, each.team, status, each.due or "–", measured)
        table.add_row(*map(escape, (*cells, say(each.target))))
    console.print(table)
    for each in in_order_of_days(found):
        line = say(DAYS_LEFT).format(each.id, each.days_left, each.due)
        console.print(escape(line))


def show_measured(measured: Measured, *, lang: str) -> None:
    """Nothing; prints what a probe found and why."""
    console, say = Console(), attrgetter(lang)
    for figure in measured.figures:
        console.print(escape(f"  {figure.name}: {_figure(figure.estimate)}"))
    if measured.note is not None:
        console.print(escape(f"  {say(measured.note)}"))
    for digest in measured.evidence:
        console.print(escape("  " + say(EVIDENCE).format(digest)))


def _line(finding: Finding, lang: str) -> str:
    shown = attrgetter(lang)(NOT_MEASURED)
    if finding.estimate is not None:
        shown = _figure(finding.estimate)
    return f"{finding.name}: {shown} / {finding.target:g}"


def _figure(estimate: Estimate) -> str:
    if estimate.low is None and estimate.high is None:
        return f"{estimate.value:g} (n={estimate.n})"
    low = "" if estimate.low is None else f"{estimate.low:.4g}"
    high = "" if estimate.high is None else f"{estimate.high:.4g}"
    return f"{estimate.value:.4g} [{low} ~ {high}] (n={estimate.n})"
