"""Weights & Biases: a run's history, exported as one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeGuard

import msgspec

from dokja.training.importers.gathering import Scalar, gathered
from dokja.training.importers.values import ImportedStep

NAMES = {
    "loss": "loss",
    "train/loss": "loss",
    "train_loss": "loss",
    "lr": "lr",
    "learning_rate": "lr",
    "train/lr": "lr",
    "train/learning_rate": "lr",
    "grad_norm": "grad_norm",
    "train/grad_norm": "grad_norm",
    "tokens": "tokens",
    "train/tokens": "tokens",
    "train/num_input_tokens_seen": "tokens",
}


def read_wandb(lines: Iterable[tuple[str, str]]) -> Iterator[ImportedStep]:
    """Steps by `_step`, or by `train/global_step` where the history has it.

    Raises: InvalidInput where no step has a loss.
    """
    return gathered(_scalars(lines), NAMES)


def _scalars(lines: Iterable[tuple[str, str]]) -> Iterator[Scalar]:
    for _, text in lines:
        try:
            row: Any = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError):
            continue
        if not isinstance(row, dict):
            continue
        step = row.get("train/global_step", row.get("_step"))
        at = row.get("_timestamp")
        if not _is_number(step):
            continue
        for name, value in row.items():
            if _is_number(value):
                moment = float(at) if _is_number(at) else None
                yield Scalar(int(step), name, float(value), moment)


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
