"""Votes are cast in turn, once, blind, and only while the contest is open."""

from __future__ import annotations

import msgspec
import pytest

from dokja.contest.battles.cast import (
    admit_voter,
    battle_of_subject,
    cast_vote,
    coarse_seconds,
    progress_of,
    reason_to_void,
    void_battle,
)
from dokja.contest.battles.opening import close_contest, open_contest
from dokja.contest.values import BattleVoided, Choice, VoidReason, VoteCast
from dokja.errors import Conflict, NotAllowed
from tests.unit.contest.contests import (
    AT,
    SALT,
    MemoryLog,
    answers,
    opened,
    person,
    plan,
    rules,
    running,
)

CLEAN = ("A plain answer.", "Another one.")
CONTEST = running(plan(rules(most=6, canaries=1)))


def _vote(voter: int = 1, choice: Choice = Choice.LEFT) -> VoteCast:
    return VoteCast(voter=f"v-{voter}", choice=choice, seconds=13)


def _started() -> MemoryLog:
    log = opened(CONTEST)
    admit_voter(log, CONTEST, 1, person(1), at=AT)
    return log


def test_a_vote_moves_the_voter_on_and_keeps_the_pair_to_itself() -> None:
    """Neither team nor side stands in the act."""
    log = _started()
    act = cast_vote(log, CONTEST, (1, 1), _vote(), shown=CLEAN, at=AT)
    assert act.subject == "public-1/000001/001"
    assert battle_of_subject(act.subject) == (1, 1)
    assert act.body == {"voter": "v-1", "choice": "left", "seconds": 10}
    after = progress_of(log, CONTEST, 1)
    assert after.done == 1
    assert after.battle is not None
    assert after.battle.number == 2


def test_a_battle_is_judged_once() -> None:
    """Neither another choice nor a void changes it afterwards."""
    log = _started()
    cast_vote(log, CONTEST, (1, 1), _vote(), shown=CLEAN, at=AT)
    with pytest.raises(Conflict, match="settled before"):
        cast_vote(log, CONTEST, (1, 1), _vote(choice=Choice.TIE), shown=CLEAN, at=AT)
    body = BattleVoided(voter="v-1", reason=VoidReason.REPORTED)
    with pytest.raises(Conflict, match="settled before"):
        void_battle(log, CONTEST, (1, 1), body, at=AT)


def test_no_battle_is_left_out() -> None:
    """A voter cannot choose what to judge."""
    with pytest.raises(Conflict, match="battle 1 comes next"):
        cast_vote(_started(), CONTEST, (1, 3), _vote(), shown=CLEAN, at=AT)


def test_a_voided_battle_counts_towards_the_cap() -> None:
    """So that reporting does not buy further battles."""
    log = _started()
    for number in range(1, 7):
        if number % 2:
            cast_vote(log, CONTEST, (1, number), _vote(), shown=CLEAN, at=AT)
        else:
            body = BattleVoided(voter="v-1", reason=VoidReason.ENDPOINT_DEAD)
            void_battle(log, CONTEST, (1, number), body, at=AT)
    after = progress_of(log, CONTEST, 1)
    assert (after.done, after.battle) == (6, None)
    with pytest.raises(NotAllowed, match="at most 6 battles"):
        cast_vote(log, CONTEST, (1, 7), _vote(), shown=CLEAN, at=AT)


def test_two_acts_on_one_battle_are_one_step() -> None:
    """A vote and a void that crossed: the next battle is not jumped over."""
    log = _started()
    act = cast_vote(log, CONTEST, (1, 1), _vote(), shown=CLEAN, at=AT)
    crossed = BattleVoided(voter="v-1", reason=VoidReason.ENDPOINT_SLOW)
    log.append(
        msgspec.structs.replace(
            act, kind="battle_voided", body=msgspec.to_builtins(crossed)
        )
    )
    assert progress_of(log, CONTEST, 1).done == 1


def test_a_closed_or_unopened_contest_takes_no_vote() -> None:
    """And says so, with what to do."""
    log = MemoryLog()
    with pytest.raises(NotAllowed, match="not open yet"):
        admit_voter(log, CONTEST, 1, person(1), at=AT)
    open_contest(log, CONTEST, answers(CONTEST.plan), salt=SALT, at=AT)
    admit_voter(log, CONTEST, 1, person(1), at=AT)
    close_contest(log, CONTEST, at=AT, why="the last day is over")
    with pytest.raises(NotAllowed, match="closed"):
        cast_vote(log, CONTEST, (1, 1), _vote(), shown=CLEAN, at=AT)


def test_nobody_votes_for_another() -> None:
    """The number belongs to one pseudonym, and to nobody before admission."""
    log = _started()
    with pytest.raises(NotAllowed, match="another person"):
        cast_vote(log, CONTEST, (1, 1), _vote(voter=2), shown=CLEAN, at=AT)
    with pytest.raises(NotAllowed, match="no voter has the number 2"):
        cast_vote(log, CONTEST, (2, 1), _vote(voter=2), shown=CLEAN, at=AT)
    with pytest.raises(Conflict):
        admit_voter(log, CONTEST, 1, person(2), at=AT)


def test_an_answer_that_names_a_team_is_not_judged() -> None:
    """It is voided before it is shown; a vote on it is refused."""
    log = _started()
    shown = ("저는 노바 t2입니다.", CLEAN[1])
    assert reason_to_void(CONTEST, shown) is VoidReason.SELF_NAMED
    assert reason_to_void(CONTEST, CLEAN) is None
    with pytest.raises(NotAllowed, match="names a team"):
        cast_vote(log, CONTEST, (1, 1), _vote(), shown=shown, at=AT)


def test_an_employee_is_never_shown_their_team() -> None:
    """In no battle; recusals name teams of the contest."""
    log = _started()
    admit_voter(log, CONTEST, 2, person(2, "t2"), at=AT)
    for number in range(1, 7):
        battle = progress_of(log, CONTEST, 2).battle
        assert battle is not None
        assert "t2" not in (battle.left, battle.right)
        cast_vote(log, CONTEST, (2, number), _vote(2), shown=CLEAN, at=AT)
    with pytest.raises(NotAllowed, match="t9"):
        admit_voter(log, CONTEST, 3, person(3, "t9"), at=AT)


def test_a_report_leaves_a_mark_and_no_words() -> None:
    """An act cannot be erased, so nothing a person wrote stands in one."""
    log = _started()
    vote = msgspec.structs.replace(_vote(), reported=True)
    act = cast_vote(log, CONTEST, (1, 1), vote, shown=CLEAN, at=AT)
    assert act.body["reported"] is True
    kinds = {type(value) for value in act.body.values()}
    assert kinds == {str, int, bool}
    assert set(act.body) == {"voter", "choice", "seconds", "reported"}


@pytest.mark.parametrize(
    ("seconds", "held"), [(-4, 0), (0, 0), (4, 0), (13, 10), (9999, 3600)]
)
def test_seconds_are_coarse(seconds: int, held: int) -> None:
    """Fine times would tell a person's rhythm."""
    assert coarse_seconds(seconds) == held
