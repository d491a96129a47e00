"""How far teams are apart in an index, by draws that all teams share."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from dokja.evidence.values import Estimate
from dokja.programme.index_rules import FrontierRule
from dokja.standing.indices.frontier import (
    FrontierEvidence,
    benchmark_weights,
    frontier_value,
)
from dokja.standing.indices.scores import SharedDraws, summed_interval
from dokja.standing.indices.values import IndexDifference
from dokja.standing.indices.words import UNDETERMINED_SIDE
from dokja.statistics.bayesian_bootstrap import Draws

METHOD = "bayesian-bootstrap/items-by-cluster/shared/expanded-percentile/{draws}/philox"


def index_parts(
    rule: FrontierRule, evidence: FrontierEvidence, draws: SharedDraws, team: str
) -> dict[str, Draws]:
    """Benchmark to (draws,) of its part in the team's index; the parts add up to it."""
    found = {}
    for name, weight in benchmark_weights(rule, evidence, team).items():
        scores = evidence.benchmarks[name]
        means = draws.means[name, team]
        found[name] = 100 * weight / scores.span * (means - scores.chance)
    return found


def index_differences(
    rule: FrontierRule, evidence: FrontierEvidence, draws: SharedDraws
) -> tuple[IndexDifference, ...]:
    """Every pair of teams, in the order of their ids."""
    values = {team: frontier_value(rule, evidence, team) for team in evidence.teams}
    parts = {
        team: index_parts(rule, evidence, draws, team)
        for team, value in values.items()
        if value is not None
    }
    items = {name: each.clusters.items for name, each in evidence.benchmarks.items()}
    return tuple(
        _difference((left, right), values, parts, draws, items)
        for left, right in combinations(sorted(evidence.teams), 2)
    )


def best_first(values: Mapping[str, float | None]) -> tuple[str, ...]:
    """Names with a value, greatest first; equal ones in their own order."""
    known = {name: value for name, value in values.items() if value is not None}
    return tuple(sorted(known, key=lambda name: (-known[name], name)))


def turned_round(
    one: Mapping[str, float | None], other: Mapping[str, float | None]
) -> bool:
    """Whether two names stand the other way round in the second; level ones do not."""
    return any(
        _sign(one.get(left), one.get(right)) * _sign(other.get(left), other.get(right))
        < 0
        for left, right in combinations(sorted(one), 2)
    )


def parts_between(
    left: Mapping[str, Draws], right: Mapping[str, Draws]
) -> dict[str, Draws]:
    """Benchmark to (draws,) of what it adds to the lead of the left over the right."""
    found: dict[str, Draws] = {}
    for name in sorted({*left, *right}):
        if name in left and name in right:
            found[name] = left[name] - right[name]
        else:
            found[name] = left[name] if name in left else -right[name]
    return found


def _difference(
    pair: tuple[str, str],
    values: Mapping[str, float | None],
    parts: Mapping[str, Mapping[str, Draws]],
    draws: SharedDraws,
    items: Mapping[str, int],
) -> IndexDifference:
    left, right = pair
    ours, theirs = values[left], values[right]
    if ours is None or theirs is None:
        return IndexDifference(
            left=left,
            right=right,
            difference=None,
            separated=None,
            reason=UNDETERMINED_SIDE,
        )
    between = parts_between(parts[left], parts[right])
    _, low, high = summed_interval(between, draws.freedom)
    estimate = Estimate(
        value=ours - theirs,
        low=low,
        high=high,
        n=sum(items[name] for name in between),
        method=METHOD.format(draws=draws.draws),
        source=f"index of {left} less that of {right}",
    )
    return IndexDifference(
        left=left, right=right, difference=estimate, separated=separated(estimate)
    )


def separated(difference: Estimate) -> bool | None:
    """Whether 0 lies outside the interval; None where there is none."""
    if difference.low is None or difference.high is None:
        return None
    return difference.low > 0 or difference.high < 0


def _sign(left: float | None, right: float | None) -> int:
    if left is None or right is None:
        return 0
    return (left > right) - (left < right)
