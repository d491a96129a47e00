"""What every record keeps, whichever database it stands in."""

from __future__ import annotations

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dokja.adapters.store import SqlActLog, database, open_act_log
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import act_digest, canonical_bytes, digest_bytes
from dokja.evidence.values import Act

_SPAWN = multiprocessing.get_context("spawn")
_REASON = "acts are evidence"


def act(subject: str, *, stage: str = "1", **body: Any) -> Act:
    """An act that differs from others in subject, stage and body only."""
    return Act(
        programme="k-ai",
        stage=stage,
        kind="measurement",
        subject=subject,
        at="2026-01-15T09:00:00+09:00",
        body=body,
    )


@pytest.fixture
def log(record_url: str) -> Iterator[SqlActLog]:
    """A new record."""
    with open_act_log(record_url) as opened:
        yield opened


@contextmanager
def raw_connection(url: str) -> Iterator[sa.Connection]:
    """A committed transaction by someone who does not go through Dokja."""
    address = sa.make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def without_guards(connection: sa.Connection) -> None:
    """Remove the triggers, as someone who tampers would."""
    if connection.dialect.name == "sqlite":
        for trigger in ("updated", "deleted", "replaced"):
            connection.exec_driver_sql(f"DROP TRIGGER acts_never_{trigger}")
    else:
        connection.exec_driver_sql("DROP TRIGGER acts_only_grow ON acts")


def test_acts_are_read_in_the_order_in_which_they_were_appended(
    log: SqlActLog,
) -> None:
    """Re-derivation replays the record, so its order is evidence too."""
    written = [act(subject, n=n) for n, subject in enumerate("zebra", start=1)]
    log.append(written[:2])
    log.append(written[2:])
    assert log.acts("k-ai", "1") == tuple(written)


def test_a_stage_reads_its_own_acts_only(log: SqlActLog) -> None:
    """Two stages share one record and must not see each other's scores."""
    first, second = act("a", stage="1"), act("a", stage="2")
    log.append([first, second])
    assert log.acts("k-ai", "2") == (second,)
    assert log.acts("other", "2") == ()


def test_what_was_appended_is_there_after_reopening(record_url: str) -> None:
    """The second opening finds the schema in place and changes nothing."""
    with open_act_log(record_url) as log:
        log.append([act("a", n=1)])
    with open_act_log(record_url) as log:
        log.append([act("b", n=2)])
        assert [entry.subject for entry in log.acts("k-ai", "1")] == ["a", "b"]


def test_an_act_that_is_already_there_is_left_as_it_is(log: SqlActLog) -> None:
    """A stage that was interrupted runs again over its own first half."""
    log.append([act("a", n=1), act("b", n=2)])
    log.append([act("b", n=2), act("c", n=3), act("a", n=1), act("c", n=3)])
    assert [entry.subject for entry in log.acts("k-ai", "1")] == ["a", "b", "c"]


def test_a_repeated_act_keeps_the_time_it_was_first_recorded_at(
    log: SqlActLog,
) -> None:
    """A second run has a later clock; the body decides what is the same."""
    log.append([act("a", n=1)])
    log.append([msgspec.structs.replace(act("a", n=1), at="2026-02-01T09:00:00Z")])
    assert log.acts("k-ai", "1") == (act("a", n=1),)


def test_another_body_under_a_taken_name_is_refused_and_adds_nothing(
    log: SqlActLog,
) -> None:
    """A batch is all or none: the sound acts around the conflict stay out."""
    log.append([act("a", n=1)])
    contradiction = act("a", n=2)
    with pytest.raises(Conflict) as caught:
        log.append([act("b"), contradiction, act("c")])
    for part in (
        "measurement of a",
        act_digest(act("a", n=1)),
        act_digest(contradiction),
    ):
        assert part in caught.value.fact
    assert caught.value.remedy
    assert log.acts("k-ai", "1") == (act("a", n=1),)


def test_a_batch_that_contradicts_itself_is_refused(log: SqlActLog) -> None:
    """Which of the two would stand would depend on their order."""
    with pytest.raises(Conflict):
        log.append([act("a", n=1), act("a", n=2)])
    assert log.acts("k-ai", "1") == ()


def test_an_act_without_canonical_form_keeps_its_whole_batch_out(
    log: SqlActLog,
) -> None:
    """NaN is found while the batch is prepared, before anything is written."""
    with pytest.raises(InvalidInput):
        log.append([act("a"), act("b", score=float("nan"))])
    assert log.acts("k-ai", "1") == ()


