"""Officers' processes are killed in the middle of acts, on both databases."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path

import pytest

from dokja.adapters.store import open_act_log
from dokja.evidence.values import Act
from tests.whole_programme import crew, workers
from tests.whole_programme.crew import OFFICERS, kill_crew, started, what_is_kept
from tests.whole_programme.kept import Diary, Fate, compare, read_diaries
from tests.whole_programme.rows import read_record
from tests.whole_programme.workers import Moment, Post

LIVES, ANSWERS = 2, 3


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Act, ...]:
    """The acts of an office with money and a call whose documents are being read."""
    return workers.prepare(f"sqlite:///{tmp_path_factory.mktemp('office')}/record.db")


@pytest.fixture
def office(record_url: str, prepared: tuple[Act, ...]) -> str:
    """The address of a record with that office on it."""
    with open_act_log(record_url) as log:
        log.append(prepared)
    return record_url


@pytest.fixture
def posts(office: str, tmp_path: Path) -> Iterator[Post]:
    """Posts of officers, each with a name and a diary of its own."""
    return (Post(office, f"k{n}", tmp_path / f"k{n}.jsonl") for n in count())


def test_a_batch_is_there_whole_or_not_at_all(
    office: str, posts: Iterator[Post], tmp_path: Path
) -> None:
    """Killed before, in and after the transaction; the next officer goes on."""
    for moment, job in product(Moment, ("award", "screen")):
        post = next(posts)
        process = started(workers.die_at, post, moment, job)
        process.join(workers.PATIENCE)
        assert process.exitcode == -signal.SIGKILL
        kept = [row for mark, row in read_record(office).marked() if mark == post.name]
        assert bool(kept) == (moment is Moment.BEFORE_ANSWER), (moment, job)
    found = what_is_kept(office, tmp_path)
    assert not found.wrong
    assert (found.unanswered, found.unanswered_kept) == (8, 2)
    with workers.opened_office(office, seed=5) as own:
        post = next(posts)
        fates = [
            workers.file_one(own, Diary(post.diary), f"{post.name}.{job}", job)
            for job in ("award", "pay", "screen")
        ]
    assert fates == [Fate.ACKNOWLEDGED, Fate.ACKNOWLEDGED, Fate.REFUSED]


def test_officers_who_are_killed_at_any_time_lose_nothing(
    office: str, posts: Iterator[Post], tmp_path: Path
) -> None:
    """Three at once, killed and started again: no half, no gap, none twice."""
    for life in range(LIVES):
        kill_crew([next(posts) for _ in range(OFFICERS)], seed=life, at_least=ANSWERS)
    found = what_is_kept(office, tmp_path)
    assert not found.wrong
    assert found.acknowledged >= OFFICERS * LIVES * ANSWERS
    with workers.opened_office(office, seed=5) as own:
        post = next(posts)
        fate = workers.file_one(own, Diary(post.diary), post.name, "award")
    assert fate is Fate.ACKNOWLEDGED
    assert not what_is_kept(office, tmp_path).wrong


def test_of_two_officers_at_once_one_wins(
    office: str, posts: Iterator[Post], tmp_path: Path
) -> None:
    """Both have read the same; one act stands, the other officer meets Conflict."""
    start, rounds = crew.SERVER.Barrier(2), 8
    running = [started(workers.race, next(posts), start, rounds) for _ in range(2)]
    for process in running:
        process.join(workers.PATIENCE)
        assert process.exitcode == 0
    sent = read_diaries(tmp_path.glob("*.jsonl"))
    for number in range(rounds):
        fates = sorted(s.fate for s in sent if s.mark.endswith(f".{number}"))
        assert fates == [Fate.ACKNOWLEDGED, Fate.REFUSED]
    found = compare(read_record(office), sent)
    assert not found.wrong
    assert found.acknowledged == rounds
