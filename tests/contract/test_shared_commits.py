"""Acts handed in at the same time share a commit and nothing else."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from dokja.adapters.store import SqlActLog, database, open_act_log
from dokja.adapters.store.turns import Turns
from dokja.errors import Conflict, Unavailable
from tests.contract.test_act_log import act


@pytest.fixture
def log(record_url: str) -> Iterator[SqlActLog]:
    """A new record."""
    with open_act_log(record_url) as opened:
        yield opened


def behind_one_writer(log: SqlActLog, jobs: list[Callable[[], None]]) -> list[Any]:
    """What became of jobs that all waited while another writer held the turn."""
    results: list[Any] = [None] * len(jobs)

    def run(place: int) -> None:
        try:
            jobs[place]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[place] = error

    with ThreadPoolExecutor(len(jobs)) as pool, database.turn(log._engine):
        for place in range(len(jobs)):
            pool.submit(run, place)
            time.sleep(0.02)
    return results


def commits_of(log: SqlActLog) -> list[None]:
    """A list that grows with every commit."""
    seen: list[None] = []
    sa.event.listen(log._engine, "commit", lambda _: seen.append(None))
    return seen


def test_acts_that_wait_together_are_committed_together(log: SqlActLog) -> None:
    """Forty votes must not wait for forty turns of the disk."""
    commits = commits_of(log)
    jobs = [lambda n=n: log.append([act(f"{n}/a"), act(f"{n}/b")]) for n in range(12)]
    assert behind_one_writer(log, jobs) == [None] * 12  # type: ignore[arg-type]
    assert len(commits) == 1
    subjects = [entry.subject for entry in log.acts("k-ai", "1")]
    assert subjects == [f"{n}/{part}" for n in range(12) for part in "ab"]


def test_a_contradiction_among_them_is_refused_alone(log: SqlActLog) -> None:
    """Somebody's second vote must not cost others theirs."""
    log.append([act("taken", n=1)])
    jobs: list[Callable[[], None]] = [
        lambda: log.append([act("a")]),
        lambda: log.append([act("b"), act("taken", n=2)]),
        lambda: log.append([act("c")]),
        lambda: log.append([act("c", n=2)]),
    ]
    results = behind_one_writer(log, jobs)
    assert [type(result) for result in results] == [
        type(None),
        Conflict,
        type(None),
        Conflict,
    ]
    assert [e.subject for e in log.acts("k-ai", "1")] == ["taken", "a", "c"]


def test_what_the_database_refuses_of_one_is_not_lost_of_the_others(
    log: SqlActLog,
) -> None:
    """A failure spoils the common transaction; then each goes alone."""

    def refuse(*arguments: Any) -> None:
        if "INSERT INTO acts" in arguments[2] and "bad" in str(arguments[3]):
            raise sa.exc.OperationalError("insert", {}, Exception("disk says no"))

    sa.event.listen(log._engine, "before_cursor_execute", refuse)
    jobs = [lambda s=s: log.append([act(s)]) for s in ("a", "bad", "c")]
    results = behind_one_writer(log, jobs)  # type: ignore[arg-type]
    assert [type(result) for result in results] == [type(None), Unavailable, type(None)]
    assert [e.subject for e in log.acts("k-ai", "1")] == ["a", "c"]


def test_who_waits_too_long_leaves_nothing_behind(
    log: SqlActLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer "not recorded" must stay true when the lock is free again."""
    monkeypatch.setattr(database, "_LOCK_WAIT_SECONDS", 0.1)
    with database.turn(log._engine), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(log.append, [act("late")])
        with pytest.raises(Unavailable, match="busy"):
            waiting.result(timeout=10)
    log.append([act("next")])
    assert [e.subject for e in log.acts("k-ai", "1")] == ["next"]


def test_turns_are_handed_on_in_the_order_of_asking() -> None:
    """Nobody is passed over by who asks at the right moment."""
    turns, order = Turns(), []

    def take(number: int) -> None:
        with turns.turn(patience=10):
            order.append(number)

    with turns.turn(patience=1):
        threads = [threading.Thread(target=take, args=(n,)) for n in range(10)]
        for thread in threads:
            thread.start()
            time.sleep(0.01)
    for thread in threads:
        thread.join()
    assert order == list(range(10))
