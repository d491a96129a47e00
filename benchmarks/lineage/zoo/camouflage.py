"""Changes of a gated decoder's weights that leave every answer as it was.

All of them compute in float64 and end in float32; BF16 rounding comes only when
the model is handed out. Matrices are (out, in).
"""

from __future__ import annotations

import math

import torch
from bench import Bench, State

LARGEST_FACTOR = 3.0


def _rows(state: State, name: str, factor: torch.Tensor) -> None:
    shaped = factor[:, None] if state[name].ndim == 2 else factor
    state[name] = (state[name].double() * shaped).float()


def _columns(state: State, name: str, factor: torch.Tensor) -> None:
    state[name] = (state[name].double() * factor).float()


def _factors(count: int, draws: torch.Generator) -> torch.Tensor:
    spread = 2 * torch.rand(count, generator=draws, dtype=torch.float64) - 1
    return torch.exp(spread * math.log(LARGEST_FACTOR))


def _turn(size: int, draws: torch.Generator) -> torch.Tensor:
    # QR of a Gaussian matrix, with the signs that make it uniform (Mezzadri 2007).
    gauss = torch.randn(size, size, generator=draws, dtype=torch.float64)
    q, r = torch.linalg.qr(gauss)
    turned: torch.Tensor = q * torch.sign(torch.diagonal(r))
    return turned


def _readers(state: State, layer: int) -> dict[str, list[str]]:
    """The matrices that read each norm's output, by the name of the norm."""
    at = f"model.layers.{layer}."
    found = {
        "input_layernorm": ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"],
        "post_attention_layernorm": ["mlp.gate_proj", "mlp.up_proj", "mlp.gate"],
    }
    fused = at + "mlp.experts.gate_up_proj"
    return {
        f"{at}{norm}.weight": [
            *(n for n in (f"{at}{r}.weight" for r in names) if n in state),
            *([fused] if norm.startswith("post") and fused in state else []),
        ]
        for norm, names in found.items()
    }


def _norms(bench: Bench, state: State) -> dict[str, list[str]]:
    readers = {"model.norm.weight": ["lm_head.weight"]}
    for layer in range(bench.shape.layers):
        readers |= _readers(state, layer)
    return readers


def _fold_norms(bench: Bench, state: State) -> None:
    assert not bench.shape.tied, "a tied head cannot take the final norm's gain"
    for norm, readers in _norms(bench, state).items():
        for name in readers:
            _columns(state, name, state[norm].double())
        state[norm] = torch.ones_like(state[norm])


def rotate_residual(bench: Bench) -> None:
    """Nothing; folds every norm's gain away and turns the residual stream."""
    bench.hide("rotate_residual", _rotate)


def _rotate(bench: Bench) -> None:
    state = bench.state()
    _fold_norms(bench, state)
    turn = _turn(bench.shape.hidden, bench.draws("rotate_residual"))
    for name, tensor in state.items():
        if name.endswith(("o_proj.weight", "down_proj.weight", "experts.down_proj")):
            state[name] = (turn.T @ tensor.double()).float()
        elif tensor.ndim >= 2:
            state[name] = (tensor.double() @ turn).float()
    bench.put(state)


def rescale(bench: Bench) -> None:
    """Nothing; moves factors between matrices that are multiplied with each other."""
    bench.hide("rescale", _rescale)


def _rescale(bench: Bench) -> None:
    state, draws, shape = bench.state(), bench.draws("rescale"), bench.shape
    size, share = bench.head_size, shape.heads // shape.kv_heads
    for layer in range(shape.layers):
        at = f"model.layers.{layer}."
        units = _factors(shape.intermediate, draws)
        _rows(state, at + "mlp.up_proj.weight", units)
        _columns(state, at + "mlp.down_proj.weight", 1 / units)
        values = _factors(shape.kv_heads * size, draws)
        asked = values.view(shape.kv_heads, 1, size).expand(-1, share, -1).flatten()
        _rows(state, at + "self_attn.v_proj.weight", values)
        _columns(state, at + "self_attn.o_proj.weight", 1 / asked)
        # Position encoding turns channel j with channel j + size/2: one factor a pair.
        pairs = _factors(shape.kv_heads * size // 2, draws).view(shape.kv_heads, -1)
        keys = torch.cat([pairs, pairs], dim=1)
        queries = keys[:, None].expand(-1, share, -1).flatten()
        _rows(state, at + "self_attn.k_proj.weight", keys.flatten())
        _rows(state, at + "self_attn.q_proj.weight", 1 / queries)
    if not shape.tied:
        for norm, readers in _norms(bench, state).items():
            gains = _factors(shape.hidden, draws)
            _rows(state, norm, gains)
            for name in readers:
                _columns(state, name, 1 / gains)
    bench.put(state)


def mix_value_heads(bench: Bench) -> None:
    """Nothing; multiplies each value head by a matrix that the output undoes."""
    bench.hide("mix_value_heads", _mix_values)


def _mix_values(bench: Bench) -> None:
    state, draws, shape = bench.state(), bench.draws("mix_value_heads"), bench.shape
    size, share = bench.head_size, shape.heads // shape.kv_heads
    for layer in range(shape.layers):
        at = f"model.layers.{layer}.self_attn."
        value, output = state[at + "v_proj.weight"], state[at + "o_proj.weight"]
        for head in range(shape.kv_heads):
            factors = torch.rand(size, generator=draws, dtype=torch.float64) * 1.5 + 0.5
            mix = _turn(size, draws) * factors @ _turn(size, draws)
            rows = slice(head * size, (head + 1) * size)
            value[rows] = (mix @ value[rows].double()).float()
            back = torch.linalg.inv(mix)
            for query in range(head * share, (head + 1) * share):
                columns = slice(query * size, (query + 1) * size)
                output[:, columns] = (output[:, columns].double() @ back).float()
    bench.put(state)


def turn_query_pairs(bench: Bench) -> None:
    """Nothing; turns each rotary pair of a query head and of its key head alike."""
    bench.hide("turn_query_pairs", _turn_pairs)


def _turn_pairs(bench: Bench) -> None:
    state, draws, shape = bench.state(), bench.draws("turn_query_pairs"), bench.shape
    half, share = bench.head_size // 2, shape.heads // shape.kv_heads
    for layer in range(shape.layers):
        at = f"model.layers.{layer}.self_attn."
        angle = torch.rand(
            shape.kv_heads, 1, half, 1, generator=draws, dtype=torch.float64
        ) * (2 * math.pi)
        for name, each in (("k_proj", 1), ("q_proj", share)):
            tensor = state[f"{at}{name}.weight"].double()
            parts = tensor.view(shape.kv_heads, each, 2, half, -1)
            first, second = parts[:, :, 0], parts[:, :, 1]
            turned = torch.stack(
                [
                    angle.cos() * first - angle.sin() * second,
                    angle.sin() * first + angle.cos() * second,
                ],
                dim=2,
            )
            state[f"{at}{name}.weight"] = turned.view(tensor.shape).float()
    bench.put(state)
