"""What an official run needs from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dokja.benchmark.values import SampleRecord, Scoring, Suite


class Harness(Protocol):
    """A well-kept evaluation harness, or an engine, behind one call."""

    @property
    def engine(self) -> str:
        """Name, versions and every parameter that changes a score."""

    @property
    def scorings(self) -> frozenset[Scoring]:
        """What it can score."""

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """One record for every item of every suite, in the suites' order.

        `model` locates the weights for the adapter; `repeat` numbers the asking,
        and with it the draw of an engine that samples. Raises: InvalidInput
        where the model cannot be loaded, Unavailable where the harness is not
        installed or a server does not answer at all; an answer that fails alone
        is a record with its error and cause.
        """
