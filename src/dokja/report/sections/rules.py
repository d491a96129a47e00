"""The rules the stage was decided under."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.programme.values import Rulebook
from dokja.report.names import Names
from dokja.report.numerals import moment
from dokja.report.pieces import Fact, View
from dokja.report.wording import MEASURE
from dokja.stage.values import RulesException, Schedule, StageRecord


class ClauseView(View, frozen=True, kw_only=True):
    """A numbered clause with its place in the document."""

    anchor: str
    number: str
    title: Text
    text: Text
    published: bool
    source: str


class WeightRow(View, frozen=True, kw_only=True):
    """The weight of a component."""

    name: Text
    points: str
    measure: Text


class WeightBlock(View, frozen=True, kw_only=True):
    """The weight of a category."""

    name: Text
    points: str
    components: tuple[WeightRow, ...]


class ExceptionView(View, frozen=True, kw_only=True):
    """A recorded change of frozen rules."""

    at: Text
    from_digest: str
    to_digest: str
    reason: Text
    consents: tuple[str, ...]


class RulesView(View, frozen=True, kw_only=True):
    """The section on rules."""

    name: Text
    note: Text
    version: str
    digest: str
    clauses: tuple[ClauseView, ...]
    weights: tuple[WeightBlock, ...]
    possible: str
    schedule: tuple[Fact, ...]
    exceptions: tuple[ExceptionView, ...]


def rules_view(record: StageRecord, names: Names) -> RulesView:
    """Clauses in the rulebook's order."""
    rulebook, plan = record.evidence.rulebook, record.evidence.plan
    return RulesView(
        name=rulebook.name,
        note=rulebook.note,
        version=rulebook.version,
        digest=record.rules_digest,
        clauses=_clauses(rulebook, names),
        weights=_weights(rulebook),
        possible=str(names.possible),
        schedule=_schedule(plan.schedule),
        exceptions=tuple(_exception(e) for e in plan.exceptions),
    )


def _clauses(rulebook: Rulebook, names: Names) -> tuple[ClauseView, ...]:
    return tuple(
        ClauseView(
            anchor=names.clause_anchor(clause.number) or "rules",
            number=clause.number,
            title=clause.title,
            text=clause.text,
            published=clause.published,
            source=clause.source,
        )
        for clause in rulebook.clauses
    )


def _weights(rulebook: Rulebook) -> tuple[WeightBlock, ...]:
    return tuple(
        WeightBlock(
            name=category.name,
            points=str(category.points),
            components=tuple(
                WeightRow(
                    name=part.name,
                    points=str(part.points),
                    measure=MEASURE[part.measure],
                )
                for part in category.components
            ),
        )
        for category in rulebook.categories
    )


def _schedule(schedule: Schedule) -> tuple[Fact, ...]:
    steps = (
        (Text("규정 동결", "Rules frozen"), schedule.rules_frozen),
        (Text("제출물 봉인", "Submissions sealed"), schedule.sealed),
        (Text("벤치마크 측정", "Benchmarks run"), schedule.benchmarked),
        (Text("전문가 평가 마감", "Panel closed"), schedule.panel_closed),
        (Text("사용자 평가 마감", "Ballots closed"), schedule.ballots_closed),
        (Text("계보 측정", "Lineage measured"), schedule.lineage_measured),
        (Text("소명 요청", "Reply requested"), schedule.reply_requested),
        (Text("결정", "Decided"), schedule.decided),
    )
    return tuple(Fact(label=label, value=moment(at)) for label, at in steps)


def _exception(exception: RulesException) -> ExceptionView:
    return ExceptionView(
        at=moment(exception.at),
        from_digest=exception.from_digest,
        to_digest=exception.to_digest,
        reason=exception.reason,
        consents=exception.consents,
    )
