"""Voters whose votes the others' cannot explain are found, and honest ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.contest.rating.vote_table import VoteTable
from dokja.contest.screening.screen import CanaryVotes, blinded, screen_voters
from dokja.contest.screening.screened import FlaggedVoter, Screening
from dokja.contest.screening.taste import widest_taste
from dokja.contest.values import Suspicion
from dokja.evidence.seeds import uniform_draws
from dokja.statistics.ratings.rating import rate
from dokja.statistics.ratings.values import TieRule
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Votes
from tests.unit.contest.test_rate_votes import simulated_table

GAPS = (0.4, 0.2, 0.0, -0.2, -0.4)
LEVEL = 0.05


def _table(
    seed: int, *, voters: int = 60, each: int = 20, taste: float = 0.5
) -> VoteTable:
    return simulated_table(seed, GAPS, voters=voters, each=each, taste=taste)


def _screened(table: VoteTable, seed: int = 1) -> Screening:
    return screen_voters(table, seed=seed, level=LEVEL, source="test")


def _with(table: VoteTable, votes: Votes) -> VoteTable:
    return VoteTable(
        teams=table.teams, voters=table.voters, votes=votes, both_bad=table.both_bad
    )


def _for_team(table: VoteTable, voter: int, team: int, *, only: bool) -> VoteTable:
    """The table with one voter who always prefers a team, met in every vote or not."""
    votes = table.votes
    left, right, outcome = votes.left.copy(), votes.right.copy(), votes.outcome.copy()
    for turn, row in enumerate(np.flatnonzero(votes.voter == voter)):
        if only:
            other = [t for t in range(5) if t != team][turn % 4]
            left[row], right[row] = (team, other) if turn % 2 else (other, team)
        if left[row] == team:
            outcome[row] = LEFT
        elif right[row] == team:
            outcome[row] = RIGHT
    return _with(table, Votes(votes.teams, left, right, outcome, votes.voter))


def _one(found: Screening) -> FlaggedVoter:
    (flagged,) = found.flagged
    return flagged


@pytest.mark.parametrize("team", [0, 4])
def test_a_bot_of_twenty_votes_for_one_team_is_found(team: int) -> None:
    """Be it for the strongest or the weakest, and said without a reproach."""
    flagged = _one(_screened(_for_team(_table(2), 7, team, only=True)))
    assert flagged.voter == "v00007"
    assert flagged.suspicion is Suspicion.FOR_TEAM
    assert flagged.about == f"t{team}"
    assert (flagged.agreeing, flagged.battles) == (20, 20)
    assert flagged.expected < 14
    assert flagged.p <= flagged.adjusted <= LEVEL
    for words in (flagged.reason.en, flagged.reason.ko):
        assert "20" in words
    for word in ("cheat", "fraud", "부정", "조작"):
        assert word not in flagged.reason.en + flagged.reason.ko


def test_a_voter_of_one_side_is_found() -> None:
    """Left in all of twenty battles, without a look at the answers."""
    table = _table(3)
    votes = table.votes
    outcome = np.where(votes.voter == 5, LEFT, votes.outcome)
    spoilt = Votes(votes.teams, votes.left, votes.right, outcome, votes.voter)
    flagged = _one(_screened(_with(table, spoilt)))
    assert (flagged.voter, flagged.suspicion) == ("v00005", Suspicion.ONE_SIDE)
    assert (flagged.about, flagged.agreeing) == ("left", 20)


def test_a_voter_against_one_team_is_found() -> None:
    """Twenty battles against the strongest."""
    table = _for_team(_table(4), 9, 0, only=True)
    votes = table.votes
    turned = np.where(votes.outcome == LEFT, RIGHT, LEFT)
    outcome = np.where(votes.voter == 9, turned, votes.outcome)
    flagged = _one(
        _screened(
            _with(
                table,
                Votes(votes.teams, votes.left, votes.right, outcome, votes.voter),
            )
        )
    )
    assert (flagged.voter, flagged.suspicion) == ("v00009", Suspicion.AGAINST_TEAM)


def test_canaries_judged_unread_are_found() -> None:
    """Everyone sees which answer is broken; one voter prefers it four times."""
    table = _table(5, voters=80)
    people = np.repeat(np.arange(80), 4)
    intact = np.tile([LEFT, RIGHT, LEFT, RIGHT], 80)
    canaries = CanaryVotes(
        same_voter=people,
        same_outcome=np.full(320, TIE),
        broken_voter=people,
        broken_intact=intact,
        broken_outcome=np.where(people == 11, RIGHT - intact, intact),
    )
    found = screen_voters(table, canaries, seed=1, level=LEVEL, source="test")
    flagged = _one(found)
    assert (flagged.voter, flagged.suspicion) == ("v00011", Suspicion.UNREAD)
    assert (flagged.agreeing, flagged.battles) == (4, 4)
    assert found.canaries == 640


def test_honest_voters_with_tastes_are_left_alone() -> None:
    """In 20 contests of 25 people at most 4 flag anybody: 1 expected at 5 %."""
    hits = sum(
        bool(_screened(_table(100 + n, voters=25), seed=n).flagged) for n in range(20)
    )
    assert hits <= 4


def test_strong_tastes_are_seen_and_allowed_for() -> None:
    """The spread of tastes is measured; it grows with the true one."""
    tastes = []
    for taste in (0.0, 0.5, 1.0):
        votes = _table(6, voters=150, taste=taste).votes
        strengths = rate(votes, TieRule.DROPPED).strengths
        tastes.append(widest_taste(votes, strengths, 0.0))
    assert tastes[0] < 0.3
    assert 0.5 < tastes[1] < 0.8
    assert 1.0 < tastes[2] < 1.4


def test_names_and_order_of_the_votes_change_nothing() -> None:
    """Blind labels flag the same voter, and the table turned over the same value."""
    table = _for_team(_table(2), 7, 4, only=True)
    whole = _screened(table)
    order = np.argsort(uniform_draws(5, len(table)))
    votes = table.votes
    turned = Votes(
        votes.teams,
        votes.left[order],
        votes.right[order],
        votes.outcome[order],
        votes.voter[order],
    )
    assert [f.voter for f in _screened(_with(table, turned)).flagged] == ["v00007"]
    blind, teams = blinded(table, seed=99)
    flagged = _one(_screened(blind))
    assert flagged.voter == "v00007"
    assert teams[flagged.about] == "t4"
    assert sorted(teams.values()) == list(table.teams)
    assert whole == _screened(table)


def test_blind_labels_hang_on_the_seed() -> None:
    """Sorted labels would be the teams again."""
    table = _table(2)
    drawn = {tuple(blinded(table, seed=s)[1].values()) for s in range(20)}
    assert len(drawn) > 10
