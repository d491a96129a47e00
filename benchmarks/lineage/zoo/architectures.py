"""Untrained models of every family in the zoo, each weight drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from recipes import Shape
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    BertConfig,
    BertForMaskedLM,
    DeepseekV3Config,
    GPT2Config,
    GPTNeoXConfig,
    LlamaConfig,
    MixtralConfig,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
    ViTConfig,
    ViTForMaskedImageModeling,
    WhisperConfig,
    WhisperForConditionalGeneration,
)

POSITIONS = 256
# The tokenizers give the end token the first place.
SPECIAL = {"bos_token_id": 0, "eos_token_id": 0, "pad_token_id": 0}


def _gated(shape: Shape) -> dict[str, Any]:
    return {
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "max_position_embeddings": POSITIONS,
        "tie_word_embeddings": shape.tied,
        **SPECIAL,
    }


def _llama(shape: Shape) -> PreTrainedConfig:
    return LlamaConfig(**_gated(shape), **shape.more)


def _qwen2(shape: Shape) -> PreTrainedConfig:
    return Qwen2Config(**_gated(shape), **shape.more)


def _mixtral(shape: Shape) -> PreTrainedConfig:
    return MixtralConfig(**_gated(shape), **shape.more)


def _deepseek(shape: Shape) -> PreTrainedConfig:
    return DeepseekV3Config(**_gated(shape), **shape.more)


def _neox(shape: Shape) -> PreTrainedConfig:
    return GPTNeoXConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        max_position_embeddings=POSITIONS,
        tie_word_embeddings=shape.tied,
        **SPECIAL,
        **shape.more,
    )


def _gpt2(shape: Shape) -> PreTrainedConfig:
    return GPT2Config(
        vocab_size=shape.vocabulary,
        n_embd=shape.hidden,
        n_inner=shape.intermediate,
        n_layer=shape.layers,
        n_head=shape.heads,
        n_positions=POSITIONS,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        **SPECIAL,
        **shape.more,
    )


def _bert(shape: Shape) -> PreTrainedConfig:
    return BertConfig(
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=0,
        **shape.more,
    )


def _vit(shape: Shape) -> PreTrainedConfig:
    return ViTConfig(
        hidden_size=shape.hidden,
        intermediate_size=shape.intermediate,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        encoder_stride=shape.more["patch_size"],
        **shape.more,
    )


def _whisper(shape: Shape) -> PreTrainedConfig:
    return WhisperConfig(
        vocab_size=shape.vocabulary,
        d_model=shape.hidden,
        encoder_layers=shape.layers,
        encoder_ffn_dim=shape.intermediate,
        encoder_attention_heads=shape.heads,
        decoder_layers=1,
        decoder_ffn_dim=shape.intermediate,
        decoder_attention_heads=shape.heads,
        max_target_positions=16,
        decoder_start_token_id=0,
        suppress_tokens=None,
        begin_suppress_tokens=None,
        **SPECIAL,
        **shape.more,
    )


FAMILIES: dict[str, Callable[[Shape], PreTrainedConfig]] = {
    "llama": _llama,
    "qwen2": _qwen2,
    "mixtral": _mixtral,
    "deepseek_v3": _deepseek,
    "gpt_neox": _neox,
    "gpt2": _gpt2,
    "bert": _bert,
    "vit": _vit,
    "whisper": _whisper,
}
KINDS = {
    "bert": BertForMaskedLM,
    "vit": ViTForMaskedImageModeling,
    "whisper": WhisperForConditionalGeneration,
}


def new_model(shape: Shape, seed: int) -> PreTrainedModel:
    """An untrained model whose every weight comes from the seed."""
    config = FAMILIES[shape.family](shape)
    kind = KINDS.get(shape.family)
    model = kind(config) if kind else AutoModelForCausalLM.from_config(config)
    initialise(model, seed)
    made: PreTrainedModel = model.float().eval()
    return made


@torch.no_grad()
def initialise(model: torch.nn.Module, seed: int) -> None:
    """Nothing; matrices drawn from N(0, 0.02²), gains one and biases zero."""
    draws = torch.Generator().manual_seed(seed)
    for name, weight in sorted(model.named_parameters()):
        if not weight.requires_grad:
            continue  # positions that are a formula, not weights
        if weight.ndim >= 2:
            weight.normal_(0.0, 0.02, generator=draws)
        else:
            weight.fill_(0.0 if name.endswith("bias") else 1.0)


def load_model(folder: Path) -> PreTrainedModel:
    """A model of the zoo as it was handed out (BF16), in float32 to work on."""
    family = AutoConfig.from_pretrained(folder).model_type
    kind = KINDS.get(family, AutoModelForCausalLM)
    model: PreTrainedModel = kind.from_pretrained(folder, dtype=torch.float32)
    return model.eval()
