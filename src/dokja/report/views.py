"""The whole report as one frozen value, ready to be printed."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.report.names import Names
from dokja.report.pieces import View
from dokja.report.sections import (
    BenchmarkView,
    CheckingView,
    GateView,
    HeadlineView,
    JudgesView,
    PairsView,
    RulesView,
    StandingsView,
    TeamsView,
    TrainingView,
    benchmark_view,
    checking_view,
    gate_view,
    headline_view,
    judges_view,
    pairs_view,
    rules_view,
    standings_view,
    teams_view,
    training_view,
)
from dokja.stage.values import StageRecord


class StageReportView(View, frozen=True, kw_only=True):
    """Everything the template prints, section by section."""

    headline: HeadlineView
    standings: StandingsView
    teams: TeamsView
    gate: GateView
    training: TrainingView | None
    benchmark: BenchmarkView
    pairs: PairsView
    judges: JudgesView
    rules: RulesView
    unknown: tuple[Text, ...]
    synthetic: tuple[Text, ...]
    checking: CheckingView


def stage_report_view(record: StageRecord) -> StageReportView:
    """The report on a record: all arithmetic and wording, no markup but figures."""
    names = Names(record)
    return StageReportView(
        headline=headline_view(record, names),
        standings=standings_view(record, names),
        teams=teams_view(record, names),
        gate=gate_view(record, names),
        training=training_view(record, names),
        benchmark=benchmark_view(record, names),
        pairs=pairs_view(record, names),
        judges=judges_view(record, names),
        rules=rules_view(record, names),
        unknown=record.outcome.unknown,
        synthetic=record.outcome.synthetic,
        checking=checking_view(record, names),
    )
