"""Rank acceptability: which rank a team takes, over evidence and weights.

Source: R. Lahdelma, P. Salminen, SMAA-2: Stochastic multicriteria
acceptability analysis for group decision making, Operations Research 49
(2001), with values on fixed anchors, never on the best team of the day.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.statistics.bayesian_bootstrap import Draws

TILE = 16_384
"""Draws worked on together: what fits a processor's cache."""


@dataclass(frozen=True, eq=False)
class RankCounts:
    """Counts over all draws, and sums of the weights in some of them."""

    draws: int
    ranks: npt.NDArray[np.int64]
    """(teams, ranks) draws in which the team has the rank."""
    last: Draws
    """(teams,) draws in which the team is last, shared between level teams."""
    ahead: Draws
    """(teams, teams) draws in which the one is ahead; a tie counts half."""
    first_weights: Draws
    """(teams, parts) sum of the weights of the draws with rank 1."""
    last_weights: Draws
    """(teams, parts) the same, of the draws in which the team is last."""


def rank_counts(shares: Draws, weights: Draws) -> RankCounts:
    """Counts of ranks of weighted totals.

    Args: shares (teams, parts, draws); weights (parts, draws), or (parts, 1)
    where they are the same in every draw. Totals are summed part by part in
    order, and tiles are counted in order, so that nothing depends on how a
    matrix product is split.
    """
    teams, parts, draws = shares.shape
    found = _none(teams, parts, draws)
    for start in range(0, draws, TILE):
        tile = slice(start, min(start + TILE, draws))
        own = weights if weights.shape[1] == 1 else weights[:, tile]
        _count(found, shares[:, :, tile], own)
    return found


def _none(teams: int, parts: int, draws: int) -> RankCounts:
    return RankCounts(
        draws=draws,
        ranks=np.zeros((teams, teams), dtype=np.int64),
        last=np.zeros(teams),
        ahead=np.zeros((teams, teams)),
        first_weights=np.zeros((teams, parts)),
        last_weights=np.zeros((teams, parts)),
    )


def _count(found: RankCounts, shares: Draws, weights: Draws) -> None:
    teams, parts, draws = shares.shape
    totals = np.zeros((teams, draws))
    for part in range(parts):
        totals += shares[:, part] * weights[part]
    better = np.zeros((teams, draws), dtype=np.int8)
    worse = np.zeros((teams, draws), dtype=np.int8)
    for one in range(teams):
        for other in range(one + 1, teams):
            above, below = totals[one] > totals[other], totals[one] < totals[other]
            better[one] += below
            better[other] += above
            worse[one] += above
            worse[other] += below
            wins, losses = np.count_nonzero(above), np.count_nonzero(below)
            level = (draws - wins - losses) / 2
            found.ahead[one, other] += wins + level
            found.ahead[other, one] += losses + level
    is_last = worse == 0
    shared = is_last.sum(axis=0, dtype=np.int8)
    for team in range(teams):
        found.ranks[team] += np.bincount(better[team], minlength=teams)
        first, last = (np.flatnonzero(m) for m in (better[team] == 0, is_last[team]))
        found.last[team] += float((1.0 / shared[last]).sum())
        for part in range(parts):
            own = np.broadcast_to(weights[part], (draws,))
            found.first_weights[team, part] += float(own[first].sum())
            found.last_weights[team, part] += float(own[last].sum())
