"""A tiny run recorded with its materials: for checks that read what a team kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import numpy as safetensors_numpy

from dokja.adapters.records import MaterialsFolder, RecordFolder
from dokja.evidence.canonical import digest_bytes
from dokja.recorder import Recorder
from dokja.training import Audit, Trusted
from dokja.training.checks.case import Case
from dokja.training.commitments import Excerpt
from dokja.training.kept_state import HeldState, KeptState
from dokja.training.reading import read_record
from dokja.training.values import DataShard
from tests.recorded_run import RUN, TEAM, batch, make, state, train_step, write_keys

STEPS, EVERY = 40, 10
ROWS, LENGTH = 4, 12

Interfere = Callable[[int, Any, torch.optim.Optimizer], None]
"""Called after each step with its number; may do what no training does."""


@dataclass(frozen=True)
class AuditedRun:
    """Where record and materials lie, and what was published."""

    folder: Path
    released: dict[str, np.ndarray[Any, Any]] = field(default_factory=dict)
    """The last weights, as they were trained."""

    @property
    def materials(self) -> Path:
        """What the team opens."""
        return self.folder / "materials"

    def case(self, release: KeptState | None = None) -> Case:
        """The record under examination, with its materials."""
        source = RecordFolder(self.folder / "record")
        audit = Audit(materials=MaterialsFolder(self.materials), release=release)
        return Case(read_record(source), source, Trusted(), audit)

    def published(self, **change: np.ndarray[Any, Any]) -> HeldState:
        """The last weights with changes by name, dots written as underscores."""
        renamed = {name.replace(".", "_"): name for name in self.released}
        changed = {renamed.get(name, name): value for name, value in change.items()}
        return HeldState({**self.released, **changed})


def places(step: int) -> list[Excerpt]:
    """Where the batch of a step is read from: a document for each of its rows."""
    return [("text", (step - 1) * ROWS + row, 0, LENGTH) for row in range(ROWS)]


def write_shard(folder: Path, *, steps: int = STEPS) -> DataShard:
    """The shard that holds the batch of every step, one row a document."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    tokens = torch.cat([batch(step).reshape(-1) for step in range(1, steps + 1)])
    path = folder / "data" / "text.safetensors"
    starts = np.arange(0, len(tokens), LENGTH, dtype=np.int64)
    whole: dict[str, Any] = {"tokens": tokens.numpy(), "documents": starts}
    safetensors_numpy.save_file(whole, path)
    return DataShard(
        name="text",
        digest=digest_bytes(path.read_bytes()),
        bytes=path.stat().st_size,
        tokens=len(tokens),
        licence="CC0-1.0",
        source="counted up",
    )


def audited_run(
    folder: Path,
    *,
    lr: float = 3e-3,
    interfere: Interfere | None = None,
    shard: DataShard | None = None,
) -> AuditedRun:
    """Train, record and keep everything; the last checkpoint is the end."""
    key, _ = write_keys(folder, "team")
    declared = write_shard(folder / "materials")
    torch.manual_seed(7)
    model, optimizer = make(lr=lr)
    with Recorder(folder / "record", team=TEAM, run=RUN, key=key) as record:
        record.keep_materials(folder / "materials")
        record.begin(model, optimizer, recipe="torch defaults", seed="1234")
        record.data([shard or declared], sampler="in order")
        for step in range(1, STEPS + 1):
            loss = train_step(model, optimizer, step)
            norms = [p.grad.norm() for p in model.parameters() if p.grad is not None]
            norm = torch.stack(norms).norm()
            record.step(step, loss=loss, batch=places(step), extra={"grad_norm": norm})
            if interfere is not None:
                interfere(step, model, optimizer)
            if step % EVERY == 0:
                record.checkpoint(step, state(model, optimizer))
    released = {n: p.detach().numpy().copy() for n, p in model.named_parameters()}
    return AuditedRun(folder, released)
