"""torchtitan's structured log: one JSON object a line, metrics as instants.

Source: torchtitan.observability.structured_logger (BSD-3-Clause), 2026.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from dokja.training.importers.gathering import Scalar, gathered
from dokja.training.importers.values import ImportedStep

_NAMES = {
    "loss_metrics/global_avg_loss": "loss",
    "train.loss": "loss",
    "loss": "loss",
    "lr": "lr",
    "train.lr": "lr",
    "grad_norm": "grad_norm",
    "train.grad_norm": "grad_norm",
    "n_tokens_seen": "tokens",
}


class _Line(msgspec.Struct):
    log_type_name: str | None = None
    event_name: str | None = None
    step: int | None = None
    value: float | None = None
    time_us: int | None = None
    rank: int = 0


def read_torchtitan(lines: Iterable[tuple[str, str]]) -> Iterator[ImportedStep]:
    """Steps of the first rank's metric records; other lines are passed over.

    Raises: InvalidInput where no step has a loss.
    """
    return gathered(_scalars(lines), _NAMES)


def _scalars(lines: Iterable[tuple[str, str]]) -> Iterator[Scalar]:
    decoder = msgspec.json.Decoder(_Line)
    for _, text in lines:
        try:
            line = decoder.decode(text)
        except (msgspec.DecodeError, RecursionError):
            continue
        name, value, step = line.event_name, line.value, line.step
        if line.log_type_name != "metric_value" or line.rank != 0:
            continue
        if name is not None and value is not None and step is not None:
            at = None if line.time_us is None else line.time_us / 1e6
            yield Scalar(step, name, value, at)
