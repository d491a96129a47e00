"""What is kept about people, whichever database it stands in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from dokja.adapters.store import Store, open_store
from dokja.errors import Conflict
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Act
from dokja.people import Invited, Place, erase, invitation_state, invite, own_data
from dokja.people.destroy_key import destroy_key
from dokja.people.digests import fingerprint, token_digest
from dokja.people.ports import Desk
from dokja.people.register import accept_invitation, identity_key
from dokja.people.sessions import open_session, signed_in
from dokja.people.values import (
    AgeBand,
    InvitationState,
    Region,
    Role,
    SessionRules,
    Sex,
)
from tests.contract.people_fixture import (
    CARD,
    CONTEST,
    NOW,
    account_of,
    application_of,
    counter_for,
    desk_on,
    new_office,
    new_voter,
    person,
)
from tests.contract.test_act_log import raw_connection

TABLES = (
    *("accounts", "cards", "consents", "identities", "sessions", "drafts"),
    *("invitations", "voters", "fingerprints", "login_attempts", "audit"),
    *("secrets", "passages"),
)
PLACE = Place(programme="k-ai", stage="1")


@pytest.fixture
def store(record_url: str) -> Iterator[Store]:
    """A new store."""
    with open_store(record_url) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Desk:
    """A desk on it."""
    return desk_on(store)


def test_voters_are_numbered_in_the_order_of_arrival(desk: Desk) -> None:
    """The number decides which battles a voter gets; each contest has its own."""
    here = [new_voter(desk, n).number for n in range(3)]
    there = new_voter(desk, 0, contest="stage-2")
    assert here == [1, 2, 3]
    assert there.number == 1
    assert [v.number for v in desk.people.voters(CONTEST)] == [1, 2, 3]


def test_people_who_register_at_once_get_distinct_consecutive_numbers(
    desk: Desk,
) -> None:
    """A number given twice would give two people the same battles."""
    start = threading.Barrier(8)

    def arrive(worker: int) -> list[int]:
        start.wait(timeout=30)
        return [new_voter(desk, f"{worker}/{n}").number for n in range(5)]

    with ThreadPoolExecutor(8) as pool:
        numbers = [n for found in pool.map(arrive, range(8)) for n in found]
    assert sorted(numbers) == list(range(1, 41))


def test_one_person_registering_at_once_becomes_one_voter(desk: Desk) -> None:
    """Two windows of one browser are the cheapest attack there is."""
    start = threading.Barrier(6)

    def arrive(_: int) -> bool:
        start.wait(timeout=30)
        try:
            new_voter(desk, "same")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(arrive, range(6))) == [False] * 5 + [True]
    assert len(desk.people.voters(CONTEST)) == 1
    assert len(desk.people.voter_accounts(CONTEST)) == 1


def test_everything_about_a_person_can_be_seen(desk: Desk) -> None:
    """What may be asked for by law has to come out whole."""
    voter = new_voter(desk, 1)
    data = own_data(desk.people, account_of(desk, 1))
    assert data.card == msgspec.structs.replace(CARD, birth_year=1990)
    assert data.voter == voter
    assert [consent.notice for consent in data.consents] == [
        "voter-identity",
        "voter-quota",
    ]
    assert data.identities == (person(1),)
    assert data.account.created_at == NOW


def test_a_voter_leads_to_their_account_until_they_are_erased(desk: Desk) -> None:
    """Of this contest alone, though another counts from 1 as well."""
    voters = [new_voter(desk, n) for n in range(3)]
    elsewhere = new_voter(desk, 1, contest="stage-2")
    for number, voter in enumerate(voters):
        assert desk.people.voter_account(voter) == account_of(desk, number)
    found = desk.people.voter_account(elsewhere)
    assert found == account_of(desk, 1, contest="stage-2")
    gone = account_of(desk, 1)
    erase(desk, gone, by=gone, place=PLACE, now=NOW)
    assert desk.people.voter_account(voters[1]) is None


def test_strata_name_numbers_and_no_person(desk: Desk) -> None:
    """Quotas need cells; the reader of cells needs no names."""
    new_voter(desk, 1)
    ((number, cell),) = desk.people.strata(CONTEST, 2026).items()
    assert (number, cell.sex, cell.age, cell.region) == (
        1,
        Sex.MALE,
        AgeBand.THIRTIES,
        Region.HONAM,
    )


def test_a_login_is_taken_once_and_an_invitation_used_once(desk: Desk) -> None:
    """A link that was forwarded must not open a second door."""
    office = new_office(desk)
    invited = Invited(role=Role.EXPERT, subject="e01")
    invitation, token = invite(desk, office, invited, now=NOW)
    kept = desk.people.invitation(token_digest(token))
    assert kept == invitation
    assert invitation_state(invitation, NOW) is InvitationState.OPEN

    def accept(login: str) -> None:
        accept_invitation(
            desk,
            application_of(Role.EXPERT, login=login),
            counter_for(Role.EXPERT),
            invitation=invitation,
        )

    with pytest.raises(Conflict, match="login is taken"):
        accept("office")
    accept("expert-one")
    with pytest.raises(Conflict, match="used or withdrawn"):
        accept("expert-two")
    logins = [account.login for account in desk.people.accounts()]
    assert sorted(logins) == ["expert-one", "office"]
    (used,) = (i for i in desk.people.invitations() if i.role is Role.EXPERT)
    assert invitation_state(used, NOW) is InvitationState.USED
    assert not desk.people.withdraw_invitation(invitation.id, NOW)


def test_an_erased_person_is_gone_and_cannot_register_again(
    desk: Desk, store: Store
) -> None:
    """Forgetting somebody must not give them a second vote."""
    voter = new_voter(desk, 1)
    account = account_of(desk, 1)
    token = open_session(desk, account, now=NOW, rules=SessionRules())
    desk.drafts.save(account.id, "note", b'"mine"', based_on=0, now=NOW)
    act = erase(desk, account, by=account, place=PLACE, now=NOW)
    assert store.acts.acts("k-ai", "1") == (act,)
    assert (act.kind, act.subject, act.body) == (
        "person_erased",
        voter.pseudonym,
        {"role": "voter"},
    )
    assert CARD.name.encode() not in canonical_bytes(act)
    assert desk.people.personal_data(account.id) is None
    assert desk.people.account_of(person(1), CONTEST) is None
    assert desk.drafts.of(account.id) == ()
    assert signed_in(desk.sessions, token, now=NOW, rules=SessionRules()) is None
    assert desk.people.voters(CONTEST) == (voter,)
    with pytest.raises(Conflict, match="registered for the contest before"):
        new_voter(desk, 1)


def test_no_table_holds_anything_of_an_erased_person(
    desk: Desk, record_url: str
) -> None:
    """Rows are looked at by a hand with raw SQL, in every table there is."""
    new_voter(desk, 1)
    account = account_of(desk, 1)
    erase(desk, account, by=account, place=PLACE, now=NOW)
    with raw_connection(record_url) as connection:
        rows = [
            str(row)
            for table in TABLES
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608
        ]
    for trace in (CARD.name, CARD.email, account.id, person(1).subject_digest):
        assert [row for row in rows if trace in row] == []
    assert any(CONTEST in row for row in rows)


def test_the_bytes_of_an_erased_person_leave_the_file(tmp_path: Path) -> None:
    """SQLite keeps deleted text in free pages and in its log, unless told not to."""
    file = tmp_path / "record.db"
    traces = [CARD.name.encode(), CARD.email.encode(), CARD.employer.encode()]

    def found() -> list[bool]:
        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        return [trace in content for trace in traces]

    with open_store(f"sqlite:///{file}") as store:
        desk = desk_on(store)
        new_voter(desk, 1)
        assert found() == [True, True, True]
        account = account_of(desk, 1)
        erase(desk, account, by=account, place=PLACE, now=NOW)
        assert found() == [False, False, False]


def test_destroying_the_key_erases_everybody_of_the_contest(
    desk: Desk, store: Store
) -> None:
    """The consent notice promises it; what other contests hold stays."""
    office = new_office(desk)
    voters = [new_voter(desk, n) for n in range(3)]
    new_voter(desk, 0, contest="stage-2")
    key = desk.keys.find(identity_key(CONTEST))
    publication = Act(
        programme="k-ai",
        stage="1",
        kind="votes_published",
        subject=CONTEST,
        at=NOW.isoformat(),
        body={},
    )
    gone = destroy_key(
        desk, office, CONTEST, place=PLACE, publication=publication, now=NOW
    )
    assert (gone, key is not None) == (3, True)
    assert desk.keys.find(identity_key(CONTEST)) is None
    assert desk.people.voter_accounts(CONTEST) == ()
    assert desk.people.voters(CONTEST) == tuple(voters)
    assert len(desk.people.voter_accounts("stage-2")) == 1
    assert [a.kind for a in store.acts.acts("k-ai", "1")] == ["contest_key_destroyed"]
    with pytest.raises(Conflict, match="destroyed"):
        new_voter(desk, 9)


def test_a_fingerprint_leads_to_nobody_without_the_key(desk: Desk) -> None:
    """Two contests that met the same person must not be able to tell."""
    keys = [desk.secrets.key(), desk.secrets.key()]
    prints = {
        fingerprint(key, contest, person(1))
        for key in keys
        for contest in (CONTEST, "stage-2")
    }
    assert len(prints) == 4
