"""Votes made for the tests."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from dokja.statistics.ratings.simulated import Plan, simulated_votes
from dokja.statistics.ratings.votes import Codes, Votes

Row = tuple[int, int, int, int]
"""Left, right, outcome, voter."""


def votes_of(teams: int, rows: list[Row]) -> Votes:
    """The votes written out as rows."""
    columns = np.array(rows, dtype=np.intp).reshape(-1, 4).T
    return Votes(teams, *(np.ascontiguousarray(column) for column in columns))


def crowd(
    seed: int, *, teams: int = 5, voters: int = 200, each: int = 10, taste: float = 0.5
) -> Votes:
    """Votes of a crowd with tastes, a fifth of them ties."""
    strengths = tuple(0.2 * team for team in range(teams))
    plan = Plan(
        strengths=strengths, voters=voters, votes_each=each, ties=0.2, taste=taste
    )
    return simulated_votes(seed, plan)


def reordered(votes: Votes, order: Codes) -> Votes:
    """The same votes in another order."""
    return Votes(
        votes.teams,
        votes.left[order],
        votes.right[order],
        votes.outcome[order],
        votes.voter[order],
    )


@st.composite
def joined(draw: st.DrawFn) -> Votes:
    """Votes on three to five teams that can all be rated: a circle and more."""
    teams = draw(st.integers(3, 5))
    row = st.tuples(
        st.integers(0, teams - 1),
        st.integers(1, teams - 1),
        st.integers(0, 2),
        st.integers(0, 6),
    )
    drawn = draw(st.lists(row, max_size=40))
    circle = [(team, (team + 1) % teams, 0, team) for team in range(teams)]
    return votes_of(
        teams, circle + [(a, (a + step) % teams, o, v) for a, step, o, v in drawn]
    )
