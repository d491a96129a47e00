"""Rules, runs and recorded figures in; the indices and the target out.

The stage and the command line come through here, so that both say the same of
the same runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from dokja.benchmark.values import OfficialRun, Suite
from dokja.errors import InvalidInput
from dokja.programme import rules_digest
from dokja.programme.index_rules import (
    DiffusionRule,
    FrontierRule,
    IndexRules,
    Picker,
    ReferenceSetPolicy,
)
from dokja.programme.values import Rulebook, Target
from dokja.standing.indices.attainment import TargetEvidence, target_reports
from dokja.standing.indices.diffusion import diffusion_report
from dokja.standing.indices.figures import DiffusionEvidence, Figure
from dokja.standing.indices.from_runs import benchmark_scores, cost_measurements
from dokja.standing.indices.frontier import FrontierEvidence
from dokja.standing.indices.frontier_report import frontier_report
from dokja.standing.indices.reference_set import reference_set
from dokja.standing.indices.scores import BenchmarkScores
from dokja.standing.indices.values import (
    CandidateList,
    CostMeasurement,
    DiffusionReport,
    FigureBook,
    FrontierReport,
    RecordedFigures,
    ReferenceSet,
    TargetReport,
)

Shares = Mapping[str, tuple[Figure | None, Figure | None]]


@dataclass(frozen=True, eq=False, kw_only=True)
class MeasuredModels:
    """Every model with its runs; teams and references under their own names."""

    teams: tuple[str, ...]
    suites: Mapping[str, Suite]
    runs: Mapping[str, Mapping[str, OfficialRun]]
    """Suite to model to the run in which it was asked."""
    declared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Team to the benchmarks it declared before its seal."""

    def scores(self, names: Sequence[str]) -> dict[str, BenchmarkScores]:
        """Scores on those of the named suites that there are."""
        return {
            name: benchmark_scores(self.suites[name], self.runs.get(name, {}))
            for name in names
            if name in self.suites
        }


def measured_frontier(
    rules: IndexRules, rule: FrontierRule, models: MeasuredModels, *, beacon: str
) -> FrontierReport:
    """The Frontier report; suites that the rules do not name change nothing."""
    names = [name for category in rule.categories for name in category.benchmarks]
    evidence = FrontierEvidence(
        teams=models.teams, benchmarks=models.scores(names), declared=models.declared
    )
    return frontier_report(rules, evidence, beacon=beacon)


def measured_diffusion(
    rules: IndexRules,
    rule: DiffusionRule,
    models: MeasuredModels,
    book: FigureBook | None,
    shares: Shares,
    *,
    beacon: str,
) -> DiffusionReport:
    """The Diffusion report against the reference that the rules fix.

    Raises: InvalidInput where costs are in another currency than the rules'.
    """
    recorded = {each.model: each for each in (book.figures if book else ())}
    evidence = {
        model: _diffusion_evidence(rule, models, recorded.get(model), model, shares)
        for model in (*models.teams, rule.reference)
    }
    teams = [evidence[team] for team in models.teams]
    return diffusion_report(rules, teams, evidence[rule.reference], beacon=beacon)


def measured_targets(
    rulebook: Rulebook,
    policy: ReferenceSetPolicy,
    models: MeasuredModels,
    listed: CandidateList | None,
    *,
    office_target: str,
    beacon: str,
) -> tuple[ReferenceSet, tuple[TargetReport, ...]]:
    """The reference set of the policy, and every team held against it.

    `office_target` is the model declared for every team where the office picks
    the target; empty where it named none.
    """
    target = rulebook.target
    assert target is not None  # reference_set_problems refuses its absence
    benchmarks = models.scores(policy.benchmarks)
    teams = {each.team: each for each in (listed.teams if listed else ())}
    references = reference_set(
        policy,
        listed.candidates if listed else (),
        window_months=target.window_months,
        teams={name: teams[name].maker for name in models.teams if name in teams},
        benchmarks=benchmarks,
    )
    aims = {name: teams[name].target for name in models.teams if name in teams}
    evidence = TargetEvidence(
        target=target,
        policy=policy,
        references=references,
        benchmarks=benchmarks,
        declared=_declared(target, models.teams, aims, office_target),
    )
    digest = rules_digest(rulebook)
    return references, target_reports(
        evidence, models.teams, rules=digest, beacon=beacon
    )


def _declared(
    target: Target, teams: Sequence[str], aims: Mapping[str, str], office: str
) -> dict[str, str]:
    if target.chosen_by == Picker.OFFICE:
        return dict.fromkeys(teams, office) if office else {}
    return {team: aim for team, aim in aims.items() if aim}


def _diffusion_evidence(
    rule: DiffusionRule,
    models: MeasuredModels,
    recorded: RecordedFigures | None,
    model: str,
    shares: Shares,
) -> DiffusionEvidence:
    expert, user = shares.get(model, (None, None))
    rows, engines = _item_rows(rule, models, model)
    known = recorded or RecordedFigures(model=model, source="")
    return DiffusionEvidence(
        subject=model,
        items=rows,
        throughput=known.throughput,
        memory=known.memory,
        formats=known.formats,
        licence=known.licence,
        adoption=known.adoption,
        expert=expert,
        user=user,
        source="; ".join(each for each in (engines, known.source) if each),
    )


def _item_rows(
    rule: DiffusionRule, models: MeasuredModels, model: str
) -> tuple[tuple[CostMeasurement, ...], str]:
    """What items cost the model, and the engines that say so.

    Items of the suites that the rules name, or of all that the reference was
    asked; the model's own choice of suites would be a choice of items.
    """
    asked = {name for name, runs in models.runs.items() if rule.reference in runs}
    rows: list[CostMeasurement] = []
    engines: set[str] = set()
    for name in sorted(rule.benchmarks or asked):
        run = models.runs.get(name, {}).get(model)
        if run is None:
            continue
        engines.add(run.engine)
        rows.extend(_named(rule, name, models.suites[name], run))
    complete = asked.issuperset(rule.benchmarks)
    return tuple(rows) if complete else (), "; ".join(sorted(engines))


def _named(
    rule: DiffusionRule, name: str, suite: Suite, run: OfficialRun
) -> list[CostMeasurement]:
    """Rows whose items and clusters cannot be those of another suite."""
    priced = run.prices is not None
    if run.prices is not None and rule.currency not in ("", run.prices.currency):
        raise InvalidInput(
            f"{run.subject} was priced in {run.prices.currency}, the rules count "
            f"{rule.currency}",
            remedy="give runs priced in the currency of the rules; nothing converts "
            "money here",
        )
    return [
        msgspec.structs.replace(
            row,
            item=f"{name}/{row.item}",
            cluster=f"{name}/{row.cluster}",
            # A bill without a price list names no currency.
            cost=row.cost if priced else None,
        )
        for row in cost_measurements(suite, run)
    ]
