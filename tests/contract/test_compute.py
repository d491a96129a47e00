"""Work gives the same answers and the same errors wherever it runs."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import threadpoolctl  # type: ignore[import-untyped]

from dokja.adapters.compute import LocalPool, RayCluster
from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.ports import Compute
from dokja.evidence.seeds import seed_for, uniform_draws
from tests.contract.ray_nodes import ON_LOOPBACK, Nodes, await_end

_KINDS: tuple[type[DokjaError], ...] = (
    DokjaError,
    InvalidInput,
    NotAllowed,
    Conflict,
    Unavailable,
)
_ELSEWHERE = ("processes", "cluster")


@pytest.fixture(params=["here", *_ELSEWHERE])
def compute(request: pytest.FixtureRequest) -> Compute:
    """Every adapter of the port, with as many workers as the cluster has."""
    if request.param == "cluster":
        nodes: Nodes = request.getfixturevalue("ray_nodes")
        return RayCluster(nodes.address, workers=1)
    return LocalPool(1 if request.param == "here" else 2)


elsewhere = pytest.mark.parametrize("compute", _ELSEWHERE, indirect=True)


def ignore(_item: object, _result: object) -> None:
    """Be told of an item and do nothing."""


def _gram_matrix(subject: str) -> bytes:
    draws = uniform_draws(seed_for("rules", subject), 300 * 300).reshape(300, 300)
    return bytes(np.linalg.eigvalsh(draws.T @ draws).tobytes())


def test_results_have_equal_bytes_for_any_number_of_workers(ray_nodes: Nodes) -> None:
    """Who re-derives a number has another machine with other cores."""
    subjects = [f"model-{n}" for n in range(6)]
    adapters: list[Compute] = [LocalPool(workers) for workers in (1, 2, 3)]
    adapters.append(RayCluster(ray_nodes.address, workers=1))
    alone, *others = (
        adapter.map(_gram_matrix, subjects, on_done=ignore) for adapter in adapters
    )
    assert all(other == alone for other in others)
    assert len(set(alone)) == len(subjects)


def _most_threads(_item: int) -> int:
    return max(int(pool["num_threads"]) for pool in threadpoolctl.threadpool_info())


def test_every_task_has_one_thread(compute: Compute) -> None:
    """A threaded sum depends on the number of cores in its last bit."""
    with threadpoolctl.threadpool_limits(limits=2):
        threads = compute.map(_most_threads, [0, 1], on_done=ignore)
    assert threads == (1, 1)


def _sleep_and_return(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@elsewhere
def test_results_keep_the_order_of_the_items_though_the_first_ends_last(
    compute: Compute,
) -> None:
    """A result is matched to its item by place alone."""
    ended: list[tuple[float, float]] = []
    items = [3.0, 0.0, 0.1]
    results = compute.map(
        _sleep_and_return, items, on_done=lambda *pair: ended.append(pair)
    )
    assert results == (3.0, 0.0, 0.1)
    assert ended == [(0.0, 0.0), (0.1, 0.1), (3.0, 3.0)]


def test_no_items_give_no_results(compute: Compute) -> None:
    """A stage whose teams all withdrew still ends."""
    assert compute.map(_gram_matrix, [], on_done=ignore) == ()


def test_a_pool_without_workers_is_refused() -> None:
    """Zero would otherwise wait for ever or mean something else."""
    with pytest.raises(InvalidInput):
        LocalPool(0)
    with pytest.raises(InvalidInput):
        RayCluster("local", workers=0)


def _fail_as(kind: int) -> None:
    raise _KINDS[kind]("the fact", remedy="the next step")


@pytest.mark.parametrize(
    ("compute", "kind"),
    # Joining a cluster takes seconds, so one kind stands for all there.
    [(place, kind) for place in ("here", "processes") for kind in range(len(_KINDS))]
    + [("cluster", _KINDS.index(Conflict))],
    indirect=["compute"],
)
def test_a_foreseen_failure_keeps_its_kind_fact_and_remedy(
    kind: int, compute: Compute
) -> None:
    """The door picks exit code and text by these three."""
    with pytest.raises(DokjaError) as caught:
        compute.map(_fail_as, [kind, kind], on_done=ignore)
    assert type(caught.value) is _KINDS[kind]
    assert caught.value.fact == "the fact"
    assert caught.value.remedy == "the next step"


def _fail_late(seconds: float) -> None:
    time.sleep(seconds)
    raise InvalidInput(f"failed after {seconds}", remedy="none")


@elsewhere
def test_the_first_failure_in_order_is_the_one_reported(compute: Compute) -> None:
    """Two runs over the same bad input must complain about the same item."""
    with pytest.raises(InvalidInput, match=r"failed after 1\.0"):
        compute.map(_fail_late, [1.0, 0.0, 0.0, 0.0], on_done=ignore)


def _die(item: int) -> int:
    if item == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


@elsewhere
def test_a_killed_worker_is_reported_with_a_remedy(compute: Compute) -> None:
    """The usual cause is memory, and fewer at once the usual cure."""
    with pytest.raises(Unavailable) as caught:
        compute.map(_die, list(range(4)), on_done=ignore)
    assert "fewer" in caught.value.remedy
    assert multiprocessing.active_children() == []


class _Heavy:
    """Work whose way to the workers is counted, and its ways into one."""

    sent = 0
    opened_here = 0

    def __getstate__(self) -> dict[str, int]:
        _Heavy.sent += 1
        return {"one": 1}

    def __setstate__(self, state: dict[str, int]) -> None:
        _Heavy.opened_here += 1

    def __call__(self, _item: int) -> int:
        time.sleep(0.05)
        return _Heavy.opened_here


@elsewhere
def test_work_is_sent_to_a_worker_and_not_with_each_item(compute: Compute) -> None:
    """The arrays bound to it may fill a good part of the memory."""
    _Heavy.sent = 0
    opened = compute.map(_Heavy(), range(8), on_done=ignore)
    assert _Heavy.sent == 1
    if isinstance(compute, LocalPool):
        assert set(opened) == {1}


def _too_heavy() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _DiesOnArrival:
    def __init__(self) -> None:
        self.ballast = bytes(1 << 20)

    def __reduce__(self) -> tuple[Any, ...]:
        return _too_heavy, (), {"ballast": self.ballast}

    def __call__(self, item: int) -> int:
        return item


@elsewhere
def test_a_worker_killed_by_the_work_it_reads_is_reported_too(
    compute: Compute,
) -> None:
    """Large arrays end a worker before its first item has begun."""
    with pytest.raises(Unavailable, match="worker"):
        compute.map(_DiesOnArrival(), range(4), on_done=ignore)
    assert multiprocessing.active_children() == []


def _pids_below(_item: int) -> tuple[int, set[int]]:
    pids: set[int] = set()
    for inner in (LocalPool(3), RayCluster("local", workers=3)):
        pids.update(inner.map(_pid_after, [0.2, 0.2, 0.2], on_done=ignore))
    return os.getpid(), pids


def _pid_after(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


@elsewhere
def test_a_worker_asks_for_no_workers(compute: Compute) -> None:
    """Pools of pools would be more processes than the machine was asked for."""
    for pid, below in compute.map(_pids_below, [0, 1], on_done=ignore):
        assert below == {pid}


@pytest.fixture
def short_folder() -> Iterator[str]:
    """A folder for sockets, whose paths may not be long."""
    with tempfile.TemporaryDirectory(prefix="dokja-ray-") as folder:
        yield folder


_LONG_RUN = """
    import functools, os, pathlib, signal, sys, time
    from dokja.adapters.compute import LocalPool, RayCluster

    def work(seen, seconds):
        (seen / str(os.getpid())).touch()
        while len(list(seen.iterdir())) < 3:
            time.sleep(0.02)
        time.sleep(seconds)

    if __name__ == "__main__":
        # A shell's background job is started with the interrupt ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        folder, kind = sys.argv[1:]
        cluster = kind == "cluster"
        adapter = RayCluster("local", workers=3) if cluster else LocalPool(3)
        long_work = functools.partial(work, pathlib.Path(folder))
        adapter.map(long_work, [0, 600, 600], on_done=print)
"""


@pytest.mark.parametrize(
    ("kind", "whole_group"),
    [("processes", True), ("processes", False), ("cluster", True)],
    ids=["terminal", "kill", "terminal-cluster"],
)
def test_an_interrupt_ends_the_run_at_once_and_leaves_no_process(
    tmp_path: Path, short_folder: str, kind: str, *, whole_group: bool
) -> None:
    """A run of hours that is stopped must not go on eating the machine.

    One worker is idle by then, the others are in the middle of a task.
    """
    script = tmp_path / "long_run.py"
    script.write_text(textwrap.dedent(_LONG_RUN))
    seen = tmp_path / "workers"
    seen.mkdir()
    process = subprocess.Popen(
        [sys.executable, script, seen, kind],
        env={**os.environ, **ON_LOOPBACK, "RAY_TMPDIR": short_folder},
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
    await_end(tuple(workers))
