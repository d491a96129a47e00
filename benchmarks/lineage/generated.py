"""Llama-shaped checkpoints of random weights, written block by block."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import ml_dtypes
import numpy as np

BLOCK = 2**22  # values drawn at once
SPREAD = 0.02
BYTES = 2
GAIN = np.ones(1, dtype=ml_dtypes.bfloat16)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """Sizes of a decoder with untied embeddings and heads of `hidden / heads`."""

    vocabulary: int
    hidden: int
    layers: int
    intermediate: int
    heads: int
    kv_heads: int

    def tensors(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Names and shapes, in the order in which they are written."""
        narrow = self.hidden // self.heads * self.kv_heads
        yield "model.embed_tokens.weight", (self.vocabulary, self.hidden)
        for i in range(self.layers):
            layer = f"model.layers.{i}"
            yield f"{layer}.input_layernorm.weight", (self.hidden,)
            for kind, rows in (("q", self.hidden), ("k", narrow), ("v", narrow)):
                yield f"{layer}.self_attn.{kind}_proj.weight", (rows, self.hidden)
            yield f"{layer}.self_attn.o_proj.weight", (self.hidden, self.hidden)
            yield f"{layer}.post_attention_layernorm.weight", (self.hidden,)
            for kind in ("gate", "up"):
                yield (
                    f"{layer}.mlp.{kind}_proj.weight",
                    (self.intermediate, self.hidden),
                )
            yield f"{layer}.mlp.down_proj.weight", (self.hidden, self.intermediate)
        yield "model.norm.weight", (self.hidden,)
        yield "lm_head.weight", (self.vocabulary, self.hidden)

    @property
    def parameters(self) -> int:
        """The number of weights."""
        return sum(int(np.prod(shape)) for _, shape in self.tensors())

    @property
    def config(self) -> dict[str, object]:
        """What config.json says."""
        return {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": self.vocabulary,
            "hidden_size": self.hidden,
            "num_hidden_layers": self.layers,
            "intermediate_size": self.intermediate,
            "num_attention_heads": self.heads,
            "num_key_value_heads": self.kv_heads,
            "head_dim": self.hidden // self.heads,
            "hidden_act": "silu",
            "rms_norm_eps": 1e-6,
            "rope_theta": 10000.0,
            "max_position_embeddings": 2048,
            "tie_word_embeddings": False,
            "dtype": "bfloat16",
            "torch_dtype": "bfloat16",
        }


def write(folder: Path, shape: Shape, seed: int, shard: int) -> None:
    """Nothing; writes the checkpoint in BF16, in files of about `shard` bytes.

    Tensor number n is drawn with the Philox key (seed, n): normal values of
    spread 0.02, gains of one. A folder that is complete is left as it is.
    """
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    numbered = list(enumerate(shape.tensors()))
    parts = list(_parts(numbered, shard))
    where: dict[str, str] = {}
    for part, tensors in enumerate(parts):
        name = f"model-{part + 1:05d}-of-{len(parts):05d}.safetensors"
        if len(parts) == 1:
            name = "model.safetensors"
        where |= {tensor: name for _, (tensor, _) in tensors}
        with (folder / name).open("wb") as file:
            _write_part(file, tensors, seed)
    if len(parts) > 1:
        index = {"metadata": {"total_size": BYTES * shape.parameters}}
        _json(folder / "model.safetensors.index.json", index | {"weight_map": where})
    _json(folder / "config.json", shape.config)
    _json(folder / "tokenizer.json", _tokenizer(shape.vocabulary))
    (folder / "complete").touch()


Numbered = tuple[int, tuple[str, tuple[int, ...]]]


def _parts(tensors: list[Numbered], shard: int) -> Iterator[list[Numbered]]:
    held: list[Numbered] = []
    size = 0
    for one in tensors:
        if held and size >= shard:
            yield held
            held, size = [], 0
        held.append(one)
        size += BYTES * int(np.prod(one[1][1]))
    yield held


def _write_part(file: BinaryIO, tensors: list[Numbered], seed: int) -> None:
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for _, (name, shape) in tensors:
        start, end = end, end + BYTES * int(np.prod(shape))
        entry = {"dtype": "BF16", "shape": list(shape), "data_offsets": [start, end]}
        header[name] = entry
    # Safetensors: the header's length, the header padded with spaces, the values.
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    file.write(struct.pack("<Q", len(text)) + text)
    for number, (_, shape) in tensors:
        values = int(np.prod(shape))
        if len(shape) == 1:
            file.write(np.repeat(GAIN, values).tobytes())
            continue
        draws = np.random.Generator(np.random.Philox(key=[seed, number]))
        for start in range(0, values, BLOCK):
            count = min(BLOCK, values - start)
            block = draws.standard_normal(count, dtype=np.float32) * np.float32(SPREAD)
            file.write(block.astype(ml_dtypes.bfloat16).tobytes())


def _tokenizer(vocabulary: int) -> dict[str, object]:
    """Enough of a tokenizer.json to name the rows of the embeddings."""
    tokens = {f"t{number:05d}": number for number in range(vocabulary)}
    model = {"type": "BPE", "vocab": tokens, "merges": []}
    return {"version": "1.0", "added_tokens": [], "model": model}


def _json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
