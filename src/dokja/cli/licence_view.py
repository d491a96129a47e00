"""Licences of a submission on the screen: the verdicts, then the checks."""

from __future__ import annotations

from operator import attrgetter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Text
from dokja.submission.bom import LicenceReport
from dokja.submission.bom.plain import one_line

OUTBOUND = Text(ko="공개 라이선스: {}", en="goes out under: {}")
NOT_NAMED = Text(ko="적혀 있지 않음", en="not named")
TABLES = Text(ko="사용한 표: {}", en="tables: {}")
ADVICE = Text(
    ko="표에 적힌 사실에 따른 결과이며 법률 자문이 아닙니다.",
    en="This follows from the facts in the tables and is no legal advice.",
)


def show_licences(report: LicenceReport, *, lang: str) -> None:
    """Nothing; prints the report in one language."""
    console, say = Console(highlight=False, soft_wrap=True), attrgetter(lang)
    outbound = report.outbound.canonical or report.outbound.declared
    console.print(say(OUTBOUND).format(escape(one_line(outbound) or say(NOT_NAMED))))
    parts = Table(box=None, pad_edge=False, show_header=False)
    for part in report.parts:
        parts.add_row(
            part.component.value,
            part.weight_state.value,
            escape(one_line(part.judgement.inbound) or say(NOT_NAMED)),
            part.judgement.verdict.value,
        )
    console.print(parts)
    checks = Table(box=None, pad_edge=False, show_header=False)
    for check in report.checks:
        checks.add_row(
            check.id, check.result.value, escape(one_line(say(check.detail)))
        )
    console.print(checks)
    tables = ", ".join(f"{one.name} {one.version}" for one in report.tables)
    console.print(say(TABLES).format(tables))
    console.print(say(ADVICE))
