"""Contamination findings on the screen: what was found, what it does not show."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from rich.console import Console
from rich.markup import escape

from dokja.benchmark.contamination.values import (
    ContaminationFinding,
    ContaminationReading,
    ContaminationTest,
)
from dokja.evidence.values import Estimate, Text
from dokja.report.numerals import fixed, interval, percent, percent_interval

READING = {
    ContaminationReading.REFER: Text(ko="사람이 확인할 것", en="people have to look"),
    ContaminationReading.SUPPORTING: Text(ko="참고 자료", en="supports a twin test"),
    ContaminationReading.NO_EVIDENCE: Text(ko="증거 없음", en="no evidence"),
    ContaminationReading.UNTESTABLE: Text(ko="시험 불가", en="untestable"),
}
GAP = Text(
    ko="차이 {gap}, 비교 기준 모델 {count}개의 차이는 {references}",
    en="gap {gap}; the same gap of {count} reference models: {references}",
)
ALONE = Text(
    ko="차이 {gap}, 비교 기준 모델 없음", en="gap {gap}; there are no reference models"
)
LEAD = Text(
    ko="공개된 순서의 로그 확률이 섞은 순서보다 조각마다 {gap} 내트 높음",
    en="the published order leads the shuffled ones by {gap} nats a shard",
)
IN_SHARES = frozenset({ContaminationTest.TWIN, ContaminationTest.OVERLAP})
"""Tests whose gap is one of scores; the others' are nats, or deviations."""
P_VALUE = Text(
    ko="보정한 p값 {:.4f} (함께 본 시험 {}개)", en="adjusted p {:.4f}, of {} together"
)


def show_findings(findings: Sequence[ContaminationFinding], *, lang: str) -> None:
    """Nothing; prints the findings in one language."""
    console, say = Console(highlight=False), attrgetter(lang)
    for finding in findings:
        found = finding.evidence
        word = f"{finding.reading} ({say(READING[finding.reading])})"
        console.print(f"[bold]{escape(found.subject)} – {escape(found.suite)}: {word}")
        for name, estimate in found.scores:
            console.print(f"  {escape(say(name))}: {_shown(estimate, found.test)}")
        for line in _lines(finding, lang):
            console.print(f"  {escape(line)}")
        for text in (found.shows, found.does_not_show, finding.follows):
            console.print(f"  {escape(say(text))}", style="dim")


def _lines(finding: ContaminationFinding, lang: str) -> list[str]:
    found, lines = finding.evidence, []
    if found.estimate is not None:
        gaps = ", ".join(_value(gap, found.test) for gap in found.reference_gaps)
        template: str = getattr(_template(finding), lang)
        lines.append(
            template.format(
                gap=_shown(found.estimate, found.test),
                count=len(found.reference_gaps),
                references=gaps,
            )
        )
    if finding.adjusted_p is not None:
        lines.append(getattr(P_VALUE, lang).format(finding.adjusted_p, finding.family))
    if found.reason is not None:
        lines.append(getattr(found.reason, lang))
    return lines


def _template(finding: ContaminationFinding) -> Text:
    if finding.evidence.test is ContaminationTest.ORDER:
        return LEAD
    return GAP if finding.evidence.reference_gaps else ALONE


def _shown(estimate: Estimate, test: ContaminationTest) -> str:
    """The estimate in the unit of its test: a share, or nats and deviations."""
    value = _value(estimate.value, test)
    if test in IN_SHARES:
        ends = percent_interval(estimate)
    else:
        ends = interval(estimate.low, estimate.high, places=2)
    return value + (f" ({ends})" if ends else "")


def _value(found: float, test: ContaminationTest) -> str:
    return percent(found) if test in IN_SHARES else fixed(found, places=2)
