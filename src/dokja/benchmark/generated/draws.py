"""Whole-number draws bound to a suite, equal on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from dokja.evidence.seeds import seed_for, uniform_draws

T = TypeVar("T")

_BLOCK = 1024


class Draws:
    """One stream of draws, named by the suite, the purpose and a beacon."""

    def __init__(self, suite: str, subject: str, beacon: str = "") -> None:
        self._suite, self._subject, self._beacon = suite, subject, beacon
        self._blocks = 0
        self._units: list[float] = []

    def below(self, limit: int) -> int:
        """A whole number from 0 to `limit` - 1."""
        if not self._units:
            subject = f"{self._subject}\x1e{self._blocks}"
            seed = seed_for(self._suite, subject, self._beacon)
            self._units = uniform_draws(seed, _BLOCK).tolist()
            self._blocks += 1
        return int(self._units.pop() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, values: Sequence[T]) -> T:
        """One of the values."""
        return values[self.below(len(values))]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """The values in a drawn order (Fisher and Yates)."""
        order = list(values)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """So many different values, in a drawn order."""
        return self.shuffled(values)[:count]
