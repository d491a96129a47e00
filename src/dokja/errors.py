"""What can go wrong in a way Dokja foresees: a check that could not be made.

A verdict that is unwelcome is a value, never one of these. No kind knows
exit codes, HTTP or logging: each door maps kinds to its own codes.
"""

from __future__ import annotations

from functools import partial
from typing import Any


class DokjaError(Exception):
    """A foreseen failure: the fact, and the next step for the reader."""

    def __init__(self, fact: str, *, remedy: str, korean: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.remedy = remedy
        self.korean = korean
        """Fact and next step in Korean, where the public may meet it."""

    def __str__(self) -> str:
        return f"{self.fact}\n  remedy: {self.remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Way back from a worker process: pickle alone would lose the keyword."""
        return partial(type(self), remedy=self.remedy, korean=self.korean), (self.fact,)


class InvalidInput(DokjaError):
    """What was handed in does not say what it must, or not in a safe form."""


class NotAllowed(DokjaError):
    """The rules in force forbid the act."""


class Conflict(DokjaError):
    """The record already holds something that contradicts the act."""


class Unavailable(DokjaError):
    """Something the act needs is not there: a file, a server, an extra."""
