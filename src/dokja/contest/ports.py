"""What a contest needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dokja.evidence.values import Act


class VoteLog(Protocol):
    """The record as a contest uses it: one act at a time, found by its subject."""

    def append(self, act: Act) -> None:
        """Adds one act, whole or not at all.

        An act that is already there with the same body is left as it is, so a
        request that is sent again does no harm. Raises: Conflict where the name
        (programme, stage, kind, subject) is taken by another body.
        """

    def named(self, programme: str, stage: str, subject: str) -> tuple[Act, ...]:
        """Acts of exactly this subject, in the order of appending."""

    def under(self, programme: str, stage: str, prefix: str) -> tuple[Act, ...]:
        """Acts whose subject starts with `prefix`, in the order of appending."""

    def count(self, programme: str, stage: str, kind: str, prefix: str) -> int:
        """How many acts of this kind `under` would find."""


class TurnoutLog(Protocol):
    """Counts of a contest's acts, made where they lie, so that no page reads them."""

    def by_day(
        self, programme: str, stage: str, kind: str, prefix: str
    ) -> Mapping[str, int]:
        """How many acts of this kind each day has, by the date of the acts."""

    def owners(
        self, programme: str, stage: str, kind: str, prefix: str, width: int
    ) -> int:
        """How many different subjects there are when cut to `width` characters."""

    def of_kind(
        self, programme: str, stage: str, kind: str, prefix: str
    ) -> tuple[Act, ...]:
        """Acts of this kind whose subject starts with `prefix`, in their order."""
