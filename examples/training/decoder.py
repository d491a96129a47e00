"""Trains one small text decoder from its seed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from program.steps import initialise, new_decoder, new_optimiser, take_step
from recipes import Optimiser, Recipe
from recording import Seen
from text import (
    Rows,
    Tokens,
    divided,
    documents,
    shares,
    tokenise,
    train_tokenizer,
)
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

LOG_EVERY = 10
APART = 160
"""Rows of the mix that are never learned from, so that an auditor can compare."""
PROSE = ("help-ko", "help-en", "python-en")


@dataclass(frozen=True)
class Material:
    """What a decoder learns from: its tokenizer and its tokens by source."""

    tokenizer: PreTrainedTokenizerFast
    tokens: dict[str, Tokens]
    held_out: dict[str, Tokens] = field(default_factory=dict)
    """Of the same sources, where the team kept some for an auditor."""


@dataclass(frozen=True)
class Step:
    """One finished training step."""

    number: int
    loss: float
    tokens: int


def read_material(recipe: Recipe) -> Material:
    """The tokenizer trained on the recipe's mix and the mix in its tokens."""
    tokenizer = train_tokenizer(recipe.mix, recipe.shape.vocabulary)
    tokens = {s: tokenise(tokenizer, documents(s, "train")) for s in recipe.mix}
    if not recipe.tokens_per_source:
        return Material(tokenizer, tokens)
    most, row = recipe.tokens_per_source, recipe.shape.window + 1
    parts = {}
    for source, share in shares(recipe.mix).items():
        apart = math.ceil(APART * share)
        parts[source] = divided(tokens[source], most, apart, row=row)
    return Material(
        tokenizer,
        {source: learned for source, (learned, _) in parts.items()},
        {source: apart for source, (_, apart) in parts.items()},
    )


def configuration(recipe: Recipe, optimiser: Optimiser) -> dict:
    """What the team's program is told: sizes, seed and the rule of its steps."""
    shape = recipe.shape
    return {
        "vocabulary": shape.vocabulary,
        "hidden_size": shape.hidden_size,
        "intermediate_size": shape.intermediate_size,
        "layers": recipe.layers,
        "heads": shape.heads,
        "positions": shape.positions,
        "window": shape.window,
        "seed": recipe.seed,
        "optimiser": optimiser.name,
        "betas": list(optimiser.betas),
        "weight_decay": optimiser.weight_decay,
        "clip": optimiser.clip,
    }


class Training:
    """A decoder, its optimiser and its data, from the seed on."""

    def __init__(
        self, material: Material, recipe: Recipe, optimiser: Optimiser
    ) -> None:
        self.settings = configuration(recipe, optimiser)
        self.model = new_decoder(self.settings)
        initialise(self.model, recipe.seed)
        self.optimiser = new_optimiser(self.model, self.settings)
        self._recipe, self._schedule = recipe, optimiser
        window = recipe.shape.window
        self._rows = Rows(
            material.tokens,
            recipe.mix,
            window,
            recipe.seed,
            parts=recipe.parts,
            even=recipe.even,
        )

    def steps(self) -> Iterator[Seen]:
        """Each step once it was taken; the caller decides when to stop."""
        self.model.train()
        for number in range(self._recipe.steps):
            part = number * self._recipe.parts // self._recipe.steps
            batch = self._rows.next_batch(self._recipe.batch, part)
            rate = learning_rate(number, self._recipe, self._schedule)
            loss, norm = take_step(
                self.model,
                self.optimiser,
                torch.from_numpy(batch.rows),
                rate=rate,
                clip=self.settings["clip"],
            )
            done = number + 1
            yield Seen(done, loss, done * batch.rows.size, rate, batch.excerpts, norm)


def learning_rate(step: int, recipe: Recipe, optimiser: Optimiser) -> float:
    """The learning rate of a step: linear warm-up, then a cosine down to a tenth."""
    warmup = recipe.warmup or optimiser.warmup
    if step < warmup:
        return recipe.learning_rate * (step + 1) / warmup
    done = (step - warmup) / max(1, recipe.steps - warmup)
    return recipe.learning_rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


@torch.no_grad()
def held_out_loss(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, window: int
) -> dict:
    """The loss on the held-out prose, in nats a token and in bits a byte."""
    model.eval()
    nats, count, size = 0.0, 0, 0
    for source in PROSE:
        texts = documents(source, "held_out")[:40]
        ids = tokenise(tokenizer, texts).ids
        whole = (len(ids) - 1) // window
        inputs = torch.from_numpy(ids[: whole * window]).view(whole, window)
        targets = torch.from_numpy(ids[1 : whole * window + 1]).view(whole, window)
        for start in range(0, whole, 32):
            logits = model(inputs[start : start + 32]).logits.flatten(0, 1)
            wanted = targets[start : start + 32].flatten()
            nats += float(
                torch.nn.functional.cross_entropy(logits, wanted, reduction="sum")
            )
        count += whole * window
        # A byte count of the scored part alone, so that the last, unscored row does not flatter.
        size += round(
            sum(len(t.encode()) + 1 for t in texts) * whole * window / len(ids)
        )
    return {
        "loss": round(nats / count, 4),
        "bits_per_byte": round(nats / math.log(2) / size, 4),
        "tokens": count,
    }


def write_loss(path: Path, steps: list[Step], held_out: dict) -> None:
    """Nothing; writes every tenth step and then the held-out loss, one JSON object a line."""
    rows: list[dict] = [
        {"step": step.number, "loss": round(step.loss, 6), "tokens": step.tokens}
        for step in steps
        if step.number % LOG_EVERY == 0 or step.number == 1
    ]
    rows.append({"step": steps[-1].number, "held_out": held_out})
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def save_decoder(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, folder: Path
) -> None:
    """Nothing; writes the decoder in BF16 with its tokenizer beside it."""
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
