"""Work in this process, and whether this process works for another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

Item = TypeVar("Item")
Result = TypeVar("Result")

_WORKS_FOR_ANOTHER = threading.Event()


def in_order(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    on_done: Callable[[Item, Result], None],
) -> tuple[Result, ...]:
    """Results of one item after the other, each on one BLAS thread."""
    results: list[Result] = []
    for item in items:
        results.append(on_one_thread(work, item))
        on_done(item, results[-1])
    return tuple(results)


def on_one_thread(work: Callable[[Item], Result], item: Item) -> Result:
    """The result; sums of several threads differ in the last bit from one's."""
    with threadpool_limits(limits=1):
        return work(item)


def become_worker() -> None:
    """From now on this process has one core, lent to it by another process."""
    _WORKS_FOR_ANOTHER.set()


def is_worker() -> bool:
    """Whether work that asks for more workers must do without.

    The one that lent the core has put the others to work already; workers of
    workers would be more processes than the machine was asked for.
    """
    return _WORKS_FOR_ANOTHER.is_set()
