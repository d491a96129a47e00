"""The processes of this machine."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from dokja.adapters.compute.in_process import (
    become_worker,
    in_order,
    is_worker,
    on_one_thread,
)
from dokja.errors import InvalidInput, Unavailable

Item = TypeVar("Item")
Result = TypeVar("Result")

_HELD: list[Callable[[Any], Any]] = []
"""In a worker process: the work it was started with."""


class LocalPool:
    """Runs in this process with one worker, otherwise in spawned processes.

    Work, items and results of more than one worker travel by pickle, so the
    work is a function of a module (or a partial of one) that imports its
    numeric libraries at the top. Items and results travel one by one; the work
    travels once to each worker, so arrays bound to it may be large. In a worker
    of its own or of a cluster, a pool runs in that process.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise InvalidInput(
                f"{workers} workers can do no work", remedy="give 1 worker or more"
            )
        self._workers = workers

    def map(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        on_done: Callable[[Item], None],
    ) -> tuple[Result, ...]:
        """Results in the order of the items; `on_done` hears of each as it ends.

        Raises: what the work raised on the first item, in their order, that
        failed; Unavailable where a worker died.
        """
        workers = min(self._workers, len(items))
        if workers > 1 and not is_worker():
            return _over_processes(work, items, workers=workers, on_done=on_done)
        return in_order(work, items, on_done=on_done)


def _over_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    workers: int,
    on_done: Callable[[Item], None],
) -> tuple[Result, ...]:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_hold,
        initargs=(work,),
    )
    try:
        futures = _submitted(pool, items)
        _await_first_failure(futures, items, on_done)
        # What had begun when one failed came before the rest in the queue, so
        # the first failure in order is among it, whoever was faster.
        pool.shutdown(cancel_futures=True)
        return tuple(future.result() for future in futures)
    except BrokenProcessPool as error:
        _stop(pool, others)
        raise Unavailable(
            "a worker process was killed before it answered",
            remedy="run again with fewer workers; each needs its own memory",
        ) from error
    except BaseException:
        _stop(pool, others)
        raise


def _submitted(pool: ProcessPoolExecutor, items: Sequence[Item]) -> list[Future[Any]]:
    """Futures of the items; the first few calls start the workers.

    Raises: BrokenProcessPool where a worker died before it had read the work.
    """
    try:
        return [pool.submit(_on_held_work, item) for item in items]
    except BrokenPipeError as error:
        raise BrokenProcessPool("a worker did not start") from error


def _await_first_failure(
    futures: Sequence[Future[Result]],
    items: Sequence[Item],
    on_done: Callable[[Item], None],
) -> None:
    item_of = dict(zip(futures, items, strict=True))
    for future in as_completed(futures):
        if future.exception() is not None:
            return
        on_done(item_of[future])


def _stop(
    pool: ProcessPoolExecutor, others: set[multiprocessing.process.BaseProcess]
) -> None:
    """End the workers of `pool` now, whatever they are at."""
    pool.shutdown(wait=False, cancel_futures=True)
    workers = set(multiprocessing.active_children()) - others
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join()


def _hold(work: Callable[[Any], Any]) -> None:
    # A terminal interrupts the whole group; the parent ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    become_worker()
    _HELD.append(work)


def _on_held_work(item: Any) -> Any:
    return on_one_thread(_HELD[0], item)
