"""Batches that wait for the same lock go to the disk in one transaction.

A commit waits for the disk; forty votes that wait for each other's commits wait
forty times. Each batch is still there whole or not at all, and whoever handed it
in hears of it only after the commit.
"""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from dokja.adapters.store.database import turn, writing_in_turn
from dokja.errors import DokjaError, Unavailable

Rows = Sequence[dict[str, Any]]
Add = Callable[[sa.Connection, Rows], None]


class _Batch:
    """Rows of one caller, and what became of them."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.is_settled = False
        self.error: Exception | None = None

    def settle(self, error: Exception | None = None) -> None:
        self.is_settled, self.error = True, error


_WAITING: weakref.WeakKeyDictionary[sa.Engine, deque[_Batch]] = (
    weakref.WeakKeyDictionary()
)


def add_together(engine: sa.Engine, rows: Rows, add: Add) -> None:
    """Add the rows by `add`, in one commit with whatever else waits by then.

    `add` raises a DokjaError before it writes, or writes everything.
    Raises: what `add` raises for these rows, and what the database says.
    """
    mine = _Batch(rows)
    waiting = _WAITING.setdefault(engine, deque())
    waiting.append(mine)
    try:
        with turn(engine):
            if not mine.is_settled:
                # Only who has the turn takes from the queue.
                _commit(engine, [waiting.popleft() for _ in range(len(waiting))], add)
    finally:
        if not mine.is_settled and mine in waiting:
            waiting.remove(mine)
    if mine.error is not None:
        raise mine.error


def _commit(engine: sa.Engine, batches: Sequence[_Batch], add: Add) -> None:
    refused: dict[_Batch, DokjaError] = {}
    try:
        with writing_in_turn(engine) as connection:
            for batch in batches:
                try:
                    add(connection, batch.rows)
                except DokjaError as error:
                    refused[batch] = error
    except Exception as error:  # noqa: BLE001 - each caller is told, and raises it
        if len(batches) > 1:
            # One batch may have spoilt it for the others.
            for batch in batches:
                _commit(engine, [batch], add)
            return
        batches[0].settle(error)
    except BaseException:
        for batch in batches:
            batch.settle(
                Unavailable(
                    "the writer was interrupted",
                    remedy="do it again; what is there already is left as it is",
                )
            )
        raise
    else:
        for batch in batches:
            batch.settle(refused.get(batch))
