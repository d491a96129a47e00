"""Threads of this process, for work that waits on files or hashes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from dokja.errors import InvalidInput

Item = TypeVar("Item")
Result = TypeVar("Result")


class LocalThreads:
    """Runs items at once in one process; implements `evidence.ports.Compute`.

    For reading and hashing, during which Python lets other threads run. Each
    numeric library keeps to one thread, as in `LocalPool`.
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
        """Results in the order of the items; `on_done` hears of each in order.

        Raises: what the work raised on the first item, in their order, that
        failed.
        """
        results: list[Result] = []
        with (
            threadpool_limits(limits=1),
            ThreadPoolExecutor(min(self._workers, max(1, len(items)))) as pool,
        ):
            try:
                for item, result in zip(items, pool.map(work, items), strict=True):
                    results.append(result)
                    on_done(item, result)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
        return tuple(results)
