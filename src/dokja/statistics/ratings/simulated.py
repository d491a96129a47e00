"""Simulated votes of people with tastes, and what a planned contest would find."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtri, stdtrit

from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.bradley_terry import plain_fit
from dokja.statistics.ratings.rating import Rating, rate
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Votes

NODES = 40


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A contest as planned: who votes how often, on teams how far apart."""

    strengths: tuple[float, ...]
    """By team, in logits."""
    voters: int
    votes_each: int
    ties: float = 0.0
    """Share of votes that are ties, whoever meets."""
    taste: float = 0.0
    """Standard deviation of a person's own strength of a team, in logits."""


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """Shares of the simulated contests; each has its own binomial error."""

    last_is_last: float
    """The weakest team has the least strength."""
    last_separated: float
    """Each of its differences from the others has a 95 % interval below 0."""
    covered: float
    """Such intervals of it against the next team that hold what endless votes of
    the plan would give (`limit_strengths`)."""
    undecided: float
    """No strength for the weakest team or another."""
    simulations: int


def simulated_votes(seed: int, plan: Plan) -> Votes:
    """Votes on pairs, sides and tastes drawn at random; equal for equal seed."""
    teams, n = len(plan.strengths), plan.voters * plan.votes_each
    words = uniform_draws(seed, 4 * n + plan.voters * teams)
    side, other, chance, tied = words[: 4 * n].reshape(4, n)
    own = ndtri(words[4 * n :]).reshape(plan.voters, teams)
    liking = np.array(plan.strengths) + plan.taste * own
    voter = np.repeat(np.arange(plan.voters), plan.votes_each)
    left = (side * teams).astype(np.intp)
    right = (left + 1 + (other * (teams - 1)).astype(np.intp)) % teams
    preferred = expit(liking[voter, left] - liking[voter, right])
    outcome = np.where(chance < preferred, LEFT, RIGHT)
    return Votes(teams, left, right, np.where(tied < plan.ties, TIE, outcome), voter)


def limit_strengths(plan: Plan) -> Scores:
    """(teams,) strengths that endless votes of the plan would be rated with.

    Nearer to each other than the planned ones: random ties count half for
    each, and tastes average chances and not logits (Gauss and Hermite's rule).
    """
    points, weights = np.polynomial.hermite_e.hermegauss(NODES)
    apart = np.subtract.outer(plan.strengths, plan.strengths)
    own = math.sqrt(2) * plan.taste * points
    chance = expit(apart[:, :, None] + own) @ (weights / weights.sum())
    table = (1 - plan.ties) * chance + plan.ties / 2
    np.fill_diagonal(table, 0.0)
    fit = plain_fit(table)
    if fit is None:
        raise ValueError("the plan's strengths lie beyond what votes can show")
    return fit.theta


def foreseen(seed: int, plan: Plan, *, simulations: int) -> Foreseen:
    """What contests of this plan find, by simulating them.

    The weakest team is the one of least strength in the plan, the next the one
    just above it.
    """
    last, following = np.argsort(plan.strengths)[:2]
    limit = limit_strengths(plan)
    truth = limit[last] - limit[following]
    told, separated, covered, undecided = 0, 0, 0, 0
    for number in range(simulations):
        rating = rate(simulated_votes(seed_for(f"{seed}", f"{number}"), plan))
        if len(rating.rated) < len(plan.strengths) or rating.clustered is None:
            undecided += 1
            continue
        told += int(rating.strengths.argmin() == last)
        value, error = _differences(rating, int(last))
        reach = float(stdtrit(rating.freedom, 0.975)) * error
        separated += bool(np.all(np.delete(value + reach, last) < 0))
        covered += bool(abs(value[following] - truth) <= reach[following])
    seen = max(simulations - undecided, 1)
    return Foreseen(
        last_is_last=told / simulations,
        last_separated=separated / simulations,
        covered=covered / seen,
        undecided=undecided / simulations,
        simulations=simulations,
    )


def _differences(rating: Rating, team: int) -> tuple[Scores, Scores]:
    """(teams,) strength of a team less each one's, and the clustered errors."""
    covariance = rating.clustered
    if covariance is None:
        raise ValueError("a rating of one voter has no errors")
    count = len(rating.rated)
    variances = np.diag(covariance)[:count]
    squares = variances[team] + variances - 2 * covariance[team, :count]
    value = rating.strengths[team] - rating.strengths
    return value, np.sqrt(np.maximum(squares, 0))
