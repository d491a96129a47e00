"""The published rating: stable fields, views beside it, order without effect."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.rated import ContestRating
from dokja.contest.rating.vote_table import VoteTable, vote_table
from dokja.contest.values import Choice
from dokja.errors import InvalidInput
from dokja.evidence.seeds import permutation
from dokja.statistics.ratings.simulated import Plan, simulated_votes
from dokja.statistics.ratings.values import NoStrength
from dokja.statistics.ratings.votes import Votes

CHOICES = (Choice.LEFT, Choice.RIGHT, Choice.TIE)


def simulated_table(
    seed: int, strengths: tuple[float, ...], *, voters: int, each: int, taste: float
) -> VoteTable:
    """Simulated votes as a table, 20 % of them ties."""
    plan = Plan(
        strengths=strengths, voters=voters, votes_each=each, ties=0.2, taste=taste
    )
    votes = simulated_votes(seed, plan)
    return vote_table(
        [f"v{v:05d}" for v in votes.voter],
        [(f"t{x}", f"t{y}") for x, y in zip(votes.left, votes.right, strict=True)],
        [CHOICES[outcome] for outcome in votes.outcome],
    )


TABLE = simulated_table(5, (0.6, 0.3, 0.0, -0.3, -0.6), voters=150, each=20, taste=0.8)


def _view(found: ContestRating, name: str) -> dict[str, float | None]:
    (view,) = (view for view in found.views if view.id == name)
    return {team.team: team.strength for team in view.teams}


def test_the_rating_says_what_others_build_on() -> None:
    """Teams with strength, interval and ranks, in the order of their names."""
    found = rate_votes(TABLE, source="b.csv")
    assert [team.team for team in found.teams] == ["t0", "t1", "t2", "t3", "t4"]
    for team in found.teams:
        assert team.low is not None
        assert team.high is not None
        assert team.strength is not None
        assert team.low < team.strength < team.high
        assert 1 <= team.rank_low <= team.rank_high <= 5
    assert (found.votes, found.voters, found.most_votes_of_one) == (3000, 150, 20)
    last = found.teams[4]
    assert (last.rank_low, last.rank_high) == (5, 5)
    assert "max-t" in found.method
    assert {"team", "strength", "low", "high", "rank_low", "rank_high"} <= set(
        msgspec.structs.asdict(last)
    )


def test_people_with_tastes_make_the_naive_error_too_small() -> None:
    """20 votes each at taste sd 0.8: clustered errors are the larger ones."""
    found = rate_votes(TABLE, source="b.csv")
    assert found.design_effect is not None
    assert found.design_effect > 1.2
    assert sum((e.clustered or 0) > e.naive for e in found.errors) >= 4


def test_ties_as_half_a_win_shrink_and_the_views_show_it() -> None:
    """Dropped ties reach further apart; the tie parameter is a logarithm above 0."""
    found = rate_votes(TABLE, source="b.csv")
    official = np.array([team.strength for team in found.teams])
    dropped = np.array(list(_view(found, "ties_dropped").values()))
    assert np.abs(dropped).sum() > 1.1 * np.abs(official).sum()
    (rao,) = (view for view in found.views if view.id == "rao_kupper")
    assert rao.terms["tie"].value > 0
    assert not rao.order_differs


def test_a_side_that_is_preferred_shows_in_the_term_and_not_in_the_strengths() -> None:
    """Balanced sides: half of the right votes turned to the left moves the term."""
    votes = TABLE.votes
    turned = (votes.outcome == 1) & (np.arange(len(votes)) % 2 == 0)
    biased = Votes(
        votes.teams,
        votes.left,
        votes.right,
        np.where(turned, 0, votes.outcome),
        votes.voter,
    )
    table = VoteTable(
        teams=TABLE.teams, voters=TABLE.voters, votes=biased, both_bad=TABLE.both_bad
    )
    (view,) = (v for v in rate_votes(table, source="b").views if v.id == "position")
    low = view.terms["left"].low
    assert low is not None
    assert low > 0.5


def test_style_is_a_view_of_its_own() -> None:
    """A voter who likes length is found as such."""
    votes = TABLE.votes
    length = np.where(votes.outcome == 0, 1.0, -1.0)
    length[::3] = 0.5
    table = VoteTable(
        teams=TABLE.teams,
        voters=TABLE.voters,
        votes=votes,
        both_bad=TABLE.both_bad,
        styles=("length",),
        style=length[:, None],
    )
    (view,) = (
        v for v in rate_votes(table, source="b").views if v.id == "position_style"
    )
    assert set(view.terms) == {"left", "length"}
    assert view.terms["length"].value > 0.5


def test_two_bad_answers_are_a_tie_that_can_be_left_out() -> None:
    """The view stands there only where somebody said so."""
    pairs = [("a", "b"), ("b", "a"), ("a", "b"), ("a", "b")]
    choices = [Choice.LEFT, Choice.LEFT, Choice.BOTH_BAD, Choice.LEFT]
    found = rate_votes(vote_table(["u", "v", "w", "x"], pairs, choices), source="b")
    assert (found.ties, found.both_bad) == (1, 1)
    assert _view(found, "both_bad_dropped")["a"] == pytest.approx(np.log(2) / 2)
    assert [v.id for v in rate_votes(TABLE, source="b").views] == [
        "ties_dropped",
        "rao_kupper",
        "position",
    ]


def test_a_team_that_never_won_has_a_reason_and_no_number() -> None:
    """Never a 0; its rank stays open where nothing is certain."""
    pairs = [("a", "b"), ("b", "a"), ("a", "c"), ("b", "c")]
    table = vote_table(["u", "v", "w", "x"], pairs, [Choice.LEFT] * 4, teams=["d"])
    found = {team.team: team for team in rate_votes(table, source="b").teams}
    assert found["c"].strength is None
    assert found["c"].unrated is NoStrength.WINLESS
    assert found["d"].unrated is NoStrength.UNMET
    assert (found["c"].rank_low, found["c"].rank_high) == (1, 4)


def test_one_voter_has_a_rating_without_errors() -> None:
    """And an empty table has none."""
    pairs = [("a", "b"), ("b", "a"), ("a", "b")]
    found = rate_votes(vote_table(["u"] * 3, pairs, [Choice.LEFT] * 3), source="b")
    assert found.design_effect is None
    assert [team.low for team in found.teams] == [None, None]
    with pytest.raises(InvalidInput, match="no vote"):
        rate_votes(vote_table([], [], []), source="b")


@given(st.integers(0, 2**32))
@settings(max_examples=8, deadline=None)
def test_the_order_of_the_votes_shows_in_no_bit(seed: int) -> None:
    """Nor does it matter how voters are called."""
    order = permutation(seed, len(TABLE))
    votes = TABLE.votes
    shuffled = VoteTable(
        teams=TABLE.teams,
        voters=TABLE.voters,
        votes=Votes(
            votes.teams,
            votes.left[order],
            votes.right[order],
            votes.outcome[order],
            votes.voter[order],
        ),
        both_bad=TABLE.both_bad[order],
    )
    assert rate_votes(shuffled, source="b") == rate_votes(TABLE, source="b")
