"""The live page's figures: counts, and nothing that could tell a standing."""

from __future__ import annotations

import msgspec

from dokja.contest.battles.cast import admit_voter, cast_vote, void_battle
from dokja.contest.battles.participation import participation
from dokja.contest.values import BattleVoided, Choice, VoidReason, VoteCast
from tests.unit.contest.contests import MemoryLog, opened, person, running

CONTEST = running()


def _log(choice: Choice) -> MemoryLog:
    log = opened(CONTEST)
    for voter in (1, 2, 3):
        admit_voter(log, CONTEST, voter, person(voter), at="2026-01-05T09:00:00+09:00")
    for voter, day in ((1, 5), (2, 6)):
        vote = VoteCast(voter=f"v-{voter}", choice=choice, seconds=20)
        at = f"2026-01-{day:02d}T10:00:00+09:00"
        cast_vote(log, CONTEST, (voter, 1), vote, shown=("a", "b"), at=at)
    body = BattleVoided(voter="v-2", reason=VoidReason.ENDPOINT_SLOW)
    void_battle(log, CONTEST, (2, 2), body, at="2026-01-06T10:05:00+09:00")
    return log


def test_votes_voters_and_voided_battles_are_counted_by_day() -> None:
    """Who was admitted and did not vote is no voter."""
    found = participation(_log(Choice.LEFT).acts)
    assert (found.admitted, found.voters, found.votes) == (3, 2, 2)
    assert found.voided == {
        "self_named": 0,
        "endpoint_dead": 0,
        "endpoint_slow": 1,
        "reported": 0,
    }
    assert [(d.day, d.votes, d.voided) for d in found.days] == [
        ("2026-01-05", 1, 0),
        ("2026-01-06", 1, 1),
    ]


def test_what_was_voted_shows_nowhere() -> None:
    """Other choices, the same bytes."""
    shown = {msgspec.json.encode(participation(_log(c).acts)) for c in Choice}
    assert len(shown) == 1
