"""A text decoder's weights under the names that the published statistics use."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pairs import NotComparable
from safetensors.torch import load_file
from statistic import Array

EMBEDDINGS = "model.embed_tokens.weight"
LAYER = re.compile(r"model\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+_proj)\.weight")
KINDS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True, kw_only=True)
class Decoder:
    """Embeddings (tokens × width) and the seven matrices of each layer."""

    config: dict[str, Any]
    embeddings: Array
    layers: tuple[dict[str, Array], ...]
    tensors: dict[str, Array]
    vocabulary: dict[str, int]

    @property
    def head_width(self) -> int:
        """The number of channels of one attention head."""
        width = self.config.get("head_dim")
        return int(width or self.embeddings.shape[1] // self.heads)

    @property
    def heads(self) -> int:
        """The number of query heads."""
        return int(self.config["num_attention_heads"])


def read(folder: Path) -> Decoder:
    """The decoder in a folder of safetensors files, in float32.

    Raises:
        NotComparable: Its tensors have other names than a Llama's; the formulas
            are written for gated blocks with separate projections.
    """
    tensors: dict[str, Array] = {}
    for path in sorted(folder.glob("*.safetensors")):
        for name, values in load_file(path).items():
            tensors[name] = values.float().numpy()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    layers: dict[int, dict[str, Array]] = {}
    for name, values in tensors.items():
        if found := LAYER.fullmatch(name):
            layers.setdefault(int(found[1]), {})[found[2]] = values
    whole = [layers[i] for i in sorted(layers)]
    if EMBEDDINGS not in tensors or not whole:
        raise NotComparable("no Llama-named tensors")
    if any(kind not in layer for layer in whole for kind in KINDS):
        raise NotComparable("a layer lacks one of the seven projections")
    return Decoder(
        config=config,
        embeddings=tensors[EMBEDDINGS],
        layers=tuple(whole),
        tensors=tensors,
        vocabulary=vocabulary(folder),
    )


def vocabulary(folder: Path) -> dict[str, int]:
    """Token strings with their rows, from tokenizer.json."""
    path = folder / "tokenizer.json"
    if not path.exists():
        raise NotComparable("no tokenizer.json")
    stored = json.loads(path.read_text(encoding="utf-8"))
    tokens: dict[str, int] = dict(stored["model"]["vocab"])
    return tokens | {token["content"]: token["id"] for token in stored["added_tokens"]}


def shared_rows(one: Decoder, other: Decoder) -> tuple[Array, Array]:
    """The embeddings of the tokens that both vocabularies hold, in one order."""
    rows = [
        (one.vocabulary[token], other.vocabulary[token])
        for token in sorted(one.vocabulary.keys() & other.vocabulary.keys())
        if one.vocabulary[token] < len(one.embeddings)
        and other.vocabulary[token] < len(other.embeddings)
    ]
    if len(rows) < 2:
        raise NotComparable("the vocabularies share no tokens")
    left, right = np.array(rows).T
    return one.embeddings[left], other.embeddings[right]
