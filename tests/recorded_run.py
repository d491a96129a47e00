"""A tiny model really trained and recorded, and keys whose seeds everybody knows."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import torch

from dokja.recorder import Recorder
from tests.key_files import write_keys

__all__ = [
    "RUN",
    "TEAM",
    "TinyModel",
    "make",
    "record_run",
    "state",
    "train_step",
    "write_keys",
]

TEAM, RUN = "alpha", "run-1"
VOCABULARY = 37


class TinyModel(torch.nn.Module):
    """Next-token logits of one layer; buffers move by other rules than weights."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = torch.nn.Embedding(VOCABULARY, 16)
        self.head = torch.nn.Linear(16, VOCABULARY)
        self.calls: torch.Tensor
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        """(batch, length, vocabulary) logits."""
        self.calls += 1000.0
        hidden = torch.nn.functional.dropout(self.embed(ids), 0.1)
        logits: torch.Tensor = self.head(hidden)
        return logits


def make(lr: float = 3e-3) -> tuple[TinyModel, torch.optim.Optimizer]:
    """The model as its seed gives it, and its optimizer."""
    torch.manual_seed(1234)
    model = TinyModel()
    return model, torch.optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.95))


def batch(step: int) -> torch.Tensor:
    """(4, 12) token ids of a step."""
    draw = torch.Generator().manual_seed(step)
    start = torch.randint(0, VOCABULARY, (4, 1), generator=draw)
    return (start + torch.arange(12)) % VOCABULARY


def train_step(model: Any, optimizer: torch.optim.Optimizer, step: int) -> torch.Tensor:
    """The loss of one step that was taken."""
    ids = batch(step)
    logits = model(ids)[:, :-1]
    loss = torch.nn.functional.cross_entropy(
        logits.reshape(-1, VOCABULARY), ids[:, 1:].reshape(-1)
    )
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.detach()


def state(model: Any, optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """What a checkpoint holds."""
    return {"model": model.state_dict(), "optimizer": optimizer.state_dict()["state"]}


def record_run(folder: Path, key: Path, *, steps: int = 40, **given: Any) -> None:
    """Train and record; the last checkpoint stands at the last step."""
    model, optimizer = make()
    with Recorder(folder, team=TEAM, run=RUN, key=key, **given) as record:
        record.begin(model, optimizer, recipe="torch defaults", seed="1234")
        for step in range(1, steps + 1):
            record.step(step, loss=train_step(model, optimizer, step))
            if step % 20 == 0:
                record.checkpoint(step, state(model, optimizer))


def train_until_killed(folder: Path, key: Path, saved: Path) -> None:
    """Train on and on; saves at step 20 and says so on standard output."""
    model, optimizer = make()
    record = Recorder(folder, team=TEAM, run=RUN, key=key)
    record.begin(model, optimizer, recipe="torch defaults")
    for step in range(1, 1_000_000):
        record.step(step, loss=train_step(model, optimizer, step))
        if step == 20:
            record.checkpoint(step, state(model, optimizer))
            torch.save(
                {"model": model.state_dict(), "optimizer": optimizer.state_dict()},
                saved,
            )
            os.write(sys.stdout.fileno(), b"saved\n")
        time.sleep(0.002)


if __name__ == "__main__":
    torch.set_num_threads(1)
    train_until_killed(*map(Path, sys.argv[1:4]))
