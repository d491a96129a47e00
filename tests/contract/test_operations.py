"""Sessions, attempts, drafts, audit, secrets and passages on both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from dokja.adapters.store import Store, open_store
from dokja.errors import Conflict
from dokja.people.digests import token_digest
from dokja.people.sessions import clear_sessions, open_session, signed_in
from dokja.people.values import (
    Account,
    AuditEntry,
    AuditOutcome,
    Passage,
    Role,
    SessionRules,
)
from tests.contract.people_fixture import NOW, account_of, desk_on, new_voter
from tests.contract.test_act_log import act, raw_connection

RULES = SessionRules()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(record_url: str) -> Iterator[Store]:
    """A new store."""
    with open_store(record_url) as opened:
        yield opened


@pytest.fixture
def account(store: Store) -> Account:
    """Somebody with an account."""
    new_voter(desk_on(store), 1)
    return account_of(desk_on(store), 1)


def test_a_session_is_found_by_its_token_and_only_its_digest_is_kept(
    store: Store, account: Account, record_url: str
) -> None:
    """Who reads the table must not be able to sign in as everybody."""
    token = open_session(desk_on(store), account, now=NOW, rules=RULES)
    assert signed_in(store.sessions, token, now=NOW, rules=RULES) == account
    assert signed_in(store.sessions, token + "x", now=NOW, rules=RULES) is None
    with raw_connection(record_url) as connection:
        (kept,) = connection.exec_driver_sql("SELECT digest FROM sessions").scalars()
    assert kept == token_digest(token)


def test_a_session_ends_when_it_is_idle_and_when_it_is_old(
    store: Store, account: Account
) -> None:
    """A browser left open in a library must not stay signed in."""
    desk = desk_on(store)
    idle = open_session(desk, account, now=NOW, rules=RULES)
    used = open_session(desk, account, now=NOW, rules=RULES)
    moment = NOW
    while moment < NOW + RULES.longest - 20 * MINUTE:
        moment += 20 * MINUTE
        assert signed_in(store.sessions, used, now=moment, rules=RULES) == account
    assert signed_in(store.sessions, idle, now=NOW + RULES.idle, rules=RULES) is None
    end = NOW + RULES.longest
    assert signed_in(store.sessions, used, now=end, rules=RULES) is None
    assert store.sessions.find(token_digest(used)) is None


def test_sessions_end_together_and_by_themselves(
    store: Store, account: Account
) -> None:
    """A changed password throws out whoever held the old one."""
    desk = desk_on(store)
    tokens = [open_session(desk, account, now=NOW, rules=RULES) for _ in range(3)]
    kept = token_digest(tokens[0])
    assert store.sessions.end_all(account.id, but=kept) == 2
    assert store.sessions.find(kept) is not None
    assert clear_sessions(store.sessions, now=NOW + RULES.idle, rules=RULES) == 1


def test_guesses_made_at_once_cannot_pass_the_limit_together(store: Store) -> None:
    """Counting and adding are one step, or a parallel attacker passes between."""
    start = threading.Barrier(8)

    def guess(number: int) -> bool:
        start.wait(timeout=30)
        return store.attempts.admit(
            f"attempt-{number}",
            {"login": 3, f"address-{number}": 9},
            now=NOW,
            since=NOW - 15 * MINUTE,
        )

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(guess, range(8))) == [False] * 5 + [True] * 3


def test_attempts_are_forgiven_forgotten_and_survive_a_restart(
    store: Store, record_url: str
) -> None:
    """An attacker must not be able to reset the count by crashing the server."""

    def admit(store: Store, name: str, minutes: int = 0) -> bool:
        now = NOW + minutes * MINUTE
        return store.attempts.admit(
            name, {"login": 2, "address": 5}, now=now, since=now - 15 * MINUTE
        )

    assert [admit(store, name) for name in "abc"] == [True, True, False]
    with open_store(record_url) as reopened:
        assert not admit(reopened, "d")
        reopened.attempts.forgive("b", "login")
    assert admit(store, "e")
    assert admit(store, "f", minutes=20)


def test_a_draft_is_never_overwritten_by_an_older_one(store: Store) -> None:
    """Two windows save in turn: the second must hear of the first."""
    first = store.drafts.save("e1", "sheet", b'"1"', based_on=0, now=NOW)
    second = store.drafts.save("e1", "sheet", b'"2"', based_on=1, now=NOW + MINUTE)
    assert (first.version, second.version) == (1, 2)
    for stale in (0, 1, 7):
        with pytest.raises(Conflict, match="version 2 stands"):
            store.drafts.save("e1", "sheet", b'"old"', based_on=stale, now=NOW)
    again = store.drafts.save("e1", "sheet", b'"2"', based_on=1, now=NOW + 9 * MINUTE)
    assert again == store.drafts.find("e1", "sheet") == second
    store.drafts.save("e1", "another", b"{}", based_on=0, now=NOW)
    assert [d.name for d in store.drafts.of("e1")] == ["another", "sheet"]
    store.drafts.discard("e1", "sheet")
    assert store.drafts.find("e1", "sheet") is None


def test_of_two_saves_at_once_one_stands_and_the_other_hears_of_it(
    store: Store,
) -> None:
    """Also for the very first version, where there is no row to lock."""
    start = threading.Barrier(6)

    def save(number: int) -> bool:
        start.wait(timeout=30)
        body = f'"{number}"'.encode()
        try:
            store.drafts.save("e1", "sheet", body, based_on=0, now=NOW)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(save, range(6))) == [False] * 5 + [True]


def entry(verb: str) -> AuditEntry:
    """A line of the audit."""
    return AuditEntry(
        at=NOW,
        account_id="a1",
        role=Role.OFFICE,
        verb=verb,
        object="panel",
        outcome=AuditOutcome.DONE,
        request_id="r1",
    )


def test_the_audit_numbers_its_lines_without_a_gap(store: Store) -> None:
    """A missing number would be the trace of a line somebody removed."""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: store.audit.add(entry(f"verb-{n}")), range(20)))
    lines = store.audit.entries(after=5, limit=10)
    assert [line.sequence for line in lines] == list(range(6, 16))
    assert store.audit.latest(1)[0].sequence == 20
    first = store.audit.entries(limit=1)[0]
    assert msgspec.structs.replace(first, sequence=0, verb="x") == entry("x")


def test_no_statement_changes_or_removes_a_line_of_the_audit(
    store: Store, record_url: str
) -> None:
    """The audit is what is left when somebody covers their tracks."""
    store.audit.add(entry("first"))
    statements = ["UPDATE audit SET verb = 'x'", "DELETE FROM audit"]
    sqlite = record_url.startswith("sqlite")
    statements.append(
        "INSERT OR REPLACE INTO audit SELECT * FROM audit"
        if sqlite
        else "TRUNCATE audit"
    )
    for statement in statements:
        with (
            pytest.raises(sa.exc.DBAPIError, match="the audit only grows"),
            raw_connection(record_url) as connection,
        ):
            connection.exec_driver_sql(statement)
    assert [line.verb for line in store.audit.entries()] == ["first"]


def test_a_secret_is_kept_once_and_nothing_follows_a_destroyed_one(
    store: Store,
) -> None:
    """A second key would let everybody register a second time."""
    assert store.keys.find("contest") is None
    assert store.keys.keep("contest", b"first") == b"first"
    assert store.keys.keep("contest", b"second") == b"first"
    assert store.keys.destroy("contest", NOW)
    assert not store.keys.destroy("contest", NOW)
    assert store.keys.find("contest") is None
    with pytest.raises(Conflict, match="destroyed"):
        store.keys.keep("contest", b"third")


def test_a_passage_is_taken_once_for_its_purpose_and_in_time(store: Store) -> None:
    """A state that works twice is what replaying a sign-in needs."""

    def put(digest: str) -> None:
        store.passages.put(
            Passage(
                digest=digest,
                purpose="provider",
                body=b"{}",
                expires_at=NOW + 10 * MINUTE,
            )
        )

    put("a")
    assert store.passages.take("a", "registration", NOW) is None
    assert store.passages.take("a", "provider", NOW) is not None
    assert store.passages.take("a", "provider", NOW) is None
    put("b")
    assert store.passages.take("b", "provider", NOW + 10 * MINUTE) is None


def test_acts_are_found_by_name_and_counted_by_kind(store: Store) -> None:
    """A page that asks for two acts must not read a million."""
    store.acts.append([act(f"c/{n:03}", n=n) for n in range(30)])
    store.acts.append([act("c/001", stage="2")])
    names = ["c/007", "c/003", "c/999"]
    found = store.acts.find("k-ai", "1", "measurement", names)
    assert [entry.subject for entry in found] == ["c/003", "c/007"]
    assert store.acts.find("k-ai", "1", "other", names) == ()
    assert store.acts.tally("k-ai", "1") == {"measurement": 30}
    assert store.acts.tally("k-ai", "3") == {}


def test_an_act_that_was_altered_is_not_found_either(
    store: Store, record_url: str
) -> None:
    """A short way to an act is no way around its digest."""
    store.acts.append([act("c/001", n=1)])
    with raw_connection(record_url) as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER acts_never_updated")
        else:
            connection.exec_driver_sql("DROP TRIGGER acts_only_grow ON acts")
        connection.exec_driver_sql("UPDATE acts SET canonical = '{}'")
    with pytest.raises(Conflict, match="altered"):
        store.acts.find("k-ai", "1", "measurement", ["c/001"])
