"""The smallest sets found do what is said of them, and are found quickly."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from dokja.contest.rating.influence import influence_audit
from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.rated import Change
from dokja.contest.rating.vote_table import VoteTable, vote_table
from dokja.contest.values import Choice
from dokja.statistics.ratings.rating import rate
from tests.unit.contest.test_rate_votes import simulated_table

CLOSE = simulated_table(8, (0.3, 0.2, 0.1, -0.05, -0.1), voters=120, each=12, taste=0.3)


def _last(table: VoteTable) -> str:
    rating = rate(table.votes)
    assert len(rating.rated) == len(table.teams)
    return table.teams[int(rating.strengths.argmin())]


def _change(found: Change | None) -> Change:
    assert found is not None
    return found


def test_without_the_voters_named_another_team_is_last() -> None:
    """Exactly the one that is named; the share is of all voters."""
    found = influence_audit(CLOSE, source="test")
    assert found.last == _last(CLOSE)
    change = _change(found.voters)
    assert change.removed == len(change.members) < 30
    assert change.share == change.removed / found.voters_seen
    left = CLOSE.of(~CLOSE.by_voters(change.members))
    assert _last(left) == change.becomes_last != found.last
    assert change.none_below == 2


def test_without_the_votes_named_another_team_is_last() -> None:
    """Each name is a kind of vote and how many of them."""
    found = influence_audit(CLOSE, source="test")
    change = _change(found.votes)
    keep = np.ones(len(CLOSE), dtype=np.bool_)
    codes = {"left": 0, "right": 1, "tie": 2}
    removed = 0
    for name in change.members:
        pair, word, times = name.rsplit(" ", 2)
        left, right = (CLOSE.teams.index(team) for team in pair.split(">"))
        rows = np.flatnonzero(
            (CLOSE.votes.left == left)
            & (CLOSE.votes.right == right)
            & (CLOSE.votes.outcome == codes[word])
        )
        keep[rows[: int(times[1:])]] = False
        removed += int(times[1:])
    assert removed == change.removed
    assert _last(CLOSE.of(keep)) == change.becomes_last
    assert change.removed < _change(found.voters).removed * 12


@pytest.mark.parametrize("seed", range(4))
def test_small_contests_agree_with_trying_everything(seed: int) -> None:
    """Twelve voters: every set up to the size found, one by one."""
    table = simulated_table(seed, (0.2, 0.0, -0.1), voters=12, each=6, taste=0.3)
    found = influence_audit(table, source="test")
    if found.last is None or found.voters is None:
        pytest.skip("not every team has a strength")
    smallest = next(
        size
        for size in range(1, 13)
        for people in combinations(table.voters, size)
        if _changes(table, people, found.last)
    )
    assert found.voters.none_below <= smallest <= found.voters.removed
    assert found.voters.removed <= smallest + 1


def _changes(table: VoteTable, people: tuple[str, ...], last: str) -> bool:
    left = table.of(~table.by_voters(people))
    rating = rate(left.votes) if len(left) else None
    if rating is None or len(rating.rated) < len(table.teams):
        return False
    return table.teams[int(rating.strengths.argmin())] != last


def test_one_voter_who_decides_is_found_exactly() -> None:
    """Without u the other team is last; nothing smaller than one exists."""
    pairs = [("a", "b")] * 9
    choices = [Choice.LEFT] * 5 + [Choice.RIGHT] * 4
    voters = ["u", "u", "v1", "v2", "v3", "v4", "v5", "v6", "v7"]
    found = influence_audit(vote_table(voters, pairs, choices), source="test")
    assert found.last == "b"
    assert _change(found.voters).members == ("u",)
    assert _change(found.voters).none_below == 1
    assert _change(found.votes).members == ("a>b left x2",)
    assert _change(found.votes).none_below == 2


def test_where_no_team_is_surely_last_there_is_no_audit() -> None:
    """A team that never won has no strength, so no place either."""
    table = vote_table(["u", "v"], [("a", "b"), ("a", "b")], [Choice.LEFT] * 2)
    found = influence_audit(table, source="test")
    assert (found.last, found.votes, found.voters) == (None, None, None)
    assert rate_votes(table, source="test").teams[0].strength is None


def test_a_clear_last_place_takes_many() -> None:
    """The wider the gap the more votes; the figure is a share of all."""
    clear = simulated_table(8, (0.5, 0.4, 0.3, 0.2, -1.0), voters=120, each=12, taste=0)
    wide = influence_audit(clear, source="test")
    near = influence_audit(CLOSE, source="test")
    assert _change(wide.votes).removed > 5 * _change(near.votes).removed
