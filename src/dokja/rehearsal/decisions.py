"""The decisions of the rules on simulated stages, counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from dokja.decision import PolicyMissing, StageDecision, TeamFacts, decide_stage
from dokja.decision.values import TeamStatus
from dokja.evidence.values import Estimate
from dokja.independence.values import FindingResult
from dokja.programme.values import RankCut, Rulebook
from dokja.rehearsal.simulate import Simulated
from dokja.rehearsal.values import Assumptions, Scenario, ScenarioResult
from dokja.statistics.proportion import wilson_interval

DECIDED_AT = "2026-01-01T00:00:00+00:00"
"""Any moment: a rehearsal has no clock, and nothing hangs on it."""


@dataclass
class Counted:
    """What happened over the simulations of one scenario."""

    wrong: int = 0
    settled: int = 0
    wrong_and_settled: int = 0
    undecided: int = 0
    refused: int = 0
    refusals: dict[str, str] = field(default_factory=dict)
    """What no rule covered, with the remedy."""


def decide_all(
    rulebook: Rulebook,
    cut: RankCut,
    scenario: Scenario,
    simulated: Simulated,
    *,
    digest: str,
) -> Counted:
    """Counts of what the rules decided in every simulation."""
    counted = Counted()
    for facts in _all_facts(rulebook, cut, scenario, simulated):
        try:
            decision = decide_stage(
                rulebook,
                facts,
                stage=cut.stage,
                rules_digest=digest,
                decided_at=DECIDED_AT,
            )
        except PolicyMissing as error:
            counted.refused += 1
            counted.refusals.setdefault(_without_figures(error.fact), error.remedy)
            continue
        wrong = _is_wrong(decision, simulated.truth)
        counted.wrong += wrong
        counted.settled += decision.settled_by_data
        counted.wrong_and_settled += wrong and decision.settled_by_data
        counted.undecided += bool(decision.teams_with(TeamStatus.UNDECIDED))
    return counted


def scenario_result(
    scenario: Scenario, counted: Counted, assumed: Assumptions, *, method: str
) -> ScenarioResult:
    """The counts as shares with their intervals."""

    def share(count: int) -> Estimate:
        value = count / assumed.simulations
        low, high = wilson_interval(value, assumed.simulations)
        return Estimate(
            value=value,
            low=low,
            high=high,
            n=assumed.simulations,
            method=f"{method}/wilson/0.95",
            source="simulated",
        )

    return ScenarioResult(
        scenario=scenario,
        wrong=share(counted.wrong),
        settled=share(counted.settled),
        wrong_and_settled=share(counted.wrong_and_settled),
        undecided=share(counted.undecided),
        refused=share(counted.refused),
    )


def _all_facts(
    rulebook: Rulebook, cut: RankCut, scenario: Scenario, simulated: Simulated
) -> Iterator[tuple[TeamFacts, ...]]:
    parts = {
        category.id: sum(
            (simulated.points[c.id] for c in category.components),
            np.zeros(simulated.ranks.shape[:2]),
        )
        for category in rulebook.categories
    }
    order = [c for c in (rulebook.ties.order if rulebook.ties else ()) if c in parts]
    totals = sum(parts.values(), np.zeros(simulated.ranks.shape[:2]))
    teams = totals.shape[1]
    middle = teams // 2
    finding = FindingResult(scenario.leader_gate)
    for at in range(len(totals)):
        shown = [Decimal(repr(round(float(value), 6))) for value in totals[at]]
        if scenario.level_totals and cut.keep < teams:
            by_total = sorted(range(teams), key=lambda team: shown[team])
            first_out = by_total[teams - cut.keep - 1]
            shown[first_out] = shown[by_total[teams - cut.keep]]
        yield tuple(
            TeamFacts(
                team=f"T{team + 1}",
                total=None if scenario.missing_run and team == middle else shown[team],
                tie_break=tuple(
                    Decimal(repr(round(float(parts[name][at, team]), 6)))
                    for name in order
                ),
                inside_cut=None
                if scenario.missing_run
                else float(simulated.ranks[at, team, : cut.keep].sum()),
                rank_probability=()
                if scenario.missing_run
                else tuple(float(share) for share in simulated.ranks[at, team]),
                gates={
                    gate.id: finding if team == 0 else FindingResult.PASS
                    for gate in rulebook.gates
                },
                withdrawn=scenario.withdrawn and team == middle,
            )
            for team in range(teams)
        )


def _is_wrong(decision: StageDecision, truth: np.ndarray) -> bool:
    """Whether a team left by rank that is better than one that stayed."""
    out = [truth[_place(t)] for t in decision.teams_with(TeamStatus.ELIMINATED_BY_RANK)]
    stays = [truth[_place(t)] for t in decision.teams_with(TeamStatus.ADVANCES)]
    return bool(out and stays) and bool(max(out) > min(stays) + 1e-9)


def _place(team: str) -> int:
    return int(team.removeprefix("T")) - 1


def _without_figures(fact: str) -> str:
    """The fact without the total that differs from simulation to simulation."""
    return fact.partition(" with ")[0]
