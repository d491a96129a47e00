"""Strengths where a tie has a parameter of its own.

P(i beats j) = F(d - eta), P(j beats i) = F(-d - eta), the rest are ties, with
d the difference of strengths, F the logistic function and eta = ln(nu) >= 0.
The chance of a tie is (nu^2 - 1) F(d - eta) F(-d - eta): in the likelihood it
is a win for both and a term that d does not enter.

Source: P. V. Rao, L. L. Kupper, Journal of the American Statistical Association
62:194 (1967), equations 2.1 to 2.3. Newton's step: as in `bradley_terry`.
"""

from __future__ import annotations

import math
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
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE


@dataclass(frozen=True, eq=False)
class TieFit:
    """Settled strengths and the tie parameter."""

    theta: Scores
    """(teams,) logits, summing to 0."""
    eta: float
    """ln(nu); 0 would be a model without ties."""
    inverse: Scores
    """(teams + 1, teams + 1) inverse information, eta last."""
    steps: int


def tie_fit(wins: Scores, ties: Scores) -> TieFit | None:
    """Strengths of rateable teams from (teams, teams) wins and symmetric ties.

    None without any tie (eta is then 0, at its bound) or without anything
    else, and if the steps never settle.
    """
    share = float(ties.sum() / (2 * wins.sum() + ties.sum()))
    if not 0 < share < 1:
        return None
    credited = wins + ties
    games = wins + wins.T + ties
    won = wins.sum(axis=1) + ties.sum(axis=1) / 2
    theta = logit((won + 0.5) / (games.sum(axis=1) + 1))
    eta = math.log((1 + share) / (1 - share))
    for step in range(1, STEPS + 1):
        slope, bordered, ridge = _derivatives(theta, eta, credited, ties)
        move = np.linalg.solve(bordered, slope)
        along = float(move[-1])
        reach = float(move[:-1].max() - move[:-1].min()) + abs(along)
        reach = max(reach, 2 * abs(along) / math.tanh(eta))
        if not math.isfinite(reach):
            return None
        taken = damping(reach)
        if along < 0:
            taken = min(taken, -0.5 * eta / along)
        theta, eta = theta + taken * move[:-1], eta + taken * along
        if reach < SETTLED:
            theta -= theta.sum() / len(theta)
            _, bordered, ridge = _derivatives(theta, eta, credited, ties)
            return TieFit(theta, eta, without_shift(bordered, ridge, len(theta)), step)
    return None


def tie_slopes(fit: TieFit) -> tuple[Scores, Scores]:
    """(3, teams, teams) slopes in the difference and (1, 3, teams, teams) in eta."""
    distance = fit.theta[:, None] - fit.theta[None, :]
    up = 1 - expit(distance - fit.eta)
    down = 1 - expit(-distance - fit.eta)
    slopes, others = np.empty((3, *up.shape)), np.empty((1, 3, *up.shape))
    slopes[LEFT], slopes[RIGHT], slopes[TIE] = up, -down, up - down
    others[0, LEFT], others[0, RIGHT] = -up, -down
    others[0, TIE] = 2 / -math.expm1(-2 * fit.eta) - up - down
    return slopes, others


def _derivatives(
    theta: Scores, eta: float, credited: Scores, ties: Scores
) -> tuple[Scores, Scores, float]:
    """Slope and ridged information in (theta, eta), and the ridge."""
    teams = len(theta)
    chance = expit(theta[:, None] - theta[None, :] - eta)
    left = credited * (1 - chance)
    bend = left * chance
    tied = float(ties.sum()) / 2
    slope = np.append(
        left.sum(axis=1) - left.sum(axis=0),
        2 * tied / -math.expm1(-2 * eta) - float(left.sum()),
    )
    found = np.zeros((teams + 1, teams + 1))
    found[:-1, :-1] = -(bend + bend.T)
    place = np.arange(teams)
    found[place, place] += bend.sum(axis=1) + bend.sum(axis=0)
    found[:-1, -1] = found[-1, :-1] = bend.sum(axis=0) - bend.sum(axis=1)
    found[-1, -1] = float(bend.sum()) + tied / math.sinh(eta) ** 2
    ridge = float(bend.sum()) / teams**2
    found[:-1, :-1] += ridge
    return slope, found, ridge
