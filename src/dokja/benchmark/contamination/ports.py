"""What tests that read texts with a model need from the outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from dokja.statistics.clustered import Scores


@dataclass(frozen=True, eq=False)
class TokenScores:
    """How likely a model finds each token of a text after those before it."""

    log_p: Scores
    """(T,) in nats."""
    mean: Scores
    """(T,) mean of the log probability under the model's own distribution there."""
    deviation: Scores


class TextReader(Protocol):
    """Reads texts with a model and says what it expected."""

    @property
    def engine(self) -> str:
        """Versions and every parameter that changes a figure."""

    def read(self, model: str, texts: Sequence[str]) -> tuple[TokenScores, ...]:
        """Scores of every text's tokens, in order.

        Raises: InvalidInput where the model cannot be loaded, or gives a text
        no token to be expected.
        """
