"""MLflow's file store: one file a metric, lines of timestamp, value and step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dokja.training.importers.gathering import Scalar, gathered
from dokja.training.importers.values import ImportedStep
from dokja.training.importers.wandb import NAMES

_PARTS = 3


def read_mlflow(lines: Iterable[tuple[str, str]]) -> Iterator[ImportedStep]:
    """Steps of a run's metrics, named after their files.

    Raises: InvalidInput where no step has a loss.
    """
    return gathered(_scalars(lines), NAMES)


def _scalars(lines: Iterable[tuple[str, str]]) -> Iterator[Scalar]:
    for name, line in lines:
        parts = line.split()
        if len(parts) != _PARTS:
            continue
        try:
            at, value, step = int(parts[0]), float(parts[1]), int(parts[2])
        except ValueError:
            continue
        yield Scalar(step, name, value, at / 1000)
