"""Accuracy per suite, and which teams each suite tells apart."""

from __future__ import annotations

from markupsafe import Markup

from dokja.benchmark.values import Separation, Suite, SuiteResult
from dokja.evidence.values import Text
from dokja.report.figures import AccuracyRow, accuracy_figure
from dokja.report.names import REFERENCE_PREFIX, Names
from dokja.report.numerals import Shown, percent, percent_interval
from dokja.report.pieces import View, unique
from dokja.report.sections.indices import IndicesView, indices_view
from dokja.stage.values import StageRecord


class AccuracyLine(View, frozen=True, kw_only=True):
    """One subject on one suite, as the table gives it."""

    name: Text
    is_reference: bool
    correct: int | float
    scored: int
    items: int
    accuracy: Shown
    interval: str | None
    n: int | None
    method: str


class SuiteView(View, frozen=True, kw_only=True):
    """One suite."""

    id: str
    version: str
    title: Text
    description: Text
    components: tuple[Text, ...]
    items: int
    chance: str
    licence: str
    authors: str
    source: str
    figure: Markup
    lines: tuple[AccuracyLine, ...]
    pairs: int | None
    separated: tuple[tuple[Text, Text], ...]
    separation_method: str


class BenchmarkView(View, frozen=True, kw_only=True):
    """The section on benchmarks."""

    suites: tuple[SuiteView, ...]
    target: Text
    engines: tuple[str, ...]
    harness: str
    indices: IndicesView | None


def benchmark_view(record: StageRecord, names: Names) -> BenchmarkView:
    """Suites in the order of the evidence."""
    plan = record.evidence.plan
    harness = plan.harness
    return BenchmarkView(
        suites=tuple(
            _suite(record, names, suite, f"suite-{position}")
            for position, suite in enumerate(record.evidence.suites, start=1)
        ),
        target=names.reference(plan.target_reference),
        engines=unique(run.engine for run in record.evidence.runs),
        harness=f"{harness.name} · batch {harness.batch_size} · {harness.dtype}",
        indices=indices_view(record, names),
    )


def _suite(record: StageRecord, names: Names, suite: Suite, key: str) -> SuiteView:
    header = suite.header
    lines = _lines(record, names, header.id)
    separation = _separation(record, header.id)
    measured = record.evidence.plan.suites.items()
    return SuiteView(
        id=header.id,
        version=header.version,
        title=header.title,
        description=header.description,
        components=tuple(
            names.component(part) for part, ids in measured if header.id in ids
        ),
        items=header.items,
        chance=percent(header.chance),
        licence=header.licence,
        authors=", ".join(header.authors),
        source=header.source,
        figure=_figure(record, names, suite, key),
        lines=lines,
        pairs=separation.pairs if separation else None,
        separated=tuple(
            (names.team(one), names.team(other))
            for one, other in (separation.separated if separation else ())
        ),
        separation_method=separation.method if separation else "",
    )


def _separation(record: StageRecord, suite: str) -> Separation | None:
    return next((s for s in record.outcome.separations if s.suite == suite), None)


def _results(record: StageRecord, suite: str) -> tuple[SuiteResult, ...]:
    """Results on the suite: teams in the plan's order, then references."""
    found = {r.subject: r for r in record.outcome.suite_results if r.suite == suite}
    planned = [team for team in record.evidence.plan.teams if team in found]
    return tuple(found[s] for s in unique((*planned, *found)))


def _lines(record: StageRecord, names: Names, suite: str) -> tuple[AccuracyLine, ...]:
    return tuple(
        AccuracyLine(
            name=names.subject(result.subject),
            is_reference=result.subject.startswith(REFERENCE_PREFIX),
            correct=result.correct,
            scored=result.scored,
            items=result.items,
            accuracy=_accuracy(result),
            interval=percent_interval(result.estimate) if result.estimate else None,
            n=result.estimate.n if result.estimate else None,
            method=result.estimate.method if result.estimate else "",
        )
        for result in _results(record, suite)
    )


def _accuracy(result: SuiteResult) -> Shown:
    if result.estimate is None:
        counted = f"{result.scored} / {result.items}"
        return Shown(None, Text(ko=counted, en=counted))
    return Shown(percent(result.estimate.value))


def _figure(record: StageRecord, names: Names, suite: Suite, key: str) -> Markup:
    rows = []
    for result in _results(record, suite.header.id):
        estimate = result.estimate
        ends = (estimate.low, estimate.high) if estimate else (None, None)
        low, high = ends
        rows.append(
            AccuracyRow(
                name=names.subject(result.subject),
                is_reference=result.subject.startswith(REFERENCE_PREFIX),
                value=estimate.value if estimate else None,
                text=percent(estimate.value) if estimate else None,
                interval=None if low is None or high is None else (low, high),
            )
        )
    return accuracy_figure(
        key, rows, suite=suite.header.title, chance=suite.header.chance
    )
