"""What a model expects next, place by place: read off its logits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dokja.adapters.harness.libraries import releases
from dokja.adapters.harness.llama_cpp import FAINTEST
from dokja.adapters.harness.transformers_model import opened_model
from dokja.errors import Unavailable

Logits = npt.NDArray[np.float32]
_PACKAGES = ("transformers", "torch")


class LogitTokens:
    """Implements `commitment.ports.NextTokens` over whatever gives whole logits."""

    def __init__(self, logits: Callable[[Sequence[int]], Logits], engine: str) -> None:
        """`logits` gives (places, vocabulary) for a sequence."""
        self._logits = logits
        self.engine = engine
        self.vocabulary = int(logits([0]).shape[1])

    def likeliest(
        self, sequence: Sequence[int], count: int
    ) -> tuple[tuple[int, ...], ...]:
        """At every place, the likeliest tokens; of equals the lower number first."""
        order = np.argsort(-self._read(sequence), axis=1, kind="stable")[:, :count]
        return tuple(tuple(int(token) for token in place) for place in order)

    def worth(
        self, sequence: Sequence[int], asked: Sequence[Sequence[int]]
    ) -> tuple[tuple[float, ...], ...]:
        """At every place, log-probabilities, none below what llama.cpp can tell."""
        rows = self._read(sequence)
        peaks = rows.max(axis=1)
        totals = peaks + np.log(np.exp(rows - peaks[:, None]).sum(axis=1))
        return tuple(
            tuple(
                max(float(rows[place, token] - totals[place]), FAINTEST)
                for token in tokens
            )
            for place, tokens in enumerate(asked)
        )

    def _read(self, sequence: Sequence[int]) -> npt.NDArray[np.float64]:
        rows = np.asarray(self._logits(sequence), dtype=np.float64)
        if rows.shape != (len(sequence), self.vocabulary):
            raise Unavailable(
                f"the model gives {rows.shape} logits for {len(sequence)} tokens",
                remedy="export it so that it gives logits for every token",
            )
        # Minus infinity is how padding beyond the tokenizer is kept from being said.
        if np.isnan(rows).any() or not np.isfinite(rows.max(axis=1)).all():
            raise Unavailable(
                "the model gives a token no probability",
                remedy="export it again from weights that are finite",
            )
        return rows


def transformers_tokens(folder: str) -> LogitTokens:
    """The safetensors of a folder, run by transformers in 32-bit floats.

    Raises: Unavailable without the extra; InvalidInput where the folder does not open.
    """
    engine = f"{releases(_PACKAGES, extra='harness')}; cpu; one thread; float32"
    model = opened_model(folder, "float32")

    def logits(sequence: Sequence[int]) -> Logits:
        import torch

        with torch.inference_mode():
            found: Any = model(torch.tensor([list(sequence)])).logits[0]
            rows: Logits = found.float().numpy()
        return rows

    return LogitTokens(logits, engine)
