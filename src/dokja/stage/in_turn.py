"""Results go on record as they come, and yet in one order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Result = TypeVar("Result")


class InTurn(Generic[Result]):
    """Hands results on in the order of their names, each as soon as it is its turn.

    What is on record when a run is killed need not be measured again, and the
    record is the same whoever of the workers was faster.
    """

    def __init__(self, names: Sequence[str], hand_on: Callable[[Result], None]) -> None:
        self._names = list(names)
        self._hand_on = hand_on
        self._waiting: dict[str, Result] = {}

    def put(self, name: str, result: Result) -> None:
        """Takes the result of a name, and hands on all whose turn it is."""
        self._waiting[name] = result
        while self._names and self._names[0] in self._waiting:
            self._hand_on(self._waiting.pop(self._names.pop(0)))
