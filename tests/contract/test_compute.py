"""Work gives the same answers and the same errors wherever it runs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest
import threadpoolctl  # type: ignore[import-untyped]

from dokja.adapters.compute import LocalPool
from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.seeds import seed_for, uniform_draws

_KINDS: tuple[type[DokjaError], ...] = (
    DokjaError,
    InvalidInput,
    NotAllowed,
    Conflict,
    Unavailable,
)


def ignore(_item: object) -> None:
    """Be told of an item and do nothing."""


def _gram_matrix(subject: str) -> bytes:
    draws = uniform_draws(seed_for("rules", subject), 300 * 300).reshape(300, 300)
    return bytes(np.linalg.eigvalsh(draws.T @ draws).tobytes())


def test_results_have_equal_bytes_for_any_number_of_workers() -> None:
    """Who re-derives a number has another machine with other cores."""
    subjects = [f"model-{n}" for n in range(6)]
    alone, two, three = (
        LocalPool(workers).map(_gram_matrix, subjects, on_done=ignore)
        for workers in (1, 2, 3)
    )
    assert alone == two == three
    assert len(set(alone)) == len(subjects)


def _most_threads(_item: int) -> int:
    return max(int(pool["num_threads"]) for pool in threadpoolctl.threadpool_info())


@pytest.mark.parametrize("workers", [1, 2])
def test_every_task_has_one_thread(workers: int) -> None:
    """A threaded sum depends on the number of cores in its last bit."""
    with threadpoolctl.threadpool_limits(limits=2):
        threads = LocalPool(workers).map(_most_threads, [0, 1], on_done=ignore)
    assert threads == (1, 1)


def _sleep_and_return(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def test_results_keep_the_order_of_the_items_though_the_first_ends_last() -> None:
    """A result is matched to its item by place alone."""
    ended: list[float] = []
    items = [1.0, 0.0, 0.1]
    assert LocalPool(2).map(_sleep_and_return, items, on_done=ended.append) == (
        1.0,
        0.0,
        0.1,
    )
    assert ended == [0.0, 0.1, 1.0]


def test_no_items_give_no_results() -> None:
    """A stage whose teams all withdrew still ends."""
    assert LocalPool(4).map(_gram_matrix, [], on_done=ignore) == ()


def test_a_pool_without_workers_is_refused() -> None:
    """Zero would otherwise wait for ever or mean something else."""
    with pytest.raises(InvalidInput):
        LocalPool(0)


def _fail_as(kind: int) -> None:
    raise _KINDS[kind]("the fact", remedy="the next step")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("kind", range(len(_KINDS)), ids=lambda n: _KINDS[n].__name__)
def test_a_foreseen_failure_keeps_its_kind_fact_and_remedy(
    kind: int, workers: int
) -> None:
    """The door picks exit code and text by these three."""
    with pytest.raises(DokjaError) as caught:
        LocalPool(workers).map(_fail_as, [kind, kind], on_done=ignore)
    assert type(caught.value) is _KINDS[kind]
    assert caught.value.fact == "the fact"
    assert caught.value.remedy == "the next step"


def _fail_late(seconds: float) -> None:
    time.sleep(seconds)
    raise InvalidInput(f"failed after {seconds}", remedy="none")


def test_the_first_failure_in_order_is_the_one_reported() -> None:
    """Two runs over the same bad input must complain about the same item."""
    with pytest.raises(InvalidInput, match=r"failed after 1\.0"):
        LocalPool(2).map(_fail_late, [1.0, 0.0, 0.0, 0.0], on_done=ignore)


def _die(item: int) -> int:
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def test_a_killed_worker_is_reported_with_a_remedy() -> None:
    """The usual cause is memory, and fewer workers the usual cure."""
    with pytest.raises(Unavailable) as caught:
        LocalPool(2).map(_die, list(range(4)), on_done=ignore)
    assert "fewer workers" in caught.value.remedy
    assert multiprocessing.active_children() == []


_LONG_RUN = """
    import os, pathlib, sys, time
    from dokja.adapters.compute import LocalPool

    def work(seconds):
        seen = pathlib.Path(sys.argv[1])
        (seen / str(os.getpid())).touch()
        while len(list(seen.iterdir())) < 3:
            time.sleep(0.02)
        time.sleep(seconds)

    if __name__ == "__main__":
        LocalPool(3).map(work, [0, 600, 600], on_done=print)
"""


@pytest.mark.parametrize("whole_group", [True, False], ids=["terminal", "kill"])
def test_an_interrupt_ends_the_run_at_once_and_leaves_no_process(
    tmp_path: Path, *, whole_group: bool
) -> None:
    """A run of hours that is stopped must not go on eating the machine.

    One worker is idle by then, the others are in the middle of a task.
    """
    script = tmp_path / "long_run.py"
    script.write_text(textwrap.dedent(_LONG_RUN))
    seen = tmp_path / "workers"
    seen.mkdir()
    process = subprocess.Popen(
        [sys.executable, script, seen],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    give_up_at = time.monotonic() + 60
    while len(list(seen.iterdir())) < 3 and time.monotonic() < give_up_at:
        time.sleep(0.05)
    time.sleep(0.5)
    (os.killpg if whole_group else os.kill)(process.pid, signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert complaint.count(b"KeyboardInterrupt") == 1
    workers = [int(path.name) for path in seen.iterdir()]
    assert len(workers) == 3
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)
