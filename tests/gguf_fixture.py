"""Real GGUF files, written by the gguf library from trained tensors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gguf import GGUFWriter
from gguf.constants import GGMLQuantizationType
from gguf.quants import quantize

Table = npt.NDArray[np.float32]

HEADS, KEY_HEADS = 4, 2
STORED = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
OUTSIDE = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


def paired(table: Table, heads: int) -> Table:
    """Rows as llama.cpp wants them: the halves of each head interleaved."""
    halves = table.reshape(heads, 2, len(table) // heads // 2, *table.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2).reshape(table.shape))


def converted(name: str, table: Table) -> tuple[str, Table]:
    """A trained tensor of a llama under its GGUF name, in its GGUF order."""
    match = re.fullmatch(r"model\.layers\.(\d+)\.(.*)\.(weight|bias)", name)
    if not match:
        return OUTSIDE[name], table
    layer, part, kind = match.groups()
    if part == "self_attn.q_proj":
        table = paired(table, HEADS)
    if part == "self_attn.k_proj":
        table = paired(table, KEY_HEADS)
    return f"blk.{layer}.{STORED[part]}.{kind}", table


def write_gguf(
    place: Path,
    tensors: Mapping[str, Table],
    kind: str,
    *,
    architecture: str = "llama",
    tokens: list[str] | None = None,
    metadata: Mapping[str, int] | None = None,
) -> None:
    """Writes tensors under the names given; matrices are stored as `kind`."""
    place.parent.mkdir(parents=True, exist_ok=True)
    writer: Any = GGUFWriter(place, architecture)
    writer.add_block_count(2)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    for key, value in (metadata or {}).items():
        writer.add_uint16(key, value)
    if tokens is not None:
        writer.add_tokenizer_model("gpt2")
        writer.add_token_list(tokens)
        writer.add_token_types([5 if t.startswith("[PAD") else 1 for t in tokens])
        writer.add_token_merges([f"{t} {t}" for t in tokens])
    for name, table in tensors.items():
        stored = GGMLQuantizationType[kind if table.ndim > 1 else "F32"]
        data = quantize(np.ascontiguousarray(table, dtype=np.float32), stored)
        writer.add_tensor(name, data, raw_dtype=stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
