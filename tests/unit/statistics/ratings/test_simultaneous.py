"""Joint intervals against closed forms, and the ranks they leave."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import studentized_range, t

from dokja.evidence.values import Estimate
from dokja.statistics.ratings.rating import ranked, rate
from dokja.statistics.ratings.simulated import Plan, limit_strengths, simulated_votes
from dokja.statistics.ratings.simultaneous import (
    certainly_above,
    critical_values,
    rank_interval,
)


@pytest.mark.parametrize(("teams", "freedom"), [(3, 10), (5, 48), (8, 1000)])
def test_equal_errors_give_tukeys_range(teams: int, freedom: int) -> None:
    """All differences of equal means: the studentised range over the root of 2."""
    covariance = np.eye(teams) - 1 / teams
    found = critical_values(3, covariance, freedom=freedom, draws=40_000)
    oracle = studentized_range.ppf(0.95, teams, freedom) / np.sqrt(2)
    assert found.differences == pytest.approx(oracle, rel=0.015)


def test_two_teams_need_no_correction() -> None:
    """One difference: Student's t."""
    covariance = np.array([[1.0, -1.0], [-1.0, 1.0]])
    found = critical_values(5, covariance, freedom=12, draws=100_000)
    assert found.differences == pytest.approx(t.ppf(0.975, 12), rel=0.01)
    assert found.strengths == pytest.approx(found.differences, rel=1e-9)


def test_unknown_freedom_is_the_normal_limit() -> None:
    """Infinitely many voters: no spread of the error itself."""
    covariance = np.array([[1.0, -1.0], [-1.0, 1.0]])
    found = critical_values(5, covariance, freedom=np.inf, draws=100_000)
    assert found.differences == pytest.approx(1.96, rel=0.01)


def test_ranks_count_what_is_certain() -> None:
    """One above two that cannot be told apart, among four of whom one is unrated."""
    strengths = np.array([2.0, 0.1, 0.0])
    above = certainly_above(strengths, np.eye(3) * 0.1, reach=2.4)
    best, worst = rank_interval(above, 4)
    assert best.tolist() == [1, 2, 2]
    assert worst.tolist() == [2, 4, 4]


def test_without_an_error_nothing_is_certain() -> None:
    """A covariance of 0 says that nothing is known, not that all is."""
    above = certainly_above(np.array([1.0, -1.0]), np.zeros((2, 2)), reach=2.0)
    assert not above.any()


def test_joint_intervals_and_ranks_hold_together() -> None:
    """95 % of contests: every strength inside its interval, every rank too."""
    plan = Plan(
        strengths=(0.0, 0.1, 0.2, 0.3), voters=80, votes_each=10, ties=0.2, taste=0.5
    )
    truth = limit_strengths(plan)
    held, ranks = 0, 0
    for number in range(400):
        shown = ranked(
            rate(simulated_votes(number, plan)), seed=7, source="", draws=2000
        )
        ends = [(x.low, x.high) for x in shown.strengths if isinstance(x, Estimate)]
        held += all(
            low is not None and high is not None and low <= true <= high
            for (low, high), true in zip(ends, truth, strict=True)
        )
        ranks += all(
            best <= 4 - team <= worst
            for team, (best, worst) in enumerate(
                zip(shown.best, shown.worst, strict=True)
            )
        )
    assert 0.92 <= held / 400 <= 0.98
    assert ranks / 400 >= 0.95
