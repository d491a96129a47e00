"""Bootstraps against each draw's own fit, the sandwich and the gamma law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma, kstest

from dokja.evidence.seeds import permutation
from dokja.statistics.bayesian_bootstrap import shared_weights
from dokja.statistics.ratings.bootstrap import vote_bootstrap, voter_bootstrap
from dokja.statistics.ratings.bradley_terry import plain_fit
from dokja.statistics.ratings.gamma_draws import gamma_draws
from dokja.statistics.ratings.rating import rate
from dokja.statistics.ratings.votes import LEFT, RIGHT, Votes
from tests.unit.statistics.ratings.made_votes import crowd, reordered, votes_of


def _draw_by_hand(votes: Votes, weights: np.ndarray) -> np.ndarray:
    """The fit of one draw, from a table that is added up vote by vote."""
    table = np.zeros((votes.teams, votes.teams))
    for left, right, outcome, voter in zip(
        votes.left, votes.right, votes.outcome, votes.voter, strict=True
    ):
        share = {LEFT: 1.0, RIGHT: 0.0}.get(int(outcome), 0.5)
        table[left, right] += weights[voter] * share
        table[right, left] += weights[voter] * (1 - share)
    fit = plain_fit(table)
    assert fit is not None
    return fit.theta


@pytest.mark.parametrize("voters", [8, 40, 300])
def test_every_draw_is_the_fit_of_its_weights(voters: int) -> None:
    """Few voters (where the chord is slow and Newton takes over) or many."""
    votes = crowd(2, voters=voters, each=12)
    drawn = voter_bootstrap(3, votes, draws=40)
    assert drawn is not None
    fit = rate(votes).strengths
    spread = np.sqrt((voters + 1) / (voters - 1))
    for row, weights in zip(
        drawn, shared_weights(3, draws=40, units=voters), strict=True
    ):
        oracle = fit + spread * (_draw_by_hand(votes, weights) - fit)
        assert row == pytest.approx(oracle, abs=1e-7)


def test_draws_that_hang_on_one_vote_are_found_too() -> None:
    """A circle of single votes: strengths far from the fit, all of them finite."""
    votes = votes_of(3, [(0, 1, 0, 0), (1, 2, 0, 1), (2, 0, 0, 2)])
    drawn = voter_bootstrap(1, votes, draws=200)
    assert drawn is not None
    assert np.isfinite(drawn).all()
    assert np.ptp(drawn) > 5
    weights = shared_weights(1, draws=200, units=3)
    assert drawn[7] == pytest.approx(
        np.sqrt(2) * _draw_by_hand(votes, weights[7]), abs=1e-7
    )


def test_the_spread_over_voters_is_the_sandwich() -> None:
    """Two ways to one error, where voters are many."""
    votes = crowd(4, voters=400, each=20)
    drawn, rating = voter_bootstrap(5, votes, draws=2000), rate(votes)
    assert drawn is not None
    assert rating.clustered is not None
    errors = np.sqrt(np.diag(rating.clustered))
    assert drawn.std(axis=0, ddof=1) == pytest.approx(errors, rel=0.08)


def test_the_spread_over_votes_ignores_who_voted() -> None:
    """It equals the voter's where everybody votes once, and is too small else."""
    once = crowd(6, voters=4000, each=1)
    single = vote_bootstrap(7, once.counts(), draws=2000)
    by_voter = rate(once).clustered
    assert single is not None
    assert by_voter is not None
    assert single.std(axis=0, ddof=1) == pytest.approx(
        np.sqrt(np.diag(by_voter)), rel=0.08
    )
    often = crowd(6, voters=40, each=100)
    narrow, clustered = vote_bootstrap(7, often.counts(), draws=500), rate(often)
    assert narrow is not None
    assert clustered.clustered is not None
    errors = np.sqrt(np.diag(clustered.clustered))
    assert (narrow.std(axis=0) < 0.8 * errors).sum() >= 4


def test_bootstraps_repeat_and_know_no_order() -> None:
    """Equal bytes for equal seed, in whatever order the votes came."""
    votes = crowd(8, voters=50)
    shuffled = reordered(votes, permutation(1, len(votes)))
    for one, other in (
        (voter_bootstrap(3, votes, draws=70), voter_bootstrap(3, shuffled, draws=70)),
        (
            vote_bootstrap(3, votes.counts(), draws=70),
            vote_bootstrap(3, shuffled.counts(), draws=70),
        ),
    ):
        assert one is not None
        assert other is not None
        assert one.tobytes() == other.tobytes()


def test_more_draws_of_voters_change_no_earlier_one() -> None:
    """Blocks of draws show in no bit."""
    votes = crowd(8, voters=50)
    few, many = (voter_bootstrap(3, votes, draws=count) for count in (20, 75))
    assert few is not None
    assert many is not None
    assert np.array_equal(few, many[:20])


@pytest.mark.parametrize("shape", [1.0, 2.0, 7.0, 40.0, 10_000.0])
def test_gamma_draws_follow_the_law(shape: float) -> None:
    """Kolmogorov and Smirnov's test on 20,000 draws, at a seed of its own."""
    drawn = gamma_draws(int(shape) + 11, np.full(20, shape), draws=1000).ravel()
    assert kstest(drawn, gamma(shape).cdf).pvalue > 0.001
    assert len(np.unique(drawn)) == 20_000
