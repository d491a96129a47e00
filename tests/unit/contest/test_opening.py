"""The secret is committed to, kept, and revealed in its turn."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from dokja.contest.battles.opening import (
    SCREENED,
    answers_digest,
    check_materials,
    check_secret,
    close_contest,
    commitment_to,
    contest_acts,
    open_contest,
    opened_body,
    unblind,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.canonical import act_digest
from tests.unit.contest.contests import AT, SALT, SECRET, answers, opened, plan, running

CONTEST = running()


def test_the_opening_binds_and_tells_nothing_of_the_secret() -> None:
    """Its digest stands there; the secret, the salt and the answers do not."""
    log = opened(CONTEST)
    written = msgspec.json.encode(log.acts).decode()
    assert commitment_to(SECRET) in written
    assert SECRET not in written
    body = opened_body(contest_acts(log, CONTEST))
    check_secret(body, SECRET)
    with pytest.raises(Conflict, match="not the one"):
        check_secret(body, "00" * 32)


def test_public_answers_cannot_be_tried_on_the_digest() -> None:
    """Without the salt nobody learns whether an answer is among them."""
    given = answers(plan())
    assert answers_digest(given, salt="a") != answers_digest(given, salt="b")
    assert answers_digest(given, salt="a") == answers_digest(given[::-1], salt="a")


@pytest.mark.parametrize("secret", ["", "secret", "5E" * 32, "5e" * 31])
def test_a_weak_secret_opens_nothing(secret: str) -> None:
    """One that can be guessed gives the pairs away."""
    with pytest.raises(InvalidInput, match="64 hexadecimal"):
        commitment_to(secret)


def test_a_contest_is_opened_once() -> None:
    """The same opening again does no harm, another one is refused."""
    log = opened(CONTEST)
    open_contest(log, CONTEST, answers(CONTEST.plan), salt=SALT, at=AT)
    assert len(log.acts) == 1
    other = replace(CONTEST, secret="11" * 32)
    with pytest.raises(Conflict):
        open_contest(log, other, answers(CONTEST.plan), salt=SALT, at=AT)


def test_unblinding_comes_after_closing_and_screening() -> None:
    """In this order, and it names the screening it follows."""
    log = opened(CONTEST)
    with pytest.raises(NotAllowed, match="still open"):
        unblind(log, CONTEST, salt=SALT, at=AT)
    close_contest(log, CONTEST, at=AT, why="over")
    with pytest.raises(NotAllowed, match="not screened"):
        unblind(log, CONTEST, salt=SALT, at=AT)
    screened = msgspec.structs.replace(log.acts[-1], kind=SCREENED)
    log.append(screened)
    with pytest.raises(Conflict, match="not the one"):
        unblind(log, replace(CONTEST, secret="11" * 32), salt=SALT, at=AT)
    act = unblind(log, CONTEST, salt=SALT, at=AT)
    assert act.body == {
        "secret": SECRET,
        "salt": SALT,
        "screening": act_digest(screened),
    }


def test_changed_materials_are_named() -> None:
    """Rules, prompts and answers are those of the opening, or it says which not."""
    body = opened_body(contest_acts(opened(CONTEST), CONTEST))
    given = answers(CONTEST.plan)
    check_materials(body, CONTEST.plan, given, salt=SALT)
    changed = [msgspec.structs.replace(given[0], text="better"), *given[1:]]
    with pytest.raises(Conflict, match=r"contest: answers\n"):
        check_materials(body, CONTEST.plan, changed, salt=SALT)
    fewer = msgspec.structs.replace(CONTEST.plan, prompts=CONTEST.plan.prompts[1:])
    with pytest.raises(Conflict, match="prompts"):
        check_materials(body, fewer, given, salt=SALT)
