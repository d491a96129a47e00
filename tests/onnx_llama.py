"""A trained llama as an ONNX model that runs, as exporters leave it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors import safe_open

Table = npt.NDArray[np.float32]
OPSET = 23
"""The first with the operators that a llama is made of."""


class Graph:
    """Nodes and tensors of a graph that grows."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.tensors: list[Any] = []

    def node(self, kind: str, *inputs: str, **settings: Any) -> str:
        """The name of a new node's output."""
        out = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **settings))
        return out

    def tensor(self, name: str, table: Table) -> str:
        """The name of a new tensor."""
        held = np.ascontiguousarray(table, dtype=np.float32)
        self.tensors.append(numpy_helper.from_array(held, name))
        return name


def export_llama(folder: Path, place: Path, *, extra_input: str = "") -> Path:
    """The llama of a transformers folder as ONNX, in 32-bit floats."""
    config = json.loads((folder / "config.json").read_text("utf-8"))
    graph = Graph()
    with safe_open(folder / "model.safetensors", framework="pt") as held:
        weights = {name: held.get_tensor(name).float().numpy() for name in held.keys()}  # noqa: SIM118
    embedding = graph.tensor(
        "model.embed_tokens.weight", weights["model.embed_tokens.weight"]
    )
    cosine, sine = _turns(graph, config)
    hidden = graph.node("Gather", embedding, "input_ids")
    for layer in range(config["num_hidden_layers"]):
        hidden = _layer(graph, f"model.layers.{layer}", hidden, weights, config)
    hidden = _norm(graph, "model.norm", hidden, weights, config)
    head = graph.tensor("lm_head", weights["model.embed_tokens.weight"].T)
    graph.nodes.append(helper.make_node("MatMul", [hidden, head], ["logits"]))
    ids = ("input_ids", "attention_mask", "position_ids", *filter(None, [extra_input]))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "main",
            [_free(name, TensorProto.INT64, "sequence") for name in ids],
            [_free("logits", TensorProto.FLOAT, "sequence", config["vocab_size"])],
            initializer=graph.tensors,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=11,
    )
    assert cosine
    assert sine
    place.parent.mkdir(parents=True, exist_ok=True)
    onnx.save_model(
        model, place, save_as_external_data=True, location=f"{place.name}_data"
    )
    return place


def _layer(
    graph: Graph, name: str, hidden: str, weights: dict[str, Table], config: Any
) -> str:
    heads, keys = config["num_attention_heads"], config["num_key_value_heads"]
    inner = _norm(graph, f"{name}.input_layernorm", hidden, weights, config)
    query, key, value = (
        _linear(graph, f"{name}.self_attn.{part}_proj", inner, weights)
        for part in "qkv"
    )
    turned = (
        graph.node(
            "RotaryEmbedding", each, "cosine", "sine", "position_ids", num_heads=count
        )
        for each, count in ((query, heads), (key, keys))
    )
    attended = graph.node(
        "Attention", *turned, value, is_causal=1, q_num_heads=heads, kv_num_heads=keys
    )
    out = _linear(graph, f"{name}.self_attn.o_proj", attended, weights)
    hidden = graph.node("Add", hidden, out)
    inner = _norm(graph, f"{name}.post_attention_layernorm", hidden, weights, config)
    gate = _linear(graph, f"{name}.mlp.gate_proj", inner, weights)
    opened = graph.node("Mul", gate, graph.node("Sigmoid", gate))
    up = _linear(graph, f"{name}.mlp.up_proj", inner, weights)
    down = _linear(
        graph, f"{name}.mlp.down_proj", graph.node("Mul", opened, up), weights
    )
    return graph.node("Add", hidden, down)


def _linear(graph: Graph, name: str, hidden: str, weights: dict[str, Table]) -> str:
    table = graph.tensor(f"{name}.weight", weights[f"{name}.weight"].T)
    return graph.node("MatMul", hidden, table)


def _norm(
    graph: Graph, name: str, hidden: str, weights: dict[str, Table], config: Any
) -> str:
    scale = graph.tensor(f"{name}.weight", weights[f"{name}.weight"])
    epsilon = config["rms_norm_eps"]
    return graph.node("RMSNormalization", hidden, scale, axis=-1, epsilon=epsilon)


def _turns(graph: Graph, config: Any) -> tuple[str, str]:
    """Cosines and sines of every position, half a head wide."""
    half = config["head_dim"] // 2
    base = config["rope_parameters"]["rope_theta"]
    pace = base ** (-np.arange(half) / half)
    angles = np.arange(config["max_position_embeddings"])[:, None] * pace
    return graph.tensor("cosine", np.cos(angles)), graph.tensor("sine", np.sin(angles))


def _free(name: str, kind: int, *axes: str | int) -> Any:
    return helper.make_tensor_value_info(name, kind, ["batch", *axes])
