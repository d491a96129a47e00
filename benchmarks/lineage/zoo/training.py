"""Training a model on one thread."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from recipes import Training
from subjects import Batch
from torch.nn.utils import parametrize
from transformers import PreTrainedModel

WARMUP = 20
BETAS = (0.9, 0.95)
DECAY = 0.1
CLIP = 1.0


class Lesson(Protocol):
    """What training needs of a subject."""

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The mean loss of a batch."""

    def size(self, mix: str) -> int:
        """Tokens, patches or frames of one epoch."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What one stretch of training did; `tokens` are patches or frames elsewhere."""

    steps: int
    tokens: int
    epochs: float
    last_loss: float
    mix: str


def rate_at(step: int, training: Training) -> float:
    """The learning rate of a step: linear warm-up, then a cosine down to a tenth."""
    warmup = min(WARMUP, training.steps // 5 + 1)
    if step < warmup:
        return training.rate * (step + 1) / warmup
    done = (step - warmup) / max(1, training.steps - warmup)
    return training.rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


def train(model: PreTrainedModel, lesson: Lesson, training: Training) -> Stretch:
    """What was trained; changes the model's weights in place.

    Raises:
        AssertionError: A tensor that was to stay as it is has changed.
    """
    learning = {name for name, w in model.named_parameters() if w.requires_grad}
    if training.low_rank:
        _add_low_rank(model, training.low_rank, training.order)
    kept = [w for n, w in model.named_parameters() if n.startswith(training.frozen)]
    before = [weight.detach().clone() for weight in kept]
    for weight in kept:
        weight.requires_grad_(requires_grad=False)
    losses = _steps(model, lesson, training)
    model.eval()
    if training.low_rank:
        _merge_low_rank(model)
    assert all(torch.equal(w, old) for w, old in zip(kept, before, strict=True))
    for name, weight in model.named_parameters():
        weight.requires_grad_(name in learning)
    tokens = training.steps * training.rows * training.window
    return Stretch(
        steps=training.steps,
        tokens=tokens,
        epochs=round(tokens / lesson.size(training.mix), 3),
        last_loss=round(float(np.mean(losses[-10:])), 4),
        mix=training.mix,
    )


def _steps(model: PreTrainedModel, lesson: Lesson, training: Training) -> list[float]:
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        weights, lr=0.0, betas=BETAS, weight_decay=DECAY, fused=True
    )
    batches = lesson.batches(training)
    model.train()
    losses = []
    for step in range(training.steps):
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, training)
        loss = lesson.loss(model, next(batches))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, CLIP)
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


class _LowRank(torch.nn.Module):
    """A matrix plus a trained product of two thin ones (Hu et al. 2021)."""

    def __init__(self, weight: torch.Tensor, rank: int, draws: torch.Generator) -> None:
        super().__init__()
        rows, columns = weight.shape
        down = torch.randn(rank, columns, generator=draws) / columns**0.5
        self.down = torch.nn.Parameter(down)
        self.up = torch.nn.Parameter(torch.zeros(rows, rank))

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """The matrix with the product added."""
        return weight + self.up @ self.down


def _linears(model: PreTrainedModel) -> list[torch.nn.Linear]:
    return [
        module
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) and "lm_head" not in name
    ]


def _add_low_rank(model: PreTrainedModel, rank: int, seed: int) -> None:
    model.requires_grad_(requires_grad=False)
    draws = torch.Generator().manual_seed(seed)
    for linear in _linears(model):
        extra = _LowRank(linear.weight, rank, draws)
        parametrize.register_parametrization(linear, "weight", extra)


def _merge_low_rank(model: PreTrainedModel) -> None:
    for linear in _linears(model):
        parametrize.remove_parametrizations(linear, "weight")
