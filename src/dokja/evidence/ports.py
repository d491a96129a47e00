"""What the record needs from the outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from dokja.evidence.values import Act

Item = TypeVar("Item")
Result = TypeVar("Result")


class ActLog(Protocol):
    """The append-only record. Order of appending is order of reading."""

    def append(self, acts: Sequence[Act]) -> None:
        """Add the acts in one transaction, all or none.

        An act that is already there with the same body is left as it is.
        Raises: Conflict where the name is taken by another body.
        """

    def acts(self, programme: str, stage: str) -> tuple[Act, ...]:
        """Every act of the stage, in the order in which it was appended."""


class ActIndex(Protocol):
    """Finds acts of the record by name, without reading the rest of it."""

    def find(
        self, programme: str, stage: str, kind: str, subjects: Sequence[str]
    ) -> tuple[Act, ...]:
        """The acts of these names that are there, in the order of appending."""

    def tally(self, programme: str, stage: str) -> dict[str, int]:
        """How many acts of each kind the stage has."""


class Compute(Protocol):
    """Runs one function over many items, on however many workers."""

    def map(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        on_done: Callable[[Item, Result], None],
    ) -> tuple[Result, ...]:
        """Results in the order of the items, whatever the workers did first.

        `on_done` hears of each item with its result, in this process.
        """


class InOrder:
    """Runs one item after the other where it is; implements `Compute`."""

    def map(
        self,
        work: Callable[[Item], Result],
        items: Sequence[Item],
        *,
        on_done: Callable[[Item, Result], None],
    ) -> tuple[Result, ...]:
        """Results in the order of the items."""
        results: list[Result] = []
        for item in items:
            results.append(work(item))
            on_done(item, results[-1])
        return tuple(results)
