"""Strengths of teams from the table of who beat whom.

P(i beats j) = sigma(theta_i - theta_j), strengths summing to 0, by Newton's
method on the (teams, teams) table.

Source: R. A. Bradley, M. E. Terry, Biometrika 39:324 (1952); D. R. Hunter,
Annals of Statistics 32:384 (2004), section 2 (the likelihood); T. Sun,
Q. Tran-Dinh, Mathematical Programming 178:145 (2019), section 4, the step
ln(1 + d) / d that lets Newton's method settle from any start where third
derivatives are bounded by second ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import logit

from dokja.statistics.clustered import Scores

STEPS = 200
SETTLED = 1e-8
"""Newton's step is squared from one to the next: after this one nothing is left."""


@dataclass(frozen=True, eq=False)
class PlainFit:
    """Settled strengths, on the logit scale and summing to 0."""

    theta: Scores
    """(teams,)"""
    inverse: Scores
    """(teams, teams) inverse of the information, orthogonal to a common shift."""
    expected: Scores
    """(teams, teams) chance that the row beats the column."""
    steps: int


def damping(reach: float) -> float:
    """Share of Newton's step that is taken when a logit would move by `reach`."""
    return math.log1p(reach) / reach if reach else 1.0


def plain_fit(half_wins: Scores) -> PlainFit | None:
    """Strengths of teams of which `identified` says that all can be rated.

    `half_wins` is (teams, teams). None if the steps never settle, which only
    figures beyond double precision can bring about.
    """
    teams = len(half_wins)
    games = half_wins + half_wins.T
    won = half_wins.sum(axis=1)
    theta = logit((won + 0.5) / (games.sum(axis=1) + 1))
    for step in range(1, STEPS + 1):
        expected = chances(theta)
        move = np.linalg.solve(
            _bordered(games, expected), won - (games * expected).sum(axis=1)
        )
        reach = float(move.max() - move.min())
        if not math.isfinite(reach):
            return None
        theta = theta + damping(reach) * move
        if reach < SETTLED:
            theta -= theta.sum() / teams
            return _settled(theta, games, step)
    return None


def chances(theta: Scores) -> Scores:
    """(teams, teams) chance that the row beats the column."""
    found: Scores = 1 / (1 + np.exp(theta[None, :] - theta[:, None]))
    return found


def _bordered(games: Scores, expected: Scores) -> Scores:
    """Information with a ridge along the common shift, which moves nothing else."""
    weights = games * expected
    weights -= weights * expected
    found: Scores = -weights
    place = np.arange(len(games))
    found[place, place] += weights.sum(axis=1)
    found += weights.sum() / len(games) ** 2
    return found


def without_shift(bordered: Scores, ridge: float, teams: int) -> Scores:
    """Inverse of an information whose common shift was given this ridge.

    `bordered` has the teams first and `ridge` added to every entry of two teams.
    """
    found: Scores = np.linalg.inv(bordered).astype(np.float64)
    found[:teams, :teams] -= 1 / (ridge * teams**2)
    return found


def _settled(theta: Scores, games: Scores, steps: int) -> PlainFit:
    expected = chances(theta)
    bordered = _bordered(games, expected)
    ridge = float((games * expected * (1 - expected)).sum()) / len(games) ** 2
    return PlainFit(theta, without_shift(bordered, ridge, len(theta)), expected, steps)