@pytest.mark.parametrize("subject", ["a\0b", "가" * 700], ids=["nul", "long"])
def test_a_name_one_database_cannot_file_is_refused_by_both(
    log: SqlActLog, subject: str
) -> None:
    """A record must be movable from SQLite to PostgreSQL."""
    with pytest.raises(InvalidInput):
        log.append([act(subject)])


def test_the_longest_name_fits_the_index(log: SqlActLog) -> None:
    """Text that does not compress is what an index page has least room for."""
    noise = "".join(digest_bytes(bytes([n])) for n in range(40))[:1984]
    log.append([act(noise)])
    assert log.acts("k-ai", "1") == (act(noise),)


_SQLITE_CHANGES = (
    "INSERT OR REPLACE INTO acts SELECT * FROM acts",
    """
    REPLACE INTO acts SELECT sequence + 9, 'x', programme, stage, kind, subject, at,
    canonical FROM acts
    """,
    """
    REPLACE INTO acts SELECT sequence + 9, digest, 'x', stage, kind, subject, at,
    canonical FROM acts
    """,
)
_POSTGRESQL_CHANGES = (
    "TRUNCATE acts",
    "SET session_replication_role = replica; DELETE FROM acts",
    "INSERT INTO acts SELECT * FROM acts ON CONFLICT (digest) DO UPDATE SET at = 'x'",
)


def test_no_statement_changes_or_removes_an_act(
    log: SqlActLog, record_url: str
) -> None:
    """Even a hand with raw SQL is stopped, and told why."""
    log.append([act("a", n=1), act("b", n=2)])
    own = _SQLITE_CHANGES if record_url.startswith("sqlite") else _POSTGRESQL_CHANGES
    for statement in ("UPDATE acts SET at = 'x'", "DELETE FROM acts", *own):
        with (
            pytest.raises(sa.exc.DBAPIError, match=_REASON),
            raw_connection(record_url) as connection,
        ):
            connection.exec_driver_sql(statement)
    assert log.acts("k-ai", "1") == (act("a", n=1), act("b", n=2))


_TAMPERINGS: dict[str, str] = {
    "a score in the bytes": "UPDATE acts SET canonical = '{}' WHERE sequence = 1",
    "the stage it is filed under": "UPDATE acts SET stage = '1' WHERE sequence = 2",
    "a whole act": "DELETE FROM acts WHERE sequence = 1",
    "the digest": "UPDATE acts SET digest = 'sha256:0' WHERE sequence = 1",
}


@pytest.mark.parametrize("tampering", _TAMPERINGS.values(), ids=_TAMPERINGS.keys())
def test_a_tampered_record_is_not_read(
    log: SqlActLog, record_url: str, tampering: str
) -> None:
    """Who can drop a trigger still cannot pass a changed act off as evidence."""
    log.append([act("a", n=1), act("b", stage="2", n=2), act("c", n=3)])
    with raw_connection(record_url) as connection:
        without_guards(connection)
        connection.exec_driver_sql(tampering)
    with pytest.raises(Conflict, match="altered"):
        log.acts("k-ai", "1")


_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=st.dictionaries(st.text(), _JSON))
def test_any_json_body_comes_back_byte_for_byte(
    log: SqlActLog, body: dict[str, Any]
) -> None:
    """A digest taken of what was read must be the digest that was cited."""
    digest = digest_bytes(canonical_bytes(body))
    written = msgspec.structs.replace(act("any", stage=digest), body=body)
    log.append([written])
    (read,) = log.acts("k-ai", digest)
    assert canonical_bytes(read) == canonical_bytes(written)


def _write_batches(url: str, writer: str, together: Barrier) -> None:
    together.wait(timeout=60)
    with open_act_log(url) as log:
        for batch in range(12):
            log.append([act(f"{writer}/{batch}/{n}") for n in range(10)])


def test_two_writers_neither_lose_nor_interleave_a_batch(record_url: str) -> None:
    """They also meet while the schema is still missing: one creates it."""
    together = _SPAWN.Barrier(2)
    writers = [
        _SPAWN.Process(target=_write_batches, args=(record_url, name, together))
        for name in "xy"
    ]
    for process in writers:
        process.start()
    for process in writers:
        process.join()
    assert [process.exitcode for process in writers] == [0, 0]
    with open_act_log(record_url) as log:
        subjects = [entry.subject.split("/") for entry in log.acts("k-ai", "1")]
    batches = [subjects[start : start + 10] for start in range(0, 240, 10)]
    for batch in batches:
        assert [(w, b) for w, b, _ in batch] == [tuple(batch[0][:2])] * 10
        assert [int(n) for _, _, n in batch] == list(range(10))
    for writer in "xy":
        mine = [int(batch[0][1]) for batch in batches if batch[0][0] == writer]
        assert mine == list(range(12))


