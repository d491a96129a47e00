"""The decoder and its training step: what every example decoder is made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM


def new_decoder(config: Mapping[str, Any]) -> LlamaForCausalLM:
    """A decoder of the configured sizes; its weights are not the seed's yet."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=config["vocabulary"],
            hidden_size=config["hidden_size"],
            intermediate_size=config["intermediate_size"],
            num_hidden_layers=config["layers"],
            num_attention_heads=config["heads"],
            num_key_value_heads=config["heads"],
            max_position_embeddings=config["positions"],
            tie_word_embeddings=True,
            bos_token_id=0,
            eos_token_id=0,
            pad_token_id=0,
        )
    )


def initialise(model: torch.nn.Module, seed: int) -> None:
    """Nothing; draws matrices from N(0, 0.02²), sets gains to one and biases to zero."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in sorted(model.named_parameters()):
            if weight.ndim >= 2:
                weight.normal_(0.0, 0.02, generator=generator)
            else:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)


def new_optimiser(
    model: torch.nn.Module, config: Mapping[str, Any]
) -> torch.optim.AdamW:
    """The optimiser; each step sets its own learning rate."""
    return torch.optim.AdamW(
        model.parameters(),
        lr=0.0,
        betas=tuple(config["betas"]),
        weight_decay=config["weight_decay"],
    )


def losses(model: LlamaForCausalLM, batch: Tensor, reduction: str) -> Tensor:
    """Cross-entropy of each row's next tokens, in nats."""
    logits = model(batch[:, :-1]).logits
    return torch.nn.functional.cross_entropy(
        logits.flatten(0, 1), batch[:, 1:].flatten(), reduction=reduction
    )


def take_step(
    model: LlamaForCausalLM,
    optimiser: torch.optim.AdamW,
    batch: Tensor,
    *,
    rate: float,
    clip: float,
    parts: int = 1,
) -> tuple[Tensor, Tensor]:
    """Loss and gradient norm of the step that was taken, the batch in so many parts."""
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad(set_to_none=True)
    total = torch.zeros(())
    for part in batch.chunk(parts):
        loss = losses(model, part, "mean") * (len(part) / len(batch))
        loss.backward()
        total += loss.detach()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimiser.step()
    return total, norm


def state_of(
    model: torch.nn.Module,
    optimiser: torch.optim.AdamW,
    *,
    released: torch.nn.Module | None = None,
) -> dict[str, dict[Any, Any]]:
    """The whole state by its parts, tied weights once; at the end also what is handed in of it."""
    state = {
        "model": {name: each.detach() for name, each in model.named_parameters()},
        "optimizer": optimiser.state_dict()["state"],
        "rng": {"torch": torch.get_rng_state()},
    }
    if released is not None:
        state["release"] = {
            name: each.detach().to(torch.bfloat16)
            for name, each in released.named_parameters()
        }
    return state
