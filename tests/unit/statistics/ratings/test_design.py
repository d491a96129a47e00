"""Votes needed, held against simulation and against the design's own table."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.statistics.power import STANDARD, Target
from dokja.statistics.ratings.needed import (
    gap_detectable,
    votes_needed,
    votes_per_pair,
)
from dokja.statistics.ratings.rating import rate
from dokja.statistics.ratings.simulated import (
    Plan,
    foreseen,
    limit_strengths,
    simulated_votes,
)

EQUAL = tuple(0.2 * team for team in range(5))


def test_votes_for_a_gap_of_a_fifth() -> None:
    """8 (1.960 + 0.842)^2 / (5 0.2^2 0.8), by hand: 392.5 a pair, ten pairs."""
    assert votes_per_pair(0.2, 5, ties=0.2) == 393
    assert votes_needed(0.2, 5, ties=0.2) == 3930
    assert votes_per_pair(-0.2, 5, ties=0.2, design_effect=2) == 785
    assert gap_detectable(3930, 5, ties=0.2) == pytest.approx(0.2, rel=1e-3)


def test_more_is_needed_for_less() -> None:
    """A smaller gap, more ties, more power: more votes; more teams: fewer a pair."""
    plain = votes_per_pair(0.2, 5)
    assert votes_per_pair(0.1, 5) == pytest.approx(4 * plain, abs=4)
    assert votes_per_pair(0.2, 5, ties=0.5) == pytest.approx(2 * plain, abs=2)
    assert votes_per_pair(0.2, 5, target=Target(power=0.9)) > plain
    assert votes_per_pair(0.2, 10) == pytest.approx(plain / 2, abs=1)


@pytest.mark.parametrize(
    ("gap", "teams", "ties"), [(0.0, 5, 0.0), (0.2, 1, 0.0), (0.2, 5, 1.0)]
)
def test_what_no_number_of_votes_shows(gap: float, teams: int, ties: float) -> None:
    """Equal teams, one team, nothing but ties."""
    with pytest.raises(ValueError, match="votes"):
        votes_per_pair(gap, teams, ties=ties)


def test_the_formula_keeps_its_power() -> None:
    """Four teams alike and one below by the gap, against one of them: 80 %."""
    votes = votes_needed(0.3, 5, ties=0.2, target=STANDARD)
    plan = Plan(strengths=(-0.3, 0, 0, 0, 0), voters=votes, votes_each=1, ties=0.2)
    found = 0
    for number in range(400):
        rating = rate(simulated_votes(number, plan))
        assert rating.clustered is not None
        contrast = np.array([1.0, -1, 0, 0, 0])
        error = np.sqrt(contrast @ rating.clustered @ contrast)
        found += contrast @ rating.strengths < -1.96 * error
    assert found / 400 == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("voters", "each", "taste", "last", "separated"),
    [
        (1000, 1, 0.0, 0.92, 0.31),
        (5000, 1, 0.0, 1.00, 0.90),
        (49, 20, 0.5, 0.85, 0.24),
        (49, 100, 0.5, 0.94, 0.37),
        (500, 10, 0.5, 1.00, 0.72),
    ],
)
def test_the_table_of_the_design(
    voters: int, each: int, taste: float, last: float, separated: float
) -> None:
    """Its order of magnitude, and intervals that cover 93 to 97 %, of 600."""
    plan = Plan(strengths=EQUAL, voters=voters, votes_each=each, ties=0.2, taste=taste)
    found = foreseen(5, plan, simulations=600)
    assert found.last_is_last == pytest.approx(last, abs=0.06)
    assert found.last_separated == pytest.approx(separated, abs=0.13)
    assert 0.93 <= found.covered <= 0.97
    assert found.undecided == 0


def test_few_votes_may_decide_nothing() -> None:
    """Ten votes on five teams: no strength for somebody, and it is said."""
    plan = Plan(strengths=EQUAL, voters=10, votes_each=1)
    found = foreseen(5, plan, simulations=50)
    assert found.undecided > 0.8
    assert found.last_separated <= 1 - found.undecided


def test_endless_votes_find_the_limit() -> None:
    """Ties and tastes draw strengths together, by as much as is foreseen."""
    plan = Plan(strengths=EQUAL, voters=4000, votes_each=50, ties=0.2, taste=0.8)
    limit = limit_strengths(plan)
    assert rate(simulated_votes(1, plan)).strengths == pytest.approx(limit, abs=0.03)
    assert np.ptp(limit) < 0.75 * np.ptp(EQUAL)
    plain = Plan(strengths=EQUAL, voters=1, votes_each=1)
    assert np.diff(limit_strengths(plain)) == pytest.approx([0.2] * 4)


def test_simulated_votes_repeat() -> None:
    """Equal for equal seed; every pair and both sides occur."""
    plan = Plan(strengths=EQUAL, voters=300, votes_each=3, ties=0.2)
    one, other = simulated_votes(3, plan), simulated_votes(3, plan)
    assert np.array_equal(one.cells(), other.cells())
    met = one.counts().sum(axis=0)
    assert (met[~np.eye(5, dtype=bool)] > 0).all()
