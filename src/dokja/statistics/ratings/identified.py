"""Which teams the votes place on one scale, and why the others are not on it.

Source: L. R. Ford, American Mathematical Monthly 64(8):28 (1957): finite unique
strengths exist if and only if, however the teams are parted in two, some team
of each part beat (or tied with) one of the other; D. R. Hunter, Annals of
Statistics 32:384 (2004), assumption 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from dokja.statistics.clustered import Mask, Scores
from dokja.statistics.ratings.values import NoStrength
from dokja.statistics.ratings.votes import Codes


@dataclass(frozen=True, eq=False)
class Identified:
    """The teams with a finite strength, and what keeps each other team from one."""

    rated: Codes
    """(m,) team numbers, ascending; empty where no scale is larger than others."""
    reasons: tuple[NoStrength | None, ...]
    """By team; None for the rated."""


def identified(half_wins: Scores) -> Identified:
    """The largest set of teams whose wins lead both ways between any two.

    Where a team outside it won every vote against it, the best strengths of
    the set are those without these votes (the limit as that team's strength
    grows), so they are left out. Two largest sets of one size are two scales
    with nothing to choose between them: then nobody is rated.
    """
    beats = half_wins > 0
    _, parts = connected_components(
        csr_matrix(beats.astype(np.float64)), connection="strong"
    )
    sizes = np.bincount(parts)
    largest = np.flatnonzero(sizes == sizes.max())
    if sizes.max() < 2 or len(largest) > 1:
        return Identified(np.zeros(0, dtype=np.intp), _without_scale(beats))
    rated = np.flatnonzero(parts == largest[0])
    return Identified(rated, _against(beats, rated))


def _without_scale(beats: Mask) -> tuple[NoStrength, ...]:
    """Reasons where no team is rated: from a team's own votes alone."""
    won, lost = beats.sum(axis=1), beats.sum(axis=0)
    return tuple(_reason(bool(w), bool(b)) for w, b in zip(won, lost, strict=True))


def _reason(above: bool, below: bool) -> NoStrength:  # noqa: FBT001
    if not above and not below:
        return NoStrength.UNMET
    if above and below:
        return NoStrength.APART
    return NoStrength.UNBEATEN if above else NoStrength.WINLESS


def _against(beats: Mask, rated: Codes) -> tuple[NoStrength | None, ...]:
    """Reasons by the side on which a chain of wins joins a team to the rated."""
    above, below = _reached(beats.T, rated), _reached(beats, rated)
    met = beats.sum(axis=0) + beats.sum(axis=1)
    found: list[NoStrength | None] = []
    for team in range(len(beats)):
        if above[team] and below[team]:
            found.append(None)
        elif above[team] or below[team]:
            found.append(_reason(bool(above[team]), bool(below[team])))
        else:
            found.append(NoStrength.APART if met[team] else NoStrength.UNMET)
    return tuple(found)


def _reached(follows: Mask, start: Codes) -> Mask:
    """(teams,) what can be reached from `start` along `follows[from, to]`."""
    reached = np.zeros(len(follows), dtype=np.bool_)
    reached[start] = True
    while True:
        wider = reached | follows[reached].any(axis=0)
        if np.array_equal(wider, reached):
            return reached
        reached = wider
