"""What a probe of a release needs of whatever runs a format."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class NextTokens(Protocol):
    """A model that is open and says what it expects next.

    A place is what follows the first 1, 2, … tokens of a sequence, up to all of them.
    """

    @property
    def engine(self) -> str:
        """Releases and every parameter that changes a figure."""

    @property
    def vocabulary(self) -> int:
        """Tokens it knows, numbered from zero."""

    def likeliest(
        self, sequence: Sequence[int], count: int
    ) -> tuple[tuple[int, ...], ...]:
        """At every place, the tokens that it finds likeliest, likeliest first.

        Raises: Unavailable where it does not answer.
        """

    def worth(
        self, sequence: Sequence[int], asked: Sequence[Sequence[int]]
    ) -> tuple[tuple[float, ...], ...]:
        """At every place, the log-probability of each token asked about there.

        Raises: Unavailable where it does not answer, or not with numbers.
        """
