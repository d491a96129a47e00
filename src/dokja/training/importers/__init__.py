"""Logs that other tools kept, read after the fact: evidence of tier E1 at the most."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from dokja.training.importers.megatron import read_megatron
from dokja.training.importers.mlflow import read_mlflow
from dokja.training.importers.torchtitan import read_torchtitan
from dokja.training.importers.values import ImportedStep
from dokja.training.importers.wandb import read_wandb

Lines = Iterable[tuple[str, str]]
"""Name of the file a line is from, and the line."""

IMPORTERS: Mapping[str, Callable[[Lines], Iterator[ImportedStep]]] = {
    "megatron": read_megatron,
    "mlflow": read_mlflow,
    "torchtitan": read_torchtitan,
    "wandb": read_wandb,
}
"""Name of a format to its reader; each yields steps in rising order."""

__all__ = ["IMPORTERS", "ImportedStep", "Lines"]
