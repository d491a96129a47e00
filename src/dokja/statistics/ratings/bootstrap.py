"""Bootstraps of the strengths, all draws refitted together.

Weights are standard exponentials, so each draw keeps every vote and no draw
loses a team's only win: what can be rated is rated in all of them.

Source: D. Rubin, Annals of Statistics 9:130 (1981). Refits: Newton's method
with the information of the whole data, as in the chord method of C. T. Kelley,
Iterative Methods for Linear and Nonlinear Equations (1995), section 5.4.1;
where that is slow, with each draw's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack

from dokja.evidence.seeds import exponential_blocks
from dokja.statistics.bayesian_bootstrap import unbiased
from dokja.statistics.clustered import Mask, Scores
from dokja.statistics.ratings.bradley_terry import SETTLED, STEPS, PlainFit, plain_fit
from dokja.statistics.ratings.gamma_draws import gamma_draws
from dokja.statistics.ratings.votes import (
    LEFT,
    TIE,
    Codes,
    Votes,
    half_wins,
    wins_and_ties,
)

CHORD_STEPS = 12
CHORD_SETTLED = 1e-10
"""The chord's step shrinks by a constant factor: what is left is of its size."""
BLOCK_CELLS = 1 << 17
WEIGHT_ROWS = 16
"""Draws of all voters' weights that are held at once."""


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Pairs of teams that met."""

    first: Codes
    second: Codes
    incidence: csr_array
    """(teams, pairs) 1 for the first team, -1 for the second."""

    def of(self, values: Scores) -> Scores:
        """(pairs, draws) differences of (teams, draws) values."""
        found: Scores = values[self.first] - values[self.second]
        return found


def vote_bootstrap(seed: int, counts: Scores, *, draws: int) -> Scores | None:
    """(draws, teams) strengths under weights on single votes.

    `counts` is (3, teams, teams) of teams that can all be rated. Votes are
    taken as independent; where a person votes more than once this is too
    narrow, and `voter_bootstrap` is not. None if a fit never settles.
    """
    wins, ties = wins_and_ties(counts)
    fit = plain_fit(wins + ties / 2)
    if fit is None:
        return None
    pairs = _pairs(wins + ties / 2)
    cells = np.concatenate(
        [
            wins[pairs.first, pairs.second],
            wins[pairs.second, pairs.first],
            ties[pairs.first, pairs.second],
        ]
    )
    weights = np.zeros((len(cells), draws))
    seen = np.flatnonzero(cells)
    weights[seen] = gamma_draws(seed, cells[seen], draws=draws)
    won, lost, tied = weights.reshape(3, -1, draws)
    games = won + lost + tied
    tied *= 0.5
    won += tied
    found = _refitted(fit, pairs, won, games)
    return None if found is None else found.T


def voter_bootstrap(seed: int, votes: Votes, *, draws: int) -> Scores | None:
    """(draws, teams) strengths under weights on voters, spread as their variance.

    All of a person's votes share a weight; the people are weighted in the
    order of their numbers, so that the weights are those of
    `bayesian_bootstrap.shared_weights`. The spread is that of
    `bayesian_bootstrap.unbiased`. Every team must be one that can be rated.
    None if a fit never settles.
    """
    table = half_wins(votes.counts())
    fit = plain_fit(table)
    if fit is None:
        return None
    pairs = _pairs(table)
    totals, voters = _by_voter(votes, pairs)
    found = np.empty((draws, votes.teams))
    start = 0
    for block in exponential_blocks(seed, draws * voters, size=WEIGHT_ROWS * voters):
        weights = np.ascontiguousarray(block.reshape(-1, voters).T)
        signed, games = np.split(totals @ weights, 2)
        drawn = _refitted(fit, pairs, signed + games / 2, games)
        if drawn is None:
            return None
        stop = start + weights.shape[1]
        found[start:stop] = drawn.T
        start = stop
    return np.stack(
        [
            unbiased(column, float(value), units=voters)
            for column, value in zip(found.T, fit.theta, strict=True)
        ],
        axis=1,
    )


def _pairs(half_wins: Scores) -> _Pairs:
    teams = len(half_wins)
    first, second = np.nonzero(np.triu(half_wins + half_wins.T, 1))
    count = len(first)
    signs = np.concatenate([np.ones(count), -np.ones(count)])
    places = (np.concatenate([first, second]), np.tile(np.arange(count), 2))
    incidence = coo_array((signs, places), shape=(teams, count)).tocsr()
    return _Pairs(first, second, csr_array(incidence))


def _by_voter(votes: Votes, pairs: _Pairs) -> tuple[csr_array, int]:
    """(2 pairs, voters) of half the wins less losses, then of votes; and voters."""
    number = np.zeros((votes.teams, votes.teams), dtype=np.intp)
    number[pairs.first, pairs.second] = np.arange(len(pairs.first))
    low, high = np.minimum(votes.left, votes.right), np.maximum(votes.left, votes.right)
    people, voter = np.unique(votes.voter, return_inverse=True)
    shape = (len(pairs.first), len(people))
    rows = number[low, high]
    games = coo_array((np.ones(len(votes)), (rows, voter)), shape=shape).tocsr()
    won = np.where((votes.outcome == LEFT) == (votes.left == low), 0.5, -0.5)
    decided = votes.outcome != TIE
    places = (rows[decided], voter[decided])
    signed = coo_array((won[decided], places), shape=shape).tocsr()
    return csr_array(vstack([signed, games]).tocsr()), len(people)


def _refitted(
    fit: PlainFit, pairs: _Pairs, won: Scores, games: Scores
) -> Scores | None:
    """(teams, draws) strengths for (pairs, draws) weighted wins and votes."""
    draws = won.shape[1]
    found = np.empty((len(fit.theta), draws))
    columns = max(1, BLOCK_CELLS // max(1, len(won)))
    for start in range(0, draws, columns):
        part = slice(start, start + columns)
        theta, left = _by_chord(fit, pairs, won[:, part], games[:, part])
        if left.any():
            own = _by_newton(
                theta[:, left], pairs, won[:, part][:, left], games[:, part][:, left]
            )
            if own is None:
                return None
            theta[:, left] = own
        found[:, part] = theta
    return found


def _pull(theta: Scores, pairs: _Pairs, won: Scores, games: Scores) -> Scores:
    """(pairs, draws) wins of the first team beyond what is expected."""
    found = pairs.of(-theta)
    np.exp(found, out=found)
    found += 1
    np.divide(games, found, out=found)
    np.subtract(won, found, out=found)
    return found


def _by_chord(
    fit: PlainFit, pairs: _Pairs, won: Scores, games: Scores
) -> tuple[Scores, Mask]:
    """(teams, draws) strengths, and which draws have not settled."""
    theta: Scores = np.repeat(fit.theta[:, None], won.shape[1], axis=1)
    open_draws = np.ones(won.shape[1], dtype=np.bool_)
    for _ in range(CHORD_STEPS):
        # A draw that runs away overflows, never settles and is taken up by Newton.
        with np.errstate(over="ignore", invalid="ignore"):
            slope = pairs.incidence @ _pull(theta, pairs, won, games)
            move = np.einsum("ij,jd->id", fit.inverse, slope, optimize=False)
            theta += np.where(open_draws, move, 0.0)
        open_draws &= ~(np.abs(move).max(axis=0) < CHORD_SETTLED)
        if not open_draws.any():
            break
    return theta, open_draws


def _by_newton(
    theta: Scores, pairs: _Pairs, won: Scores, games: Scores
) -> Scores | None:
    """The same by damped Newton steps, draw by draw from 0."""
    teams, draws = theta.shape
    theta = np.zeros((teams, draws))
    for _ in range(STEPS):
        residual = _pull(theta, pairs, won, games)
        expected = won - residual
        weights = expected * (1 - expected / games)
        information = np.zeros((draws, teams, teams))
        information[:, pairs.first, pairs.second] = -weights.T
        information[:, pairs.second, pairs.first] = -weights.T
        place = np.arange(teams)
        information[:, place, place] = -information.sum(axis=2)
        information += 2 * weights.sum(axis=0)[:, None, None] / teams**2
        slope = (pairs.incidence @ residual).T[:, :, None]
        move = np.linalg.solve(information, slope)[:, :, 0].T
        reach = move.max(axis=0) - move.min(axis=0)
        theta += move * (np.log1p(reach) / np.where(reach > 0, reach, 1.0))
        if reach.max() < SETTLED:
            theta -= theta.mean(axis=0)
            return theta
    return None
