"""Ratings against packages that were written by others."""

from __future__ import annotations

from itertools import starmap
from typing import Any

import arenakit
import arenakit.schema
import choix
import evalica
import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import rankdata

from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.covariates import side
from dokja.statistics.ratings.rating import rate
from dokja.statistics.ratings.values import TieRule
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Votes, half_wins
from tests.unit.statistics.ratings.made_votes import crowd

SEEDS = [1, 2, 3]
VICTOR = {
    LEFT: evalica.Winner.X,
    RIGHT: evalica.Winner.Y,
    TIE: evalica.Winner.Draw,
}


def _centred(values: Scores) -> Scores:
    return np.asarray(values) - np.mean(values)


def _arena(votes: Votes) -> arenakit.schema.PairCounts:
    first, second, tied = votes.counts()
    return arenakit.schema.PairCounts(wf=first, ws=second, tt=tied)


def _design(votes: Votes) -> Scores:
    """(n, teams - 1) of a logistic regression, the first team at 0."""
    rows = np.arange(len(votes))
    found = np.zeros((len(votes), votes.teams))
    found[rows, votes.left] += 1
    found[rows, votes.right] -= 1
    return found[:, 1:]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("teams", [5, 12])
def test_strengths_are_choix(seed: int, teams: int) -> None:
    """Spectral iterations to the maximum of the likelihood."""
    votes = crowd(seed, teams=teams)
    oracle = choix.ilsr_pairwise_dense(half_wins(votes.counts()), tol=1e-12)
    assert rate(votes).strengths == pytest.approx(oracle, abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_strengths_are_evalicas(seed: int) -> None:
    """Newman's iterations from the list of votes; its scores sum to 1."""
    votes = crowd(seed)
    oracle = evalica.bradley_terry(
        votes.left.tolist(),
        votes.right.tolist(),
        [VICTOR[int(outcome)] for outcome in votes.outcome],
        tolerance=1e-12,
        limit=10_000,
    ).scores.sort_index()
    assert rate(votes).strengths == pytest.approx(
        _centred(np.log(oracle.to_numpy())), abs=1e-6
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("rule", [TieRule.HALF, TieRule.DROPPED])
def test_strengths_are_arenakits(seed: int, rule: TieRule) -> None:
    """Hunter's iterations, without that package's prior."""
    votes = crowd(seed)
    ties = "half" if rule is TieRule.HALF else "drop"
    oracle = arenakit.fit_bt(_arena(votes), ties=ties, prior=0.0)
    assert rate(votes, rule).strengths == pytest.approx(
        _centred(oracle.scores), abs=1e-7
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_rao_and_kuppers_ties_are_arenakits(seed: int) -> None:
    """Strengths and the tie parameter nu."""
    votes = crowd(seed)
    oracle = arenakit.fit_rao_kupper(_arena(votes), prior=0.0)
    found = rate(votes, TieRule.RAO_KUPPER)
    assert found.strengths == pytest.approx(_centred(oracle.scores), abs=1e-7)
    assert np.exp(found.others[0]) == pytest.approx(oracle.tie_theta, rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_worth_of_the_left_side_is_arenakits(seed: int) -> None:
    """Davidson and Beaver's order effect."""
    votes = crowd(seed)
    oracle = arenakit.fit_bt(_arena(votes), order=True, prior=0.0)
    found = rate(votes, terms=side(votes))
    assert found.strengths == pytest.approx(_centred(oracle.scores), abs=1e-6)
    assert found.others[0] == pytest.approx(oracle.order_log, abs=1e-6)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("covariance", ["nonrobust", "cluster"])
def test_errors_are_those_of_statsmodels(seed: int, covariance: str) -> None:
    """Logistic regression on indicators; clustered on the voter and by the model."""
    votes = crowd(seed, voters=60)
    worth = np.choose(votes.outcome, [1.0, 0.0, 0.5])
    options = {"groups": votes.voter, "use_correction": False}
    given: dict[str, Any] = {"cov_type": covariance}
    if covariance == "cluster":
        given["cov_kwds"] = options
    oracle = sm.GLM(worth, _design(votes), family=sm.families.Binomial()).fit(
        tol=1e-12, **given
    )
    found = rate(votes)
    assert found.strengths[1:] - found.strengths[0] == pytest.approx(oracle.params)
    matrix = found.model
    if covariance == "cluster":
        assert found.clustered is not None
        matrix = found.clustered * 59 / 60
    contrast = np.hstack([-np.ones((4, 1)), np.eye(4)])
    assert contrast @ matrix @ contrast.T == pytest.approx(
        oracle.cov_params(), rel=1e-6
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_terms_and_their_errors_are_those_of_statsmodels(seed: int) -> None:
    """Side and a difference of lengths, with everything clustered on the voter."""
    votes = crowd(seed, voters=60)
    length = 100 * np.sin(np.arange(len(votes)) * 1.7 + votes.outcome)
    terms = np.column_stack([np.ones(len(votes)), length])
    worth = np.choose(votes.outcome, [1.0, 0.0, 0.5])
    design = np.hstack([_design(votes), terms])
    oracle = sm.GLM(worth, design, family=sm.families.Binomial()).fit(
        tol=1e-12,
        cov_type="cluster",
        cov_kwds={"groups": votes.voter, "use_correction": False},
    )
    found = rate(votes, terms=terms)
    assert found.others == pytest.approx(oracle.params[-2:], rel=1e-6)
    assert found.clustered is not None
    contrast = np.zeros((6, 7))
    contrast[:4, 0], contrast[:4, 1:5], contrast[4:, 5:] = -1, np.eye(4), np.eye(2)
    matrix = contrast @ found.clustered @ contrast.T * 59 / 60
    assert matrix == pytest.approx(oracle.cov_params(), rel=1e-5, abs=1e-12)


def test_ties_of_the_model_have_the_errors_of_finite_differences() -> None:
    """Rao and Kupper's information against the likelihood bent by hand."""
    votes = crowd(4)
    found = rate(votes, TieRule.RAO_KUPPER)
    place = np.append(found.strengths, found.others)
    step = 1e-3
    size = len(place)
    bend = np.empty((size, size))
    for row, column in np.ndindex(size, size):
        corners = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
        total = 0.0
        for up, over, sign in corners:
            moved = place.copy()
            moved[row] += up * step
            moved[column] += over * step
            total += sign * _log_likelihood(votes, moved)
        bend[row, column] = -total / (4 * step**2)
    ridge = np.zeros((size, size))
    ridge[:-1, :-1] = 1.0
    oracle = np.linalg.inv(bend + ridge)
    oracle[:-1, :-1] -= 1 / (size - 1) ** 2
    assert found.model == pytest.approx(oracle, rel=1e-3, abs=1e-7)


def _log_likelihood(votes: Votes, place: Scores) -> float:
    """From the chances as Rao and Kupper print them."""
    strength, nu = np.exp(place[:-1]), float(np.exp(place[-1]))
    left, right = strength[votes.left], strength[votes.right]
    won, lost = left / (left + nu * right), right / (right + nu * left)
    chance = np.choose(votes.outcome, [won, lost, 1 - won - lost])
    return float(np.log(chance).sum())


def test_strengths_order_as_arenakit_ranks_a_board() -> None:
    """The whole way from battles by name."""
    votes = crowd(5, voters=400)
    words = {LEFT: "a", RIGHT: "b", TIE: "tie"}
    rows = zip(votes.left, votes.right, votes.outcome, strict=True)

    def battle(left: int, right: int, outcome: int) -> arenakit.Battle:
        return arenakit.Battle(
            model_a=f"team {left}", model_b=f"team {right}", winner=words[int(outcome)]
        )

    arena = arenakit.Arena(list(starmap(battle, rows)))
    oracle = arenakit.fit_bt(arena.counts(), prior=0.0).ranks
    found = rankdata(-rate(votes).strengths)
    assert found.tolist() == np.asarray(oracle).tolist()
