"""Errors of strengths that hold when the votes of one person are related.

H^-1 (sum over voters of g g^T) H^-1 V / (V - 1), with g a voter's total score:
one person's taste or bias enters as one observation, however often they vote.

Source: K.-Y. Liang, S. Zeger, Biometrika 73:13 (1986); the same sandwich over
single votes is D. Firth, R. X. de Menezes, Biometrika 91:65 (2004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.votes import Codes, Votes


@dataclass(frozen=True, eq=False)
class VoteScores:
    """What each vote pulls at: derivatives of its log-likelihood.

    In an order that the votes themselves fix, so that sums have equal bits.
    """

    teams: int
    voter: Codes
    left: Codes
    right: Codes
    slope: Scores
    """(n,) with respect to the left strength less the right."""
    others: Scores
    """(parameters, n) with respect to the model's other parameters."""

    @property
    def voters(self) -> int:
        """Number of people who voted."""
        return int(np.count_nonzero(np.bincount(self.voter))) if len(self.voter) else 0

    def outer(self) -> Scores:
        """(p, p) sum over voters of g g^T; teams first, then other parameters."""
        size = self.teams + len(self.others)
        columns = [self.left, self.right]
        values = [self.slope, -self.slope]
        for place, derivative in enumerate(self.others):
            columns.append(np.full(len(self.voter), self.teams + place))
            values.append(derivative)
        rows = np.tile(self.voter, len(columns))
        shape = (int(self.voter.max()) + 1, size)
        entries = (np.concatenate(values), (rows, np.concatenate(columns)))
        totals = coo_array(entries, shape=shape).tocsr()
        found: Scores = (totals.T @ totals).toarray()
        return found


def table_scores(votes: Votes, slopes: Scores, others: Scores) -> VoteScores:
    """The scores of a model whose votes differ by outcome, left and right alone.

    Args: slopes (3, teams, teams) and others (parameters, 3, teams, teams).
    """
    cells = 3 * votes.teams**2
    order = votes.voter * cells
    order += votes.cells()
    order.sort()
    voter, cell = np.divmod(order, cells)
    _, left, right = np.unravel_index(np.arange(cells), slopes.shape)
    return VoteScores(
        votes.teams,
        voter,
        left[cell],
        right[cell],
        slopes.reshape(-1)[cell],
        others.reshape(len(others), cells)[:, cell],
    )


def sandwich(scores: VoteScores, inverse: Scores) -> Scores | None:
    """(p, p) covariance clustered on the voter; None below two voters."""
    voters = scores.voters
    if voters < 2:
        return None
    found: Scores = inverse @ scores.outer() @ inverse
    found *= voters / (voters - 1)
    return (found + found.T) / 2
