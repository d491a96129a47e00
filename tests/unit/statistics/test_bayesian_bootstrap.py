"""Shared weights keep the pairing; order and blocks change nothing."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.bayesian_bootstrap import (
    Draws,
    cluster_totals,
    percentile_interval,
    shared_shares,
    shared_weights,
    weighted_shares,
)


def test_weights_are_exponential_and_repeat() -> None:
    """Mean 1, variance 1, and the same draws for the same seed."""
    weights = shared_weights(7, draws=2000, units=50)
    assert weights.mean() == pytest.approx(1, abs=0.02)
    assert weights.var() == pytest.approx(1, abs=0.05)
    assert np.array_equal(weights, shared_weights(7, draws=2000, units=50))


def test_the_spread_matches_the_theory_of_the_bootstrap() -> None:
    """Posterior variance of a share p on n units is p(1-p)/(n+1) (Rubin 1981)."""
    sums = np.array([1.0] * 30 + [0.0] * 70, dtype=np.float64)
    drawn = weighted_shares(
        shared_weights(3, draws=20_000, units=100), sums, np.ones(100)
    )
    assert drawn.mean() == pytest.approx(0.3, abs=0.002)
    assert drawn.var() == pytest.approx(0.3 * 0.7 / 101, rel=0.05)


def test_a_difference_of_equal_answers_has_no_spread() -> None:
    """Teams meet the same reweighted items, so their common luck cancels."""
    weights = shared_weights(5, draws=500, units=20)
    sums = np.tile([0.0, 1.0], 10).astype(np.float64)
    left = weighted_shares(weights, sums, np.ones(20))
    assert np.array_equal(left, weighted_shares(weights, sums, np.ones(20)))


def test_clusters_are_counted_by_name_whatever_their_order() -> None:
    """The weight of a cluster is tied to its name, not to where it appears."""
    names, sums, counts = cluster_totals([1, 0, 1], ["b", "a", "b"])
    assert (names, sums.tolist(), counts.tolist()) == (("a", "b"), [0, 2], [1, 2])
    again = cluster_totals([0, 1, 1], ["a", "b", "b"])
    assert again[1].tolist() == sums.tolist()


def test_percentiles_are_draws_that_occurred() -> None:
    """No interpolation, so no rounding differs between machines."""
    draws = np.arange(1, 1001, dtype=np.float64)
    assert percentile_interval(draws) == (25.0, 975.0)


def _answers(seed: int, units: int, teams: int) -> Draws:
    return (uniform_draws(seed, units * teams).reshape(units, teams) < 0.6).astype(
        np.float64
    )


def test_drawing_block_by_block_gives_the_shares_of_the_same_weights() -> None:
    """The same stream of weights, never held; equal to the last bits."""
    sums, counts = 3 * _answers(1, 300, 4), np.tile([3.0, 5.0, 4.0], 100)
    whole = shared_weights(9, draws=1200, units=300)
    drawn = shared_shares(9, sums, counts, draws=1200)
    for team in range(4):
        oracle = weighted_shares(whole, sums[:, team], counts)
        assert drawn[:, team] == pytest.approx(oracle, rel=1e-12)


def test_more_draws_or_teams_change_no_earlier_draw() -> None:
    """Where a block ends shows in no bit, and a team's draws are its own."""
    sums, counts = _answers(2, 700, 5), np.ones(700)
    many = shared_shares(4, sums, counts, draws=900)
    few = shared_shares(4, sums[:, 1:3], counts, draws=371)
    assert np.array_equal(many[:371, 1:3], few)


def test_equal_answers_have_equal_draws() -> None:
    """Pairing: two teams with the same answers never part."""
    sums = _answers(3, 50, 1)[:, [0, 0]]
    drawn = shared_shares(8, sums, np.ones(50), draws=300)
    assert np.array_equal(drawn[:, 0], drawn[:, 1])


def test_a_difference_of_two_teams_is_covered() -> None:
    """93 to 97 % of 600 simulated suites of 100 items, by paired draws."""
    skill = ndtri(uniform_draws(5, 600 * 100)).reshape(600, 100, 1)
    noise = ndtri(uniform_draws(6, 600 * 100 * 2)).reshape(600, 100, 2)
    scores = skill + 0.5 * noise + np.array([0.1, 0.0])
    covered = 0
    for number, suite in enumerate(scores):
        drawn = shared_shares(number, suite, np.ones(100), draws=300)
        low, high = percentile_interval(drawn[:, 0] - drawn[:, 1])
        covered += low <= 0.1 <= high
    assert 0.93 <= covered / 600 <= 0.97
