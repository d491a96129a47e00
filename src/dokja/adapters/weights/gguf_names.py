"""Names of GGUF tensors as the library that trained the model gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dokja.adapters.weights.gguf_header import GgufEntry, GgufHeader
from dokja.errors import InvalidInput

ARCHITECTURE = "general.architecture"

PAIRED = frozenset(
    {
        "llama", "mistral3", "smollm3", "arcee", "granite", "granitemoe",
        "internlm2", "minicpm", "olmo",
    }
)  # fmt: skip
"""Architectures whose conversion moves the two halves of each head together.

Source: llama.cpp, conversion/llama.py, `LlamaModel.permute` and the classes
that call or inherit it; a rotary pair's rows are then neighbours.
"""
GAINS_FROM_ONE = frozenset({"gemma", "gemma2", "gemma3"})
"""Architectures whose conversion adds one to every norm gain.

Source: llama.cpp, conversion/gemma.py.
"""
NOT_DECODERS = re.compile(r".*bert.*|t5.*|clip|mmproj|whisper|wavtokenizer.*")
"""Architectures whose layers are no decoder's; their names stay as stored."""

OUTSIDE: Mapping[str, str] = {
    "token_embd": "model.embed_tokens",
    "output_norm": "model.norm",
    "output": "lm_head",
}
IN_LAYER: Mapping[str, str] = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_qkv": "self_attn.qkv_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_q_a": "self_attn.q_a_proj",
    "attn_q_b": "self_attn.q_b_proj",
    "attn_kv_a_mqa": "self_attn.kv_a_proj_with_mqa",
    "attn_kv_b": "self_attn.kv_b_proj",
    "attn_k_b": "self_attn.k_b_proj",
    "attn_v_b": "self_attn.v_b_proj",
    "attn_q_a_norm": "self_attn.q_a_layernorm",
    "attn_kv_a_norm": "self_attn.kv_a_layernorm",
    "ffn_gate_inp": "mlp.gate",
    "ffn_gate_inp_shexp": "mlp.shared_expert_gate",
    "ffn_gate_exps": "mlp.experts.gate_proj",
    "ffn_up_exps": "mlp.experts.up_proj",
    "ffn_down_exps": "mlp.experts.down_proj",
    "ffn_gate_up_exps": "mlp.experts.gate_up_proj",
    "ffn_gate_shexp": "mlp.shared_experts.gate_proj",
    "ffn_up_shexp": "mlp.shared_experts.up_proj",
    "ffn_down_shexp": "mlp.shared_experts.down_proj",
}
"""Names inside a layer; `_exps` stacks the experts along a first axis.

Models call their shared experts in several ways; all mean the same part.
"""
EXPERT: Mapping[str, str] = {
    "ffn_gate": "gate_proj",
    "ffn_up": "up_proj",
    "ffn_down": "down_proj",
}
"""Names of single experts in files made before experts were stacked."""
FOUR_NORMS: Mapping[str, str] = {
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
}
"""Norms of layers that have one before and one after each half."""
HEADS: Mapping[str, tuple[str, ...]] = {
    "attn_q": ("attention.head_count",),
    "attn_k": ("attention.head_count_kv", "attention.head_count"),
}
"""Where the number of heads of a paired tensor stands, first found first."""

_NAME = re.compile(r"(?:blk\.(\d{1,4})\.)?(\w+?)(?:\.(\d{1,4}))?\.(weight|bias)")


@dataclass(frozen=True)
class GgufTensor:
    """A stored tensor and what turns it back into the trained one."""

    entry: GgufEntry
    heads: int | None = None
    """Heads in which the rows of a rotary pair were made neighbours."""
    added: float = 0.0
    """What the conversion added to every element."""


def trained_tensors(header: GgufHeader, shown: str) -> dict[str, GgufTensor]:
    """The file's tensors under the names of the model that was converted.

    Names without a known counterpart stay as stored. Raises: InvalidInput
    where two tensors claim one name or the heads do not divide the rows.
    """
    architecture = str(header.metadata.get(ARCHITECTURE, ""))
    found: dict[str, GgufTensor] = {}
    for stored, entry in header.tensors.items():
        name, tensor = stored, GgufTensor(entry)
        match = _NAME.fullmatch(stored)
        if match and not NOT_DECODERS.fullmatch(architecture):
            name = _trained_name(match, header.tensors) or stored
            tensor = _undone(match, entry, header, shown)
        if name in found:
            raise InvalidInput(
                f"{shown}: two tensors stand for {name}",
                remedy="convert the original weights again",
            )
        found[name] = tensor
    return found


def _trained_name(match: re.Match[str], tensors: Mapping[str, GgufEntry]) -> str | None:
    layer, part, expert, kind = match.groups()
    if expert is not None:
        if layer is None or part not in EXPERT:
            return None
        inside = f"mlp.experts.{int(expert)}.{EXPERT[part]}"
        return f"model.layers.{int(layer)}.{inside}.{kind}"
    if layer is None:
        return f"{OUTSIDE[part]}.{kind}" if part in OUTSIDE else None
    before = f"blk.{layer}."
    name = IN_LAYER.get(part)
    if f"{before}post_ffw_norm.weight" in tensors:
        name = FOUR_NORMS.get(part, name)
    if part == "ffn_up" and _holds_gate(before, tensors):
        name = "mlp.gate_up_proj"
    return None if name is None else f"model.layers.{int(layer)}.{name}.{kind}"


def _holds_gate(before: str, tensors: Mapping[str, GgufEntry]) -> bool:
    """Whether `ffn_up` has twice the units that `ffn_down` reads."""
    up = tensors.get(f"{before}ffn_up.weight")
    down = tensors.get(f"{before}ffn_down.weight")
    if up is None or down is None or f"{before}ffn_gate.weight" in tensors:
        return False
    return len(up.shape) == len(down.shape) and up.shape[-2:-1] == (2 * down.shape[-1],)


def _undone(
    match: re.Match[str], entry: GgufEntry, header: GgufHeader, shown: str
) -> GgufTensor:
    layer, part, _, kind = match.groups()
    architecture = str(header.metadata.get(ARCHITECTURE, ""))
    if part.endswith("norm") and kind == "weight" and architecture in GAINS_FROM_ONE:
        return GgufTensor(entry, added=1.0)
    if layer is None or part not in HEADS or architecture not in PAIRED:
        return GgufTensor(entry)
    heads = _heads(part, int(layer), architecture, header.metadata)
    if heads < 1 or entry.shape[0] % (2 * heads):
        raise InvalidInput(
            f"{shown}: {match.group()} has {entry.shape[0]} rows, which its "
            f"{heads} heads do not divide into pairs",
            remedy="convert the original weights again",
        )
    return GgufTensor(entry, heads=heads)


def _heads(
    part: str, layer: int, architecture: str, metadata: Mapping[str, object]
) -> int:
    """Heads of a layer; 0 where the metadata does not say."""
    keys = (f"{architecture}.{key}" for key in HEADS[part])
    value = next((metadata[key] for key in keys if key in metadata), 0)
    if isinstance(value, tuple):
        value = value[layer] if layer < len(value) else 0
    return value if type(value) is int else 0
