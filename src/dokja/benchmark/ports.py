"""What an official run needs from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dokja.benchmark.values import SampleRecord, Suite


class Harness(Protocol):
    """A well-kept evaluation harness behind one call."""

    @property
    def engine(self) -> str:
        """Name, versions and every parameter that changes a score."""

    def run(self, model: str, suites: Sequence[Suite]) -> tuple[SampleRecord, ...]:
        """One record for every item of every suite, in the suites' order.

        `model` locates the weights for the adapter. Raises: Unavailable
        where the harness is not installed or cannot load the model.
        """