def _large_batch() -> list[Act]:
    """More than SQLite keeps in memory, so that pages reach the disk early."""
    return [act(f"big/{n}", noise=digest_bytes(b"%d" % n) * 60) for n in range(1000)]


def _append_until_killed(url: str, moment: str, reached: Event) -> None:
    def stall(*arguments: Any) -> None:
        statement, parameters = arguments[2:4]
        if "INSERT INTO acts" in statement and "big/999" in str(parameters[-1]):
            reached.set()
            time.sleep(600)

    log = open_act_log(url)
    if moment == "inserted":
        sa.event.listen(sa.Engine, "after_cursor_execute", stall)
    log.append(_large_batch())
    reached.set()
    time.sleep(600)


@pytest.mark.parametrize(("moment", "kept"), [("inserted", 0), ("committed", 1000)])
def test_a_writer_killed_while_appending_leaves_all_of_its_batch_or_none(
    record_url: str, moment: str, kept: int
) -> None:
    """After a power cut nobody can tell half a batch from a whole one."""
    with open_act_log(record_url) as log:
        log.append([act("before")])
    reached = _SPAWN.Event()
    writer = _SPAWN.Process(
        target=_append_until_killed, args=(record_url, moment, reached), daemon=True
    )
    writer.start()
    assert reached.wait(timeout=60)
    writer.kill()
    writer.join()
    assert writer.exitcode == -signal.SIGKILL
    with open_act_log(record_url) as log:
        assert len(log.acts("k-ai", "1")) == 1 + kept
        log.append(_large_batch())
        assert len(log.acts("k-ai", "1")) == 1001


def test_a_writer_that_waits_too_long_says_so(
    log: SqlActLog, record_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hung writer must not hang every other one without a word."""
    monkeypatch.setattr(database, "_LOCK_WAIT_SECONDS", 1)
    lock = {
        "sqlite": "BEGIN IMMEDIATE",
        "postgresql": f"SELECT pg_advisory_xact_lock({database._RECORD_LOCK})",
    }
    with raw_connection(record_url) as holder:
        holder.exec_driver_sql(lock[holder.dialect.name])
        with (
            closing(open_act_log(record_url)) as second,
            pytest.raises(Unavailable) as caught,
        ):
            second.append([act("a")])
    assert "other writer" in caught.value.remedy
    log.append([act("a")])


def test_a_record_of_a_newer_dokja_is_left_alone(record_url: str) -> None:
    """Writing into a schema one does not know could break its guards."""
    open_act_log(record_url).close()
    with raw_connection(record_url) as connection:
        connection.exec_driver_sql("UPDATE dokja_schema SET version_num = 'acts_9999'")
    with pytest.raises(Unavailable, match="acts_9999") as caught:
        open_act_log(record_url)
    assert "newer" in caught.value.remedy


def _not_a_database(folder: Path) -> str:
    (folder / "notes.txt").write_text("not a database\n" * 100)
    return f"sqlite:///{folder / 'notes.txt'}"


_UNUSABLE: dict[str, tuple[Callable[[Path], str], type[Exception], str]] = {
    "no URL": (lambda _: "record", InvalidInput, "not a database URL"),
    "memory": (lambda _: "sqlite://", InvalidInput, "lost"),
    "another server": (lambda _: "mysql://h/d", InvalidInput, "mysql"),
    "no folder": (lambda f: f"sqlite:///{f}/no/x.db", Unavailable, "unable to open"),
    "another file": (_not_a_database, Unavailable, "not a database"),
    "no server": (
        lambda f: f"postgresql://u:secret@/d?host={f}",
        Unavailable,
        "connection",
    ),
}


@pytest.mark.parametrize("case", _UNUSABLE.values(), ids=_UNUSABLE.keys())
def test_an_address_that_cannot_be_used_is_explained(
    tmp_path: Path, case: tuple[Callable[[Path], str], type[Exception], str]
) -> None:
    """The reader learns what to change, and no password reaches a screen."""
    address, kind, fact = case
    with pytest.raises(kind, match=fact) as caught:
        open_act_log(address(tmp_path))
    assert "remedy: " in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_names_the_extra_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PostgreSQL is an extra; most installations do not have its driver."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(Unavailable) as caught:
        open_act_log("postgresql://u@/d")
    assert caught.value.remedy == "pip install 'dokja[postgres]'"
