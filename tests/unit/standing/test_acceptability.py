"""Rank acceptability against cases whose answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import gamma, kstest, norm

from dokja.standing.acceptability import rank_counts
from dokja.standing.weights import (
    gamma_draws,
    normal_draws,
    perturbed_weights,
    uniform_weights,
)
from dokja.statistics.bayesian_bootstrap import (
    Draws,
    shared_weights,
    weighted_shares,
)

DRAWS = 200_000
SMALL = st.lists(
    st.lists(st.integers(0, 6), min_size=6, max_size=6), min_size=2, max_size=4
)


def _shares(rows: list[list[int]]) -> Draws:
    """(teams, 2 parts, 3 draws) of whole numbers, so that ties happen."""
    return np.array(rows, dtype=np.float64).reshape(len(rows), 2, 3)


@pytest.mark.parametrize(("gap", "spread"), [(0.5, 1.0), (1.0, 0.5), (0.0, 2.0)])
def test_two_gaussian_teams_are_last_as_the_normal_law_says(
    gap: float, spread: float
) -> None:
    """P(B below A) = Phi(gap / (spread sqrt 2))."""
    drawn = np.stack([normal_draws(1, DRAWS) + gap / spread, normal_draws(2, DRAWS)])
    counts = rank_counts(drawn[:, None, :], np.ones((1, 1)))
    wanted = norm.cdf(gap / (spread * np.sqrt(2)))
    assert counts.last[1] / DRAWS == pytest.approx(wanted, abs=0.004)
    assert counts.ahead[0, 1] / DRAWS == pytest.approx(wanted, abs=0.004)


def test_uniform_weights_divide_two_specialists_where_their_scores_do() -> None:
    """A (1, 0) is ahead of B (0, c) where w > c (1 - w): with 1 / (1 + c)."""
    shares = np.zeros((2, 2, DRAWS))
    shares[0, 0], shares[1, 1] = 1.0, 0.5
    counts = rank_counts(shares, uniform_weights(3, draws=DRAWS, parts=2))
    assert counts.ahead[0, 1] / DRAWS == pytest.approx(2 / 3, abs=0.004)
    # Central weights: the mean of w over the part of the simplex where A leads.
    central = counts.first_weights[0] / counts.first_weights[0].sum()
    assert central == pytest.approx([2 / 3, 1 / 3], abs=0.004)


def test_level_teams_share_the_last_place_and_the_better_rank() -> None:
    """Nothing parts two teams with equal totals, so neither gets it whole."""
    counts = rank_counts(np.ones((3, 1, 10)), np.ones((1, 1)))
    assert counts.last == pytest.approx([10 / 3] * 3)
    assert counts.ranks[:, 0].tolist() == [10, 10, 10]
    assert counts.ahead[0, 1] == 5


@settings(derandomize=True, deadline=None)
@given(SMALL, st.randoms(use_true_random=False))
def test_another_order_of_the_teams_changes_no_figure(
    rows: list[list[int]], shuffle: object
) -> None:
    """A label is no evidence."""
    order = list(range(len(rows)))
    shuffle.shuffle(order)  # type: ignore[attr-defined]
    weights = np.array([[2.0], [1.0]])
    before = rank_counts(_shares(rows), weights)
    after = rank_counts(_shares([rows[place] for place in order]), weights)
    assert (after.ranks == before.ranks[order]).all()
    assert after.last == pytest.approx(before.last[order])
    assert after.ahead == pytest.approx(before.ahead[np.ix_(order, order)])


@settings(derandomize=True, deadline=None)
@given(SMALL, st.sampled_from([0.25, 2.0, 8.0]))
def test_the_scale_of_the_weights_changes_no_rank(
    rows: list[list[int]], scale: float
) -> None:
    """Weights of 100 and of 1 are the same weights."""
    weights = np.array([[2.0], [1.0]])
    before = rank_counts(_shares(rows), weights)
    after = rank_counts(_shares(rows), scale * weights)
    assert (after.ranks == before.ranks).all()
    assert after.last == pytest.approx(before.last)


def test_tiles_count_as_one_piece_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block size must not enter a result."""
    shares = uniform_weights(5, draws=1000, parts=6).reshape(3, 2, 1000)
    weights = uniform_weights(6, draws=1000, parts=2)
    whole = rank_counts(shares, weights)
    monkeypatch.setattr("dokja.standing.acceptability.TILE", 64)
    tiled = rank_counts(shares, weights)
    assert (tiled.ranks == whole.ranks).all()
    assert tiled.last_weights == pytest.approx(whole.last_weights)


@pytest.mark.parametrize("shape", [0.4, 1.0, 4.0, 14.0])
def test_gamma_draws_follow_the_gamma_law(shape: float) -> None:
    """Kolmogorov-Smirnov against scipy's distribution function."""
    drawn = gamma_draws(11, shape, 20_000)
    assert kstest(drawn, gamma(shape).cdf).pvalue > 0.001


def test_perturbed_weights_lie_about_the_official_ones() -> None:
    """Mean a_i / a and variance m (1 - m) / (a + 1) of a Dirichlet."""
    shares = np.array([0.1, 0.2, 0.1, 0.35, 0.25])
    drawn = perturbed_weights(7, 40 * shares, draws=DRAWS)
    assert drawn.sum(axis=0) == pytest.approx(np.ones(DRAWS))
    assert drawn.mean(axis=1) == pytest.approx(shares, abs=0.001)
    assert drawn.var(axis=1) == pytest.approx(shares * (1 - shares) / 41, rel=0.02)


@pytest.mark.slow
def test_the_probability_of_being_last_is_calibrated() -> None:
    """Of the stages in which it says 80 to 90 %, it is right in about that many.

    Two teams, 60 voters who see both; true gaps far wider than the error.
    """
    stages, voters = 4000, 60
    gaps = 0.4 * (2 * np.random.default_rng(8).random(stages) - 1)
    noise = np.random.default_rng(9).normal(0, 0.5, (stages, voters))
    seen = gaps[:, None] + noise
    weights = shared_weights(10, draws=400, units=voters)
    ones = np.ones(voters)
    said = np.array([(weighted_shares(weights, row, ones) < 0).mean() for row in seen])
    for low, high in ((0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.95)):
        inside = (said > low) & (said <= high)
        assert inside.sum() > 100
        held = (gaps[inside] < 0).mean()
        error = np.sqrt(held * (1 - held) / inside.sum())
        assert abs(held - said[inside].mean()) < 3 * error + 0.02
