"""Trains one small text decoder from its seed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from recipes import Optimiser, Recipe, Recipes, Shape
from text import Rows, Tokens, documents, tokenise, train_tokenizer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

LOG_EVERY = 10
PROSE = ("help-ko", "help-en", "python-en")


@dataclass(frozen=True)
class Material:
    """What a decoder learns from: its tokenizer and its tokens by source."""

    tokenizer: PreTrainedTokenizerFast
    tokens: dict[str, Tokens]


@dataclass(frozen=True)
class Step:
    """One finished training step."""

    number: int
    loss: float
    tokens: int


def read_material(recipe: Recipe, shape: Shape) -> Material:
    """The tokenizer trained on the recipe's mix and the mix in its tokens."""
    tokenizer = train_tokenizer(recipe.mix, shape.vocabulary)
    return Material(
        tokenizer, {s: tokenise(tokenizer, documents(s, "train")) for s in recipe.mix}
    )


def new_decoder(recipe: Recipe, shape: Shape) -> LlamaForCausalLM:
    """A decoder whose every weight comes from the recipe's seed."""
    config = LlamaConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden_size,
        intermediate_size=shape.intermediate_size,
        num_hidden_layers=recipe.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.heads,
        max_position_embeddings=shape.positions,
        tie_word_embeddings=True,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
    )
    model = LlamaForCausalLM(config)
    initialise(model, recipe.seed)
    return model


def initialise(model: torch.nn.Module, seed: int) -> None:
    """Nothing; draws matrices from N(0, 0.02²), sets gains to one and biases to zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            if weight.ndim >= 2:
                weight.normal_(0.0, 0.02, generator=generator)
            else:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)


def learning_rate(step: int, recipe: Recipe, optimiser: Optimiser) -> float:
    """The learning rate of a step: linear warm-up, then a cosine down to a tenth."""
    if step < optimiser.warmup:
        return recipe.learning_rate * (step + 1) / optimiser.warmup
    done = (step - optimiser.warmup) / max(1, recipe.steps - optimiser.warmup)
    return recipe.learning_rate * (0.1 + 0.45 * (1 + math.cos(math.pi * done)))


def train_steps(
    model: LlamaForCausalLM, material: Material, recipe: Recipe, recipes: Recipes
) -> Iterator[Step]:
    """Each training step once it is done; the caller decides when to stop."""
    settings, window = recipes.optimiser, recipes.shape.window
    optimiser = torch.optim.AdamW(
        model.parameters(),
        lr=0.0,
        betas=settings.betas,
        weight_decay=settings.weight_decay,
    )
    rows = Rows(material.tokens, recipe.mix, window, recipe.seed)
    model.train()
    for number in range(recipe.steps):
        batch = torch.from_numpy(rows.next_batch(recipe.batch))
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(number, recipe, settings)
        logits = model(batch[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), batch[:, 1:].flatten()
        )
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), settings.clip)
        optimiser.step()
        yield Step(
            number + 1, float(loss.detach()), (number + 1) * recipe.batch * window
        )


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
