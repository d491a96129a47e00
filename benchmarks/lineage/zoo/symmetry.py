"""Which axis of which tensor permutes together with which, for every family.

A role names a set of axes that may only be reordered together: `residual` for
the whole model, `neurons.L`, `query.L`, `value.L` and `fused.L` for layer L.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import torch
from bench import Bench, State

Roles = tuple[str | None, ...]

R, N, Q, V, F = "residual", "neurons", "query", "value", "fused"
LLAMA: dict[str, Roles] = {
    r"model\.embed_tokens\.weight|lm_head\.weight": (None, R),
    r".*norm\.weight": (R,),
    r".*layernorm\.weight": (R,),
    r".*q_proj\.weight": (Q, R),
    r".*q_proj\.bias": (Q,),
    r".*[kv]_proj\.weight": (V, R),
    r".*[kv]_proj\.bias": (V,),
    r".*o_proj\.weight": (R, Q),
    r".*(gate|up)_proj\.weight": (N, R),
    r".*down_proj\.weight": (R, N),
    r".*mlp\.gate\.weight": ("experts", R),
    r".*experts\.gate_up_proj": ("experts", None, R),
    r".*experts\.down_proj": ("experts", R, None),
}
NEOX: dict[str, Roles] = {
    r".*embed_in\.weight|lm_head\.weight": (None, R),
    r".*layer_?norm\.(weight|bias)": (R,),
    r".*query_key_value\.weight": (F, R),
    r".*query_key_value\.bias": (F,),
    r".*attention\.dense\.weight": (R, Q),
    r".*dense_h_to_4h\.weight": (N, R),
    r".*dense_h_to_4h\.bias": (N,),
    r".*dense_4h_to_h\.weight": (R, N),
    r".*\.bias": (R,),
}
GPT2: dict[str, Roles] = {
    r".*w[tp]e\.weight|lm_head\.weight": (None, R),
    r".*ln_(1|2|f)\.(weight|bias)": (R,),
    r".*c_attn\.weight": (R, F),
    r".*c_attn\.bias": (F,),
    r".*attn\.c_proj\.weight": (Q, R),
    r".*c_fc\.weight": (R, N),
    r".*c_fc\.bias": (N,),
    r".*mlp\.c_proj\.weight": (N, R),
    r".*c_proj\.bias": (R,),
}
BERT: dict[str, Roles] = {
    r"cls\.predictions\.(decoder\.)?bias": (None,),
    r".*_embeddings\.weight|.*decoder\.weight": (None, R),
    r".*LayerNorm\.(weight|bias)": (R,),
    r".*self\.(query|key|value)\.weight": (Q, R),
    r".*self\.(query|key|value)\.bias": (Q,),
    r".*attention\.output\.dense\.weight": (R, Q),
    r".*intermediate\.dense\.weight": (N, R),
    r".*intermediate\.dense\.bias": (N,),
    r".*transform\.dense\.weight": (R, R),
    r".*output\.dense\.weight": (R, N),
    r".*dense\.bias": (R,),
}
VIT: dict[str, Roles] = {
    r".*(cls|mask)_token|.*position_embeddings": (None, None, R),
    r".*projection\.weight": (R, None, None, None),
    r"decoder\.0\.weight": (None, R, None, None),
    r"decoder\.0\.bias": (None,),
    r".*[qkv]_proj\.weight": (Q, R),
    r".*[qkv]_proj\.bias": (Q,),
    r".*o_proj\.weight": (R, Q),
    r".*fc1\.weight": (N, R),
    r".*fc1\.bias": (N,),
    r".*fc2\.weight": (R, N),
    r".*(layernorm.*|projection|o_proj|fc2)\.(weight|bias)": (R,),
}
WHISPER: dict[str, Roles] = {
    r".*decoder.*encoder_attn\.[kv]_proj\.weight": (None, R),
    r".*decoder\..*|proj_out.*": (),
    r".*conv1\.weight": ("stem", None, None),
    r".*conv1\.bias": ("stem",),
    r".*conv2\.weight": (R, "stem", None),
    r".*embed_positions\.weight": (None, R),
    r".*[qkv]_proj\.weight": (Q, R),
    r".*[qkv]_proj\.bias": (Q,),
    r".*out_proj\.weight": (R, Q),
    r".*fc1\.weight": (N, R),
    r".*fc1\.bias": (N,),
    r".*fc2\.weight": (R, N),
    r".*(layer_norm|conv2|out_proj|fc2)\.(weight|bias)": (R,),
}
TABLES = {
    "llama": LLAMA,
    "qwen2": LLAMA,
    "mixtral": LLAMA,
    "gpt_neox": NEOX,
    "gpt2": GPT2,
    "bert": BERT,
    "vit": VIT,
    "whisper": WHISPER,
}


def roles(family: str, name: str) -> Roles:
    """The role of every axis of a tensor; those of one layer carry its number.

    Raises:
        KeyError: The family's table does not know the tensor.
    """
    layer = re.search(r"\.(?:layers|layer|h)\.(\d+)\.", name)
    for pattern, axes in TABLES[family].items():
        if re.fullmatch(pattern, name):
            return tuple(
                f"{axis}.{layer[1]}" if layer and axis not in (None, R) else axis
                for axis in axes
            )
    raise KeyError(f"{family}: {name}")


def picked(state: State, family: str, kept: Mapping[str, torch.Tensor]) -> State:
    """The tensors with every axis whose role is in `kept` reduced or reordered."""
    changed = {}
    for name, tensor in state.items():
        kept_part = tensor
        for axis, role in enumerate(roles(family, name)):
            if role in kept:
                kept_part = kept_part.index_select(axis, kept[role])
        changed[name] = kept_part.contiguous()
    return changed


def _reorder(bench: Bench, name: str, kept: Mapping[str, torch.Tensor]) -> None:
    family = bench.shape.family
    bench.hide(name, lambda b: b.put(picked(b.state(), family, kept)))


def permute_neurons(bench: Bench) -> None:
    """Nothing; reorders the hidden units of every MLP."""
    draws = bench.draws("permute_neurons")
    count = bench.shape.intermediate
    if bench.shape.family == "mixtral":
        bench.hide("permute_neurons", lambda b: _permute_in_experts(b, draws))
        return
    kept = {
        f"{N}.{layer}": torch.randperm(count, generator=draws)
        for layer in range(bench.shape.layers)
    }
    _reorder(bench, "permute_neurons", kept)


def _permute_in_experts(bench: Bench, draws: torch.Generator) -> None:
    state = bench.state()
    size = bench.shape.intermediate
    for name, tensor in state.items():
        if not name.endswith("gate_up_proj"):
            continue
        down = state[name.replace("gate_up_proj", "down_proj")]
        for expert in range(len(tensor)):
            order = torch.randperm(size, generator=draws)
            both = torch.cat([order, order + size])
            tensor[expert] = tensor[expert][both]
            down[expert] = down[expert][:, order]
    bench.put(state)


def permute_experts(bench: Bench) -> None:
    """Nothing; reorders the experts of every layer with their router rows."""
    draws = bench.draws("permute_experts")
    count = int(bench.shape.more["num_local_experts"])
    kept = {
        f"experts.{layer}": torch.randperm(count, generator=draws)
        for layer in range(bench.shape.layers)
    }
    _reorder(bench, "permute_experts", kept)


def permute_residual(bench: Bench) -> None:
    """Nothing; reorders the channels of the residual stream."""
    draws = bench.draws("permute_residual")
    order = torch.randperm(bench.shape.hidden, generator=draws)
    _reorder(bench, "permute_residual", {R: order})


def permute_heads(bench: Bench) -> None:
    """Nothing; reorders the key-value heads, and the query heads inside each group."""
    draws = bench.draws("permute_heads")
    heads, size = bench.shape.heads, bench.head_size
    groups = bench.shape.kv_heads if bench.shape.family in _GROUPED else heads
    kept = {}
    for layer in range(bench.shape.layers):
        order = torch.randperm(groups, generator=draws)
        inside = [
            torch.randperm(heads // groups, generator=draws) + g * (heads // groups)
            for g in order.tolist()
        ]
        query = torch.cat(inside)
        kept[f"{Q}.{layer}"] = _spread(query, size)
        kept[f"{V}.{layer}"] = _spread(order, size)
        kept[f"{F}.{layer}"] = _fused(bench.shape.family, query, size)
    _reorder(bench, "permute_heads", kept)


_GROUPED = ("llama", "qwen2", "mixtral")


def _spread(order: torch.Tensor, size: int) -> torch.Tensor:
    return (order[:, None] * size + torch.arange(size)).flatten()


def _fused(family: str, order: torch.Tensor, size: int) -> torch.Tensor:
    if family == "gpt_neox":  # a head's query, key and value lie side by side
        return _spread(order, 3 * size)
    part = _spread(order, size)  # all queries, then all keys, then all values
    return torch.cat([part + third * len(part) for third in range(3)])
