"""Who may do what: the table, read as an auditor would."""

from __future__ import annotations

import pytest

from dokja.errors import NotAllowed
from dokja.people import ROLE_NAMES, TABLE, Permission, Reach, may, require
from dokja.people.permissions import reach
from dokja.people.values import Account, Role
from tests.contract.people_fixture import NOW


def account(role: Role, subject: str = "") -> Account:
    """An account of the role."""
    return Account(id=f"id-{role}", role=role, subject=subject, created_at=NOW)


def test_every_permission_and_every_role_has_words_in_both_languages() -> None:
    """A row without a name could not be shown to anybody."""
    assert set(TABLE) == set(Permission)
    assert set(ROLE_NAMES) == set(Role)
    names = [row.name for row in TABLE.values()]
    assert len({name.ko for name in names}) == len({name.en for name in names})
    assert len({name.ko for name in names}) == len(Permission)


def test_nobody_sees_who_voters_are() -> None:
    """The office least of all: it could match a vote with a name."""
    assert {reach(role, Permission.SEE_VOTERS) for role in Role} == {Reach.NOTHING}


def test_the_public_only_reads_what_is_published() -> None:
    """Whoever is not signed in can change nothing."""
    open_to_all = {p for p in Permission if may(None, p)}
    assert open_to_all == {Permission.SEE_PUBLISHED, Permission.SEE_PARTICIPATION}


def test_an_auditor_sees_and_changes_nothing() -> None:
    """Who checks must have no hand in what is checked."""
    seen = {p for p in Permission if may(account(Role.AUDITOR), p)}
    changing = {
        Permission.VOTE,
        Permission.RATE_MODELS,
        Permission.SCORE_SHEETS,
        Permission.RUN_PANEL,
        Permission.RUN_CONTEST,
        Permission.INVITE,
        Permission.MANAGE_ACCOUNTS,
        Permission.OBJECT,
        Permission.REPLY,
    }
    assert seen & changing == set()
    assert {Permission.SEE_RECORD, Permission.SEE_AUDIT} <= seen


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.VOTER])
def test_only_voters_vote(role: Role) -> None:
    """An office or a team that votes would judge its own case."""
    assert not may(account(role), Permission.VOTE)


def test_a_team_sees_its_own_and_no_other() -> None:
    """Scores of others are not open before they are published."""
    team = account(Role.TEAM, "t1")
    assert may(team, Permission.SEE_SCORES, of="t1")
    assert not may(team, Permission.SEE_SCORES, of="t2")
    require(team, Permission.OBJECT, of="t1")
    with pytest.raises(NotAllowed) as caught:
        require(team, Permission.OBJECT, of="t2")
    assert caught.value.korean
    assert may(account(Role.OFFICE), Permission.SEE_SCORES, of="t2")


def test_everybody_who_has_an_account_keeps_their_own_data() -> None:
    """The right to see and erase depends on no role."""
    for role in set(Role) - {Role.PUBLIC}:
        own = account(role)
        assert may(own, Permission.KEEP_OWN_DATA, of=own.id)
        assert not may(own, Permission.KEEP_OWN_DATA, of="somebody-else")
