"""Votes as arrays, and the table of counts that ratings are fitted to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.statistics.clustered import Scores

Codes = npt.NDArray[np.intp]

LEFT, RIGHT, TIE = 0, 1, 2
"""Outcomes of a vote: who was preferred."""


@dataclass(frozen=True, eq=False)
class Votes:
    """Blind votes on pairs of teams.

    Raises: ValueError where a vote names no team, or one team twice.
    """

    teams: int
    left: Codes
    """(n,) 0 to teams - 1."""
    right: Codes
    outcome: Codes
    """(n,) LEFT, RIGHT or TIE."""
    voter: Codes
    """(n,) 0 to any number; a number without votes is nobody."""

    def __post_init__(self) -> None:
        for codes, limit in (
            (self.left, self.teams),
            (self.right, self.teams),
            (self.outcome, 3),
            (self.voter, np.iinfo(np.intp).max),
        ):
            if len(codes) != len(self.left):
                raise ValueError("the columns of the votes differ in length")
            if len(codes) and not 0 <= codes.min() <= codes.max() < limit:
                raise ValueError("a vote holds a code that is out of range")
        if np.any(self.left == self.right):
            raise ValueError("a vote compares a team with itself")

    def __len__(self) -> int:
        return len(self.left)

    def cells(self) -> Codes:
        """(n,) place of each vote in the flat table of `counts`."""
        found: Codes = self.outcome * self.teams
        found += self.left
        found *= self.teams
        found += self.right
        return found

    def counts(self) -> Scores:
        """(3, teams, teams) votes by outcome, left team and right team.

        Whole numbers, so that the order of the votes shows in no bit.
        """
        shape = (3, self.teams, self.teams)
        found = np.bincount(self.cells(), minlength=3 * self.teams**2)
        return found.astype(np.float64).reshape(shape)

    def of(self, chosen: npt.NDArray[np.bool_]) -> Votes:
        """The chosen votes alone."""
        return Votes(
            self.teams,
            self.left[chosen],
            self.right[chosen],
            self.outcome[chosen],
            self.voter[chosen],
        )

    def among(self, teams: Codes) -> npt.NDArray[np.bool_]:
        """(n,) whether both teams of a vote are among these."""
        inside = np.zeros(self.teams, dtype=np.bool_)
        inside[teams] = True
        return inside[self.left] & inside[self.right]

    def renumbered(self, teams: Codes) -> Votes:
        """The votes, all of them among these teams, which are numbered from 0."""
        place = np.zeros(self.teams, dtype=np.intp)
        place[teams] = np.arange(len(teams))
        return Votes(
            len(teams), place[self.left], place[self.right], self.outcome, self.voter
        )


def wins_and_ties(counts: Scores) -> tuple[Scores, Scores]:
    """(teams, teams) wins of the row over the column, and ties, both symmetric in side.

    `counts` is (3, teams, teams) as of `Votes.counts`.
    """
    ties = counts[TIE] + counts[TIE].T
    return counts[LEFT] + counts[RIGHT].T, ties


def half_wins(counts: Scores) -> Scores:
    """(teams, teams) wins of the row over the column, a tie as half a win."""
    wins, ties = wins_and_ties(counts)
    return wins + 0.5 * ties
