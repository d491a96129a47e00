"""Crews of officers' processes that are killed at any time, and what they leave."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.whole_programme import workers
from tests.whole_programme.kept import Fate, Kept, compare, read_diaries
from tests.whole_programme.office import luck_of
from tests.whole_programme.rows import read_record
from tests.whole_programme.workers import PATIENCE, Post

SERVER = multiprocessing.get_context("forkserver")
SERVER.set_forkserver_preload([workers.__name__])
OFFICERS = 3
LONGEST_WAIT = 0.03
"""Seconds between the last awaited answer and the kill, at most: a few acts' time."""
LONGEST_APPEND = 0.004
"""The same from when somebody is seen to be waiting for an answer."""


def started(target: object, *given: object, **more: object) -> BaseProcess:
    """A process that does it."""
    process = SERVER.Process(target=target, args=given, kwargs=more)  # type: ignore[arg-type]
    process.start()
    return process


def kill_crew(posts: Sequence[Post], *, seed: int, at_least: int = 6) -> None:
    """Lets the officers file at once until each was answered so often, then kills.

    An odd seed waits, besides, until one of them has sent and was not answered.
    """
    running = [
        started(workers.file_acts, post, count=10_000, seed=seed + number)
        for number, post in enumerate(posts)
    ]
    try:
        _await_answers(posts, at_least)
        if seed % 2:
            _await_flight(posts)
            time.sleep(luck_of(seed).uniform(0, LONGEST_APPEND))
        else:
            time.sleep(luck_of(seed).uniform(0, LONGEST_WAIT))
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.join(PATIENCE)


def what_is_kept(url: str, folder: Path) -> Kept:
    """The record held against every diary in the folder."""
    return compare(read_record(url), read_diaries(folder.glob("*.jsonl")))


def killed_crews(url: str, folder: Path, *, kills: int) -> dict[str, Any]:
    """One crew after another on the same record, each killed; what is left."""
    workers.prepare(url)
    for crew in range(kills):
        posts = [
            Post(url, f"c{crew}o{number}", folder / f"c{crew}o{number}.jsonl")
            for number in range(OFFICERS)
        ]
        kill_crew(posts, seed=crew)
    found = what_is_kept(url, folder)
    return {
        "officers": kills * OFFICERS,
        "acknowledged": found.acknowledged,
        "refused": found.refused,
        "unanswered": found.unanswered,
        "unanswered_kept": found.unanswered_kept,
        "wrong": list(found.wrong),
    }


def _await_answers(posts: Sequence[Post], at_least: int) -> None:
    _await(
        lambda: all(_diary(p).count(Fate.ACKNOWLEDGED) >= at_least for p in posts),
        pause=0.005,
    )


def _await_flight(posts: Sequence[Post]) -> None:
    waits = f'"{Fate.UNANSWERED}"]\n'
    _await(lambda: any(_diary(p).endswith(waits) for p in posts), pause=0.0002)


def _diary(post: Post) -> str:
    return post.diary.read_text() if post.diary.exists() else ""


def _await(is_so: Callable[[], bool], *, pause: float) -> None:
    until = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError("the officers file nothing")
        time.sleep(pause)
