"""One module a section of the report: from the record to what is printed."""

from dokja.report.sections.benchmark import BenchmarkView, benchmark_view
from dokja.report.sections.checking import CheckingView, checking_view
from dokja.report.sections.gate import GateView, gate_view
from dokja.report.sections.headline import HeadlineView, headline_view
from dokja.report.sections.judges import JudgesView, judges_view
from dokja.report.sections.pairs import PairsView, pairs_view
from dokja.report.sections.rules import RulesView, rules_view
from dokja.report.sections.standings import StandingsView, standings_view
from dokja.report.sections.teams import TeamsView, teams_view
from dokja.report.sections.training import TrainingView, training_view

__all__ = [
    "BenchmarkView",
    "CheckingView",
    "GateView",
    "HeadlineView",
    "JudgesView",
    "PairsView",
    "RulesView",
    "StandingsView",
    "TeamsView",
    "TrainingView",
    "benchmark_view",
    "checking_view",
    "gate_view",
    "headline_view",
    "judges_view",
    "pairs_view",
    "rules_view",
    "standings_view",
    "teams_view",
    "training_view",
]
