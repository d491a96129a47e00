"""Which teams have a finite strength, and the words for those that have none."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.statistics.ratings.identified import identified
from dokja.statistics.ratings.values import NoStrength
from dokja.statistics.ratings.votes import Votes, half_wins
from tests.unit.statistics.ratings.made_votes import votes_of

U, W, A, M = (
    NoStrength.UNBEATEN,
    NoStrength.WINLESS,
    NoStrength.APART,
    NoStrength.UNMET,
)


@pytest.mark.parametrize(
    ("teams", "wins", "reasons"),
    [
        (3, [(0, 1), (1, 2), (2, 0)], (None, None, None)),
        (4, [(0, 1), (1, 0), (2, 0), (1, 3)], (None, None, U, W)),
        (5, [(0, 1), (1, 0), (2, 3), (3, 1)], (None, None, U, U, M)),
        (5, [(0, 1), (1, 2), (2, 0), (3, 4), (4, 3)], (None, None, None, A, A)),
        (4, [(0, 1), (1, 0), (2, 3), (3, 2)], (A, A, A, A)),
        (4, [(0, 1), (1, 0), (2, 3), (3, 2), (0, 2)], (A, A, A, A)),
        (3, [(0, 1), (1, 2)], (U, A, W)),
        (2, [], (M, M)),
    ],
)
def test_reasons(
    teams: int, wins: list[tuple[int, int]], reasons: tuple[NoStrength | None, ...]
) -> None:
    """Circles are rated; chains, pools and bystanders are named."""
    table = np.zeros((teams, teams))
    for winner, loser in wins:
        table[winner, loser] = 1
    found = identified(table)
    assert found.reasons == reasons
    assert [reasons[team] for team in found.rated] == [None] * len(found.rated)
    assert len(found.rated) == reasons.count(None)


def test_a_team_above_one_part_and_below_another_is_apart() -> None:
    """It lost to an unbeaten team and never met the rated."""
    table = np.zeros((5, 5))
    for winner, loser in [(0, 1), (1, 2), (2, 0), (3, 0), (3, 4)]:
        table[winner, loser] = 1
    assert identified(table).reasons == (None, None, None, U, A)


def test_counts_are_whole_and_ties_lie_on_both_sides() -> None:
    """Half a win each, whichever side a team stood on."""
    votes = votes_of(2, [(0, 1, 2, 0), (1, 0, 2, 0), (0, 1, 0, 1), (1, 0, 1, 1)])
    assert half_wins(votes.counts()).tolist() == [[0, 3], [1, 0]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(0, 0, 0, 0)], "itself"),
        ([(0, 2, 0, 0)], "range"),
        ([(0, 1, 3, 0)], "range"),
        ([(0, 1, 0, -1)], "range"),
    ],
)
def test_votes_that_name_nothing_are_refused(
    rows: list[tuple[int, int, int, int]], message: str
) -> None:
    """A code out of range would be counted as another team's vote."""
    with pytest.raises(ValueError, match=message):
        votes_of(2, rows)


def test_columns_of_unequal_length_are_refused() -> None:
    """Numpy would stretch a single value over all votes."""
    one, two = np.zeros(1, dtype=np.intp), np.ones(2, dtype=np.intp)
    with pytest.raises(ValueError, match="length"):
        Votes(2, one, two, two, two)
