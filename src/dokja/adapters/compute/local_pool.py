"""The processes of this machine."""

from __future__ import annotations

import multiprocessing
import pickle  # noqa: TID251  # only the pool's own work, in its own folder
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
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


class LocalPool:
    """Runs in this process with one worker, otherwise in spawned processes.

    Work, items and results of more than one worker travel by pickle, so the
    work is a function of a module (or a partial of one) that imports its
    numeric libraries at the top. Items and results travel one by one; the work
    is written once and read once by each worker, so arrays bound to it may be
    large. In a worker of its own or of a cluster, a pool runs in that process.
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
        on_done: Callable[[Item, Result], None],
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
    on_done: Callable[[Item, Result], None],
) -> tuple[Result, ...]:
    others = set(multiprocessing.active_children())
    with TemporaryDirectory(prefix="dokja-work-") as folder:
        path = _write_work(work, Path(folder))
        pool = ProcessPoolExecutor(
            workers,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
        )
        try:
            futures = [pool.submit(_on_work_in, path, item) for item in items]
            _await_first_failure(futures, items, on_done)
            # What had begun when one failed came before the rest in the queue,
            # so the first failure in order is among it, whoever was faster.
            pool.shutdown(cancel_futures=True)
            return tuple(future.result() for future in futures)
        except BrokenProcessPool as error:
            pool.shutdown()
            raise Unavailable(
                "a worker process was killed before it answered",
                remedy="run again with fewer workers; each needs its own memory",
            ) from error
        except BaseException:
            _stop(pool, others)
            raise


def _write_work(work: Callable[[Any], Any], folder: Path) -> str:
    """Path of the work, for each worker to read once.

    Not an argument of the initializer: that goes through a pipe, to which the
    parent writes for ever if the worker is killed while it reads.
    """
    path = folder / "work"
    with path.open("wb") as file:
        pickle.dump(work, file, protocol=pickle.HIGHEST_PROTOCOL)
    return str(path)


@lru_cache(maxsize=1)
def _work_in(path: str) -> Callable[[Any], Any]:
    with Path(path).open("rb") as file:
        work: Callable[[Any], Any] = pickle.load(file)  # noqa: S301
    return work


def _await_first_failure(
    futures: Sequence[Future[Result]],
    items: Sequence[Item],
    on_done: Callable[[Item, Result], None],
) -> None:
    item_of = dict(zip(futures, items, strict=True))
    for future in as_completed(futures):
        if future.exception() is not None:
            return
        on_done(item_of[future], future.result())


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


def _begin() -> None:
    # A terminal interrupts the whole group; the parent ends the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    become_worker()


def _on_work_in(path: str, item: Any) -> Any:
    return on_one_thread(_work_in(path), item)
