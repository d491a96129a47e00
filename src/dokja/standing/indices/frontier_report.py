"""The Frontier Index of all teams, with differences and views beside it."""

from __future__ import annotations

from dataclasses import replace

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.programme.index_rules import IndexRules
from dokja.standing.indices.differences import best_first, index_differences
from dokja.standing.indices.eci_view import eci_view
from dokja.standing.indices.frontier import (
    FrontierEvidence,
    frontier_index,
    frontier_value,
)
from dokja.standing.indices.scores import BenchmarkScores, shared_draws
from dokja.standing.indices.values import FrontierReport, FrontierView
from dokja.standing.indices.views import (
    mean_win_rate,
    without_each_benchmark,
    without_team_chosen,
)


def frontier_report(
    rules: IndexRules, evidence: FrontierEvidence, *, beacon: str
) -> FrontierReport:
    """Every team's index, how far teams are apart, and the views of sensitivity.

    Raises: InvalidInput where the rules describe no Frontier Index.
    """
    rule = rules.frontier
    if rule is None:
        raise InvalidInput(
            "the index rules describe no Frontier Index",
            remedy="add [index_rules.frontier] to the rulebook before the freeze",
        )
    digest = digest_of(rules)
    # Drawn for the teams alone: references enter the latent scale without draws.
    used = [_of_teams(evidence, name) for name in sorted(evidence.benchmarks)]
    draws = shared_draws(
        [each for each in used if each.scores],
        rules=digest,
        beacon=beacon,
        draws=rule.draws,
    )
    official = {team: frontier_value(rule, evidence, team) for team in evidence.teams}
    views: list[FrontierView] = [
        *without_each_benchmark(rule, evidence, draws, official),
        mean_win_rate(evidence, draws, official),
    ]
    if any(category.team_chosen for category in rule.categories):
        views.append(without_team_chosen(rule, evidence, draws, official))
    if rule.eci is not None:
        views.append(eci_view(rule.eci, evidence, official))
    return FrontierReport(
        rules_digest=digest,
        version=rules.version,
        teams=tuple(
            frontier_index(rule, evidence, team) for team in sorted(evidence.teams)
        ),
        differences=index_differences(rule, evidence, draws),
        order=best_first(official),
        views=tuple(views),
    )


def _of_teams(evidence: FrontierEvidence, benchmark: str) -> BenchmarkScores:
    found = evidence.benchmarks[benchmark]
    own = {team: found.scores[team] for team in evidence.teams if team in found.scores}
    return replace(found, scores=own)
