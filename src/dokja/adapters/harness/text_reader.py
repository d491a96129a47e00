"""Texts read by a transformers folder on the CPU, token by token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dokja.adapters.harness.libraries import releases
from dokja.adapters.harness.transformers_model import LoadedModel, loaded_model
from dokja.benchmark.contamination.ports import TokenScores
from dokja.errors import InvalidInput

_PACKAGES = ("transformers", "torch")
_WINDOW = 2048
"""Tokens read at once where a model names no limit."""


class TransformersReader:
    """Implements `benchmark.contamination.ports.TextReader`."""

    def __init__(self, *, dtype: str) -> None:
        self._dtype = dtype

    @property
    def engine(self) -> str:
        """Versions and every parameter that changes a figure."""
        versions = releases(_PACKAGES, extra="harness")
        return f"{versions}; cpu; one thread; {self._dtype}; windows that half overlap"

    def read(self, model: str, texts: Sequence[str]) -> tuple[TokenScores, ...]:
        """Scores of every text's tokens, in order; the first is given, not asked."""
        loaded = loaded_model(model, self._dtype)
        return tuple(_scores(text, loaded) for text in texts)


def _scores(text: str, loaded: LoadedModel) -> TokenScores:
    tokens = loaded.tokenizer(text)["input_ids"]
    if len(tokens) < 2:
        raise InvalidInput(
            f"a text of {len(text)} letters is {len(tokens)} tokens",
            remedy="leave out texts that leave no token to be expected",
        )
    window = min(loaded.limit or _WINDOW, _WINDOW)
    parts, known = [], 1
    while known < len(tokens):
        # Every token has at least half a window before it, but for the first ones.
        start = max(0, min(known - window // 2, len(tokens) - window))
        stop = min(start + window, len(tokens))
        parts.append(_window(loaded.model, tokens[start:stop], known - start))
        known = stop
    rows = np.concatenate(parts, axis=1)
    return TokenScores(log_p=rows[0], mean=rows[1], deviation=rows[2])


def _window(model: Any, tokens: Sequence[int], known: int) -> np.ndarray[Any, Any]:
    """(3, T) log probability, mean and deviation of the tokens from `known` on."""
    import torch

    with torch.inference_mode():
        logits = model(torch.tensor([tokens])).logits[0, known - 1 : -1].double()
        log_p = torch.log_softmax(logits, dim=-1)
        asked = log_p.gather(1, torch.tensor(tokens[known:])[:, None])[:, 0]
        share = log_p.exp()
        mean = (share * log_p).sum(dim=-1)
        variance = (share * log_p.square()).sum(dim=-1) - mean.square()
        deviation = variance.clamp_min(0).sqrt()
        found: np.ndarray[Any, Any] = torch.stack([asked, mean, deviation]).numpy()
    if not np.isfinite(found).all():
        raise InvalidInput(
            "the model gives a token no probability",
            remedy="export the checkpoint again from a step whose weights are finite",
        )
    return found
