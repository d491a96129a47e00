"""Strengths beside what else moves a vote: the side, lengths, layout.

P(left preferred) = sigma(theta_left - theta_right + beta x), x the left answer's
figure less the right's, or a constant 1 for the side. Newton's method on rows.

Source: R. R. Davidson, R. J. Beaver, Biometrics 33:693 (1977), order effects;
A. Agresti, Categorical Data Analysis, 3rd ed. (2013), section 11.6, the model as
a logistic regression; W.-L. Chiang et al., arXiv 2403.04132 (2024), and the
style control of the same board (2024). Newton's step: as in `bradley_terry`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.bradley_terry import (
    SETTLED,
    STEPS,
    damping,
    without_shift,
)
from dokja.statistics.ratings.voter_errors import VoteScores
from dokja.statistics.ratings.votes import Codes, Votes, half_wins

FARTHEST = 30.0
"""Logit beyond which a fit runs away: chances that no double tells from 0 or 1."""
DEPENDENT = 1e-9
"""Least eigenvalue of the information, scaled to unit diagonal, of terms that the
data tell apart."""

WORTH = np.array([1.0, 0.0, 0.5])
"""What each outcome is worth to the left."""


@dataclass(frozen=True, eq=False)
class RowFit:
    """Settled strengths and coefficients."""

    theta: Scores
    """(teams,) logits, summing to 0."""
    beta: Scores
    """(terms,) logits for one unit of each term."""
    inverse: Scores
    """(teams + terms, teams + terms) inverse information."""
    scores: VoteScores
    steps: int


@dataclass(frozen=True, eq=False)
class _Rows:
    votes: Votes
    terms: Scores
    """(terms, n) on a scale on which none exceeds 1."""
    worth: Scores


def side(votes: Votes) -> Scores:
    """(n, 1) the constant 1, whose coefficient is the worth of standing left."""
    return np.ones((len(votes), 1))


def row_fit(votes: Votes, terms: Scores) -> RowFit | None:
    """Strengths of rateable teams beside (n, terms) differences, a tie as half a win.

    None where a term cannot be told from the strengths or from another term,
    and where it settles votes without exception, so that no finite
    coefficient fits best.
    """
    scale = np.abs(terms).max(axis=0, initial=0.0)
    if not scale.all():
        return None
    rows = _ordered(votes, terms / scale)
    table = half_wins(rows.votes.counts())
    won, games = table.sum(axis=1), table.sum(axis=1) + table.sum(axis=0)
    theta = logit((won + 0.5) / (games + 1))
    beta = np.zeros(len(scale))
    for step in range(1, STEPS + 1):
        chance = _chances(rows, theta, beta)
        bordered, _ = _information(rows, chance)
        if step == 1 and _dependent(bordered):
            return None
        move = _solved(bordered, _slope(rows, rows.worth - chance))
        moved = _logits(rows, move[: votes.teams], move[votes.teams :])
        reach = float(np.abs(moved).max())
        taken = damping(reach)
        theta = theta + taken * move[: votes.teams]
        beta = beta + taken * move[votes.teams :]
        if not float(np.abs(_logits(rows, theta, beta)).max()) < FARTHEST:
            return None
        if reach < SETTLED:
            return _settled(rows, theta - theta.mean(), beta, scale, step)
    return None


def _ordered(votes: Votes, terms: Scores) -> _Rows:
    """The rows in an order that they fix themselves."""
    keys = (*terms.T[::-1], votes.voter * (3 * votes.teams**2) + votes.cells())
    order = np.lexsort(keys)
    placed = Votes(
        votes.teams,
        votes.left[order],
        votes.right[order],
        votes.outcome[order],
        votes.voter[order],
    )
    columns = np.ascontiguousarray(terms[order].T)
    return _Rows(placed, columns, WORTH[placed.outcome])


def _logits(rows: _Rows, theta: Scores, beta: Scores) -> Scores:
    found: Scores = theta[rows.votes.left] - theta[rows.votes.right]
    for coefficient, term in zip(beta, rows.terms, strict=True):
        found += coefficient * term
    return found


def _chances(rows: _Rows, theta: Scores, beta: Scores) -> Scores:
    found: Scores = expit(_logits(rows, theta, beta))
    return found


def _by_team(rows: _Rows, values: Scores) -> Scores:
    """(teams,) sums over a team's votes on the left less those on the right."""
    teams = rows.votes.teams
    found = np.zeros(teams)
    found += np.bincount(rows.votes.left, weights=values, minlength=teams)
    found -= np.bincount(rows.votes.right, weights=values, minlength=teams)
    return found


def _slope(rows: _Rows, residual: Scores) -> Scores:
    others = np.einsum("tn,n->t", rows.terms, residual, optimize=False)
    return np.concatenate([_by_team(rows, residual), others])


def _information(rows: _Rows, chance: Scores) -> tuple[Scores, float]:
    """Information with a ridge along the common shift, and the ridge."""
    teams, terms = rows.votes.teams, len(rows.terms)
    weights = chance * (1 - chance)
    pairs: Codes = rows.votes.left * teams + rows.votes.right
    sums = np.bincount(pairs, weights=weights, minlength=teams**2)
    table: Scores = sums.astype(np.float64).reshape(teams, teams)
    table += table.T.copy()
    found = np.zeros((teams + terms, teams + terms))
    found[:teams, :teams] = np.diag(table.sum(axis=1)) - table
    weighted = rows.terms * weights
    for place, term in enumerate(weighted):
        found[:teams, teams + place] = _by_team(rows, term)
    found[teams:, :teams] = found[:teams, teams:].T
    found[teams:, teams:] = np.einsum("tn,sn->ts", weighted, rows.terms, optimize=False)
    ridge = float(table.sum()) / teams**2
    found[:teams, :teams] += ridge
    return found, ridge


def _solved(information: Scores, slope: Scores) -> Scores:
    found: Scores = np.linalg.solve(information, slope).astype(np.float64)
    return found


def _dependent(information: Scores) -> bool:
    unit = 1 / np.sqrt(np.diag(information))
    scaled = information * unit[:, None] * unit[None, :]
    return bool(np.linalg.eigvalsh(scaled)[0] < DEPENDENT)


def _settled(
    rows: _Rows, theta: Scores, beta: Scores, scale: Scores, steps: int
) -> RowFit:
    teams = rows.votes.teams
    chance = _chances(rows, theta, beta)
    bordered, ridge = _information(rows, chance)
    inverse = without_shift(bordered, ridge, teams)
    unit = np.concatenate([np.ones(teams), 1 / scale])
    inverse *= unit[:, None] * unit[None, :]
    residual = rows.worth - chance
    votes = rows.votes
    others = rows.terms * scale[:, None] * residual
    scores = VoteScores(teams, votes.voter, votes.left, votes.right, residual, others)
    return RowFit(theta, beta / scale, inverse, scores, steps)
