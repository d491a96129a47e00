"""Training a text model on one thread, and the loss on text it has not seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from corpus import MASK, Material, batches
from recipes import Training
from torch.nn.utils import parametrize
from transformers import PreTrainedModel

WARMUP = 20
BETAS = (0.9, 0.95)
DECAY = 0.1
CLIP = 1.0
MASKED = 0.15
TEMPERATURE = 2.0


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """What one stretch of training did: its tokens, epochs and the last loss."""

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


def train(
    model: PreTrainedModel,
    material: Material,
    training: Training,
    teacher: PreTrainedModel | None = None,
) -> Stretch:
    """What was trained; changes the model's weights in place."""
    ids = material.train[training.mix]
    if training.low_rank:
        _add_low_rank(model, training.low_rank, training.order)
    kept = [w for n, w in model.named_parameters() if n.startswith(training.frozen)]
    before = [weight.detach().clone() for weight in kept]
    for weight in kept:
        weight.requires_grad_(requires_grad=False)
    weights = [w for w in model.parameters() if w.requires_grad]
    optimiser = torch.optim.AdamW(
        weights, lr=0.0, betas=BETAS, weight_decay=DECAY, fused=True
    )
    rows = batches(ids, training.rows, training.window, training.order)
    # What a masked model must guess is drawn from the order too.
    draws = torch.Generator().manual_seed(training.order)
    model.train()
    losses = []
    for step in range(training.steps):
        batch = torch.from_numpy(next(rows))
        for group in optimiser.param_groups:
            group["lr"] = rate_at(step, training)
        loss = _loss(model, batch, material, training, teacher, draws)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, CLIP)
        optimiser.step()
        losses.append(float(loss.detach()))
    model.eval()
    if training.low_rank:
        _merge_low_rank(model)
    assert all(torch.equal(w, old) for w, old in zip(kept, before, strict=True))
    tokens = training.steps * training.rows * training.window
    return Stretch(
        steps=training.steps,
        tokens=tokens,
        epochs=round(tokens / len(ids), 3),
        last_loss=round(float(np.mean(losses[-10:])), 4),
        mix=training.mix,
    )


def _loss(
    model: PreTrainedModel,
    batch: torch.Tensor,
    material: Material,
    training: Training,
    teacher: PreTrainedModel | None,
    draws: torch.Generator,
) -> torch.Tensor:
    if training.objective == "masked":
        mask = int(material.tokenizer.convert_tokens_to_ids(MASK))
        return masked_loss(model, batch[:, :-1], mask, draws)
    logits = model(batch[:, :-1], use_cache=False).logits.flatten(0, 1)
    if teacher is None:
        return torch.nn.functional.cross_entropy(logits, batch[:, 1:].flatten())
    with torch.no_grad():
        wanted = teacher(batch[:, :-1], use_cache=False).logits.flatten(0, 1)
    # Hinton, Vinyals, Dean 2015: soft targets, rescaled by the squared temperature.
    return TEMPERATURE**2 * torch.nn.functional.kl_div(
        torch.log_softmax(logits / TEMPERATURE, dim=-1),
        torch.log_softmax(wanted / TEMPERATURE, dim=-1),
        reduction="batchmean",
        log_target=True,
    )


def masked_loss(
    model: PreTrainedModel, ids: torch.Tensor, mask: int, draws: torch.Generator
) -> torch.Tensor:
    """The mean loss in nats over a drawn 15 % of the tokens, all of them hidden."""
    hidden = torch.rand(ids.shape, generator=draws) < MASKED
    logits = model(ids.masked_fill(hidden, mask)).logits
    return torch.nn.functional.cross_entropy(logits[hidden], ids[hidden])


@torch.no_grad()
def held_out_loss(
    model: PreTrainedModel, material: Material, *, masked: bool = False
) -> float:
    """The loss on held-out prose in nats a token, or a masked token."""
    model.eval()
    window = 128
    count = (len(material.held_out) - 1) // window
    inputs = torch.from_numpy(material.held_out[: count * window]).view(count, -1)
    wanted = torch.from_numpy(material.held_out[1 : count * window + 1])
    if masked:
        mask = int(material.tokenizer.convert_tokens_to_ids(MASK))
        draws = torch.Generator().manual_seed(0)
        return round(float(masked_loss(model, inputs, mask, draws)), 4)
    nats = 0.0
    for start in range(0, count, 32):
        logits = model(inputs[start : start + 32], use_cache=False).logits
        targets = wanted[start * window : (start + 32) * window]
        nats += float(
            torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), targets, reduction="sum"
            )
        )
    return round(nats / (count * window), 4)


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
    model.requires_grad_(False)
    draws = torch.Generator().manual_seed(seed)
    for linear in _linears(model):
        extra = _LowRank(linear.weight, rank, draws)
        parametrize.register_parametrization(linear, "weight", extra)


def _merge_low_rank(model: PreTrainedModel) -> None:
    for linear in _linears(model):
        parametrize.remove_parametrizations(linear, "weight")
    model.requires_grad_(True)
