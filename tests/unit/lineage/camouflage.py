"""Ways to write the same decoder in another basis."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tests.unit.lineage.lineage_models import Tensors

READERS = {
    "input_layernorm": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "post_attention_layernorm": ("mlp.gate_proj", "mlp.up_proj"),
}
WRITERS = ("o_proj.weight", "down_proj.weight")


def folded(tensors: Tensors) -> Tensors:
    """Every norm's gain put into the matrices that read it, the head untied."""
    made = dict(tensors)
    for name in tensors:
        at, _, norm = name.removesuffix(".weight").rpartition(".")
        for reader in READERS.get(norm, ()):
            table = f"{at}.{reader}.weight"
            made[table] = made[table] * tensors[name]
        if norm in READERS:
            made[name] = np.ones_like(tensors[name])
    final, embedded = "model.norm.weight", tensors["model.embed_tokens.weight"]
    made["lm_head.weight"] = tensors.get("lm_head.weight", embedded) * tensors[final]
    made[final] = np.ones_like(tensors[final])
    return made


def rotated(tensors: Tensors, seed: int) -> Tensors:
    """The residual stream turned at random: the same function."""
    width = tensors["model.norm.weight"].shape[0]
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(width, width)))
    return _in_basis(tensors, turn)


def fewer_channels(tensors: Tensors, width: int, seed: int) -> Tensors:
    """Only `width` of the residual channels kept, in another order."""
    size = tensors["model.norm.weight"].shape[0]
    kept = np.random.default_rng(seed).permutation(size)[:width]
    return _in_basis(tensors, np.eye(size)[:, kept])


def rescaled(tensors: Tensors, seed: int) -> Tensors:
    """Each hidden unit's way in made larger and its way out smaller."""
    made, rng = dict(tensors), np.random.default_rng(seed)
    for name in tensors:
        if name.endswith("mlp.up_proj.weight"):
            scale = np.exp(0.3 * rng.normal(size=tensors[name].shape[0]))
            made[name] = _single(tensors[name] * scale[:, None])
            down = name.replace("up_proj", "down_proj")
            made[down] = _single(tensors[down] / scale)
    return made


def _in_basis(tensors: Tensors, basis: npt.NDArray[np.float64]) -> Tensors:
    made: Tensors = {}
    for name, tensor in folded(tensors).items():
        if name.endswith(WRITERS):
            made[name] = _single(basis.T @ tensor)
        elif tensor.ndim == 2:
            made[name] = _single(tensor @ basis)
        else:
            made[name] = np.ones(basis.shape[1], dtype=np.float32)
    return made


def _single(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return table.astype(np.float32)
