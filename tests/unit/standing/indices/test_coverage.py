"""95 % intervals hold the truth in 93 to 97 of 100 simulated evaluations."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dokja.evidence.values import Estimate
from dokja.programme.index_rules import IndexRules
from dokja.standing.indices.differences import index_differences
from dokja.standing.indices.frontier import frontier_index
from dokja.standing.indices.scores import shared_draws
from tests.unit.standing.indices.made_scores import (
    category,
    evidence,
    rule,
    simulated,
    true_index,
)

TIMES = 700
SKILLS = {"T1": 0.6, "T2": 0.3}
DESIGNS = {
    "many clusters": (("x", 60, 3), ("y", 80, 1), ("z", 40, 2)),
    "few clusters": (("x", 8, 10), ("y", 12, 4), ("z", 10, 5)),
    "one benchmark": (("x", 12, 4),),
}


def _holds(estimate: Estimate | None, truth: float) -> bool:
    assert estimate is not None
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


@pytest.mark.parametrize("design", DESIGNS)
def test_indices_and_their_differences_are_covered(design: str) -> None:
    """Of the index by its analytic error, of the difference by shared draws."""
    names = [name for name, _, _ in DESIGNS[design]]
    weights = {1: ("1",), 3: ("0.5", "0.3", "0.2")}[len(names)]
    rules = rule(*(category(n, w, n) for n, w in zip(names, weights, strict=True)))
    assert sum(c.weight for c in rules.categories) == Decimal(1)
    truth = {team: true_index(skill) for team, skill in SKILLS.items()}
    held = {"index": 0, "difference": 0}
    for seed in range(TIMES):
        made = simulated(seed, SKILLS, DESIGNS[design])
        given = evidence(tuple(SKILLS), *made)
        held["index"] += _holds(frontier_index(rules, given, "T1").index, truth["T1"])
        draws = shared_draws(
            made, rules=IndexRules(version="1").version, beacon=str(seed), draws=400
        )
        (lead,) = index_differences(rules, given, draws)
        held["difference"] += _holds(lead.difference, truth["T1"] - truth["T2"])
    rates = {name: count / TIMES for name, count in held.items()}
    assert {n: r for n, r in rates.items() if not 0.93 <= r <= 0.97} == {}, rates
