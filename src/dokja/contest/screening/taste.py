"""How far people's own strengths of a team may spread, from their votes.

If people differ, the votes of one person pull in one direction more often than
chance has it. Two votes of a person on a team are related as much as the spread
of tastes makes them; what all such pairs show gives the spread, and the upper
end of its interval is taken: too narrow a spread would make strong opinions
suspicious.

Source: the moment equations of S. Zeger, K.-Y. Liang, P. Albert, Biometrics
44:1049 (1988), section 3, with their attenuation factor for the logit,
1 / sqrt(1 + c^2 variance), c = 16 sqrt(3) / (15 pi).
"""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.special import expit

from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.votes import LEFT, TIE, Codes, Votes

C_SQUARED = (16 * math.sqrt(3) / (15 * math.pi)) ** 2
UPPER = 1.645
"""Errors above the estimate: a one-sided 95 % bound."""
WIDEST = 2.0
"""Standard deviation above which the approximation says nothing more."""


def attenuation(taste: float) -> float:
    """By how much tastes draw the strengths of a whole population together."""
    return 1 / math.sqrt(1 + C_SQUARED * 2 * taste**2)


def widest_taste(votes: Votes, strengths: Scores, side: float) -> float:
    """Upper bound of the standard deviation of people's own strengths, in logits.

    `strengths` and `side` are those of the decided votes of all. 0 only where
    nobody voted twice on a team.
    """
    decided = votes.of(votes.outcome != TIE)
    if not len(decided):
        return 0.0
    apart = strengths[decided.left] - strengths[decided.right] + side
    preferred = expit(apart)
    beyond, reach = _by_voter(decided, preferred)
    total = float(reach.sum())
    if not total:
        return 0.0
    related = float(beyond.sum()) / total
    error = math.sqrt(float(((beyond - related * reach) ** 2).sum())) / total
    upper = max(related, 0.0) + UPPER * error
    room = 1 - 2 * C_SQUARED * upper
    if room <= 0:
        return WIDEST
    return min(math.sqrt(upper / room), WIDEST)


def _by_voter(votes: Votes, preferred: Scores) -> tuple[Scores, Scores]:
    """(voters,) what pairs of a person's votes show, and what tastes of 1 would."""
    weight = preferred * (1 - preferred)
    residual = (votes.outcome == LEFT) - preferred
    teams, people = votes.teams, int(votes.voter.max()) + 1
    voter = np.tile(votes.voter, 2)
    team = np.concatenate([votes.left, votes.right])
    other = np.concatenate([votes.right, votes.left])
    weights = np.tile(weight, 2)

    def squares(values: Scores, column: Codes, columns: int) -> Scores:
        sums = coo_array((values, (voter, column)), shape=(people, columns)).tocsr()
        found: Scores = csr_array(sums).power(2).sum(axis=1)
        return found

    def own(values: Scores) -> Scores:
        found = np.bincount(voter, weights=values, minlength=people)
        return found.astype(np.float64)

    pulls = squares(np.concatenate([residual, -residual]), team, teams)
    # A vote is not related to itself: its own square is taken off.
    beyond = pulls - own(np.tile(residual**2, 2))
    pairs = squares(weights, team * teams + other, teams**2)
    reach = squares(weights, team, teams) + pairs - 2 * own(weights**2)
    return beyond, reach
