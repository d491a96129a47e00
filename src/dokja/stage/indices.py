"""The measured indices of a stage, where its rules ask for any."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from dokja.programme.index_rules import DiffusionRule
from dokja.programme.values import Measure, Rulebook
from dokja.stage.inputs import active_teams
from dokja.stage.tasks import REFERENCE_PREFIX
from dokja.stage.values import StageEvidence
from dokja.standing import ShareDraws, Standing
from dokja.standing.indices.figures import Figure
from dokja.standing.indices.of_stage import (
    MeasuredModels,
    Shares,
    measured_diffusion,
    measured_frontier,
    measured_targets,
)
from dokja.standing.indices.values import MeasuredIndices
from dokja.standing.values import TeamStanding
from dokja.statistics.bayesian_bootstrap import percentile_interval


def derive_indices(
    evidence: StageEvidence, standing: Standing, draws: ShareDraws
) -> MeasuredIndices | msgspec.UnsetType:
    """The indices and targets of the stage; UNSET where its rules have none."""
    rulebook, plan = evidence.rulebook, evidence.plan
    rules = rulebook.index_rules or None
    policy = rulebook.reference_set(plan.stage)
    if rules is None and policy is None:
        return msgspec.UNSET
    models, found = _models(evidence), MeasuredIndices()
    if rules is not None and rules.frontier is not None:
        frontier = measured_frontier(rules, rules.frontier, models, beacon=plan.beacon)
        found = msgspec.structs.replace(found, frontier=frontier)
    if rules is not None and rules.diffusion is not None:
        diffusion = measured_diffusion(
            rules,
            rules.diffusion,
            models,
            evidence.figure_book or None,
            _shares(standing, draws, rules.diffusion, rulebook),
            beacon=plan.beacon,
        )
        found = msgspec.structs.replace(found, diffusion=diffusion)
    if policy is not None:
        references, targets = measured_targets(
            rulebook,
            policy,
            models,
            evidence.candidate_list or None,
            office_target=plan.target_reference,
            beacon=plan.beacon,
        )
        found = msgspec.structs.replace(
            found, reference_set=references, targets=targets
        )
    return found


def _models(evidence: StageEvidence) -> MeasuredModels:
    runs = {run.subject.removeprefix(REFERENCE_PREFIX): run for run in evidence.runs}
    suites = {suite.header.id: suite for suite in evidence.suites}
    return MeasuredModels(
        teams=active_teams(evidence.plan),
        suites=suites,
        runs=dict.fromkeys(suites, runs),
        declared={
            seal.manifest.team: seal.manifest.individual_suites
            for seal in evidence.seals
        },
    )


def _shares(
    standing: Standing, draws: ShareDraws, rule: DiffusionRule, rulebook: Rulebook
) -> Shares:
    """Expert and user shares of every team, drawn as often as the index."""
    again = replace(draws, draws=rule.draws)
    return {
        team.team: (
            _share(team, again, rulebook, Measure.PANEL_MEAN),
            _share(team, again, rulebook, Measure.BALLOT_MEAN),
        )
        for team in standing.teams
    }


def _share(
    team: TeamStanding, draws: ShareDraws, rulebook: Rulebook, measure: Measure
) -> Figure | None:
    """The share as the standing has it; every component of the kind has the same."""
    scores = {part.component: part for c in team.categories for part in c.components}
    for component in rulebook.components():
        share = scores[component.id].share if component.measure is measure else None
        if share is not None:
            drawn = draws.component(component, team.team)
            low, high = percentile_interval(drawn)
            estimate = msgspec.structs.replace(
                share, low=low, high=high, method=draws.method
            )
            return Figure(estimate, drawn)
    return None
