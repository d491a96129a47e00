"""Small models made of named arrays, and the ways in which one descends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dokja.evidence.ports import InOrder
from dokja.lineage import (
    Comparison,
    LineageReport,
    LineageRules,
    LineageSubject,
    compare_lineage,
    shipped_rules,
)
from dokja.lineage.compare import OnStep
from dokja.submission.values import ComponentKind

Tensors = dict[str, npt.NDArray[np.float32]]
TOKENS = 240
TAUGHT = 3
"""Directions along which training has moved every matrix."""


@dataclass(frozen=True)
class ArrayCheckpoint:
    """A checkpoint over arrays in memory; implements `submission.ports.Checkpoint`."""

    tensors: Tensors
    vocabulary: Mapping[str, int] | None = None
    block_rows: int = 7
    config: Mapping[str, object] = field(default_factory=dict)

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        return {name: tensor.shape for name, tensor in self.tensors.items()}

    def digest(self, name: str) -> str:
        tensor = self.tensors[name]
        return hashlib.sha256(f"{tensor.shape}".encode() + tensor.tobytes()).hexdigest()

    def rows(self, name: str, start: int, stop: int) -> npt.NDArray[np.float32]:
        tensor = np.atleast_1d(self.tensors[name])
        columns = int(np.prod(tensor.shape[1:]))
        table = tensor.reshape(tensor.shape[0], columns)
        return table[start:stop].astype(np.float32)

    def picked(
        self,
        name: str,
        rows: npt.NDArray[np.intp],
        columns: npt.NDArray[np.intp] | None,
    ) -> npt.NDArray[np.float32]:
        table = self.rows(name, 0, int(np.atleast_1d(self.tensors[name]).shape[0]))
        return table[rows] if columns is None else table[np.ix_(rows, columns)]

    def blocks(self, name: str) -> Iterator[npt.NDArray[np.float32]]:
        for start in range(0, self.tensors[name].shape[0], self.block_rows):
            yield self.rows(name, start, start + self.block_rows)


def decoder(seed: int, layers: int = 2, width: int = 48, hidden: int = 96) -> Tensors:
    """A Llama-shaped decoder with tied embeddings; norm gains near one."""
    rng = np.random.default_rng(seed)
    shapes = {"model.embed_tokens.weight": (TOKENS, width)}
    for layer in range(layers):
        at = f"model.layers.{layer}"
        shapes |= {
            f"{at}.{part}.weight": shape
            for part, shape in (
                ("mlp.gate_proj", (hidden, width)),
                ("mlp.up_proj", (hidden, width)),
                ("mlp.down_proj", (width, hidden)),
                ("self_attn.q_proj", (width, width)),
                ("self_attn.k_proj", (width, width)),
                ("self_attn.v_proj", (width, width)),
                ("self_attn.o_proj", (width, width)),
            )
        }
    tensors = _normal(rng, shapes)
    for layer in range(layers):
        for norm in ("input_layernorm", "post_attention_layernorm"):
            gains = 1.0 + 0.1 * rng.normal(size=width)
            tensors[f"model.layers.{layer}.{norm}.weight"] = gains.astype(np.float32)
    tensors["model.norm.weight"] = np.ones(width, dtype=np.float32)
    return tensors


def encoder(seed: int, layers: int = 2, width: int = 48, hidden: int = 96) -> Tensors:
    """A ViT encoder under the names the installed transformers saves."""
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.patch_embeddings.projection.weight": (width, 1, 2, 2),
        "embeddings.position_embeddings": (1, 17, width),
    }
    for layer in range(layers):
        at = f"encoder.layer.{layer}"
        shapes |= {
            f"{at}.intermediate.dense.weight": (hidden, width),
            f"{at}.output.dense.weight": (width, hidden),
            f"{at}.attention.attention.query.weight": (width, width),
            f"{at}.attention.attention.key.weight": (width, width),
            f"{at}.attention.attention.value.weight": (width, width),
            f"{at}.attention.output.dense.weight": (width, width),
        }
    tensors = _normal(rng, shapes)
    tensors["embeddings.cls_token"] = np.zeros((1, 1, width), dtype=np.float32)
    for layer in range(layers):
        bias = f"encoder.layer.{layer}.intermediate.dense.bias"
        tensors[bias] = np.zeros(hidden, dtype=np.float32)
    return tensors


def projector(seed: int) -> Tensors:
    """A two-layer projector, named as a Sequential names its parts."""
    shapes = {"0.weight": (64, 48), "2.weight": (56, 64)}
    tensors = _normal(np.random.default_rng(seed), shapes)
    return tensors | {"0.bias": np.zeros(64, np.float32)}


def trained_on(tensors: Tensors, seed: int, change: float = 0.5) -> Tensors:
    """Every tensor moved by `change` of its own deviation, gains kept positive."""
    rng = np.random.default_rng(seed)
    return {
        name: (
            tensor + change * float(tensor.std()) * rng.normal(size=tensor.shape)
        ).astype(np.float32)
        for name, tensor in tensors.items()
    }


def reordered(tensors: Tensors, order: npt.NDArray[np.intp], axis_size: int) -> Tensors:
    """Residual channels in another order, in every tensor that has them."""
    channels_first = ("down_proj", "o_proj", "norm", "output.dense", "projection")
    moved = {}
    for name, tensor in tensors.items():
        axis = 0 if any(part in name for part in channels_first) else -1
        fits = tensor.shape[axis] == axis_size
        moved[name] = np.take(tensor, order, axis=axis) if fits else tensor
    return moved


def hidden_reordered(tensors: Tensors, seed: int) -> Tensors:
    """Hidden units of every MLP in another order: the same function."""
    moved, rng = dict(tensors), np.random.default_rng(seed)
    for name in tensors:
        if not name.endswith("mlp.up_proj.weight"):
            continue
        at = name.removesuffix("up_proj.weight")
        order = rng.permutation(tensors[name].shape[0])
        for part in ("gate_proj", "up_proj"):
            moved[f"{at}{part}.weight"] = tensors[f"{at}{part}.weight"][order]
        moved[f"{at}down_proj.weight"] = tensors[f"{at}down_proj.weight"][:, order]
    return moved


def with_layers(tensors: Tensors, order: tuple[int, ...]) -> Tensors:
    """A decoder whose layers are the given ones of `tensors`, in that order."""
    kept = {n: t for n, t in tensors.items() if ".layers." not in n}
    for place, source in enumerate(order):
        at = f"model.layers.{source}."
        for name, tensor in tensors.items():
            if name.startswith(at):
                kept[f"model.layers.{place}.{name.removeprefix(at)}"] = tensor
    return kept


def vocabulary(seed: int | None = None) -> dict[str, int]:
    """Token strings to rows; a seed gives the rows another order."""
    rows = np.arange(TOKENS)
    if seed is not None:
        rows = np.random.default_rng(seed).permutation(TOKENS)
    return {f"token-{index}": int(row) for index, row in enumerate(rows)}


def subject(name: str, **parts: Tensors | ArrayCheckpoint) -> LineageSubject:
    """A model of the given components; arrays get the plain vocabulary."""
    return LineageSubject(
        name=name,
        components={
            ComponentKind(kind): part
            if isinstance(part, ArrayCheckpoint)
            else ArrayCheckpoint(part, vocabulary())
            for kind, part in parts.items()
        },
    )


def compared(
    candidate: LineageSubject, reference: LineageSubject, searched: int = 10
) -> LineageReport:
    """The report under the shipped rules."""
    return compare_lineage(candidate, reference, comparison(searched=searched))


def comparison(
    *,
    searched: int = 10,
    rules: LineageRules | None = None,
    on_step: OnStep = lambda *_: None,
) -> Comparison:
    """What a test compares under: the shipped rules, one item after the other."""
    return Comparison(
        rules=rules or shipped_rules(),
        seed_text="test",
        searched=searched,
        compute=InOrder(),
        on_step=on_step,
    )


def _normal(rng: np.random.Generator, shapes: Mapping[str, tuple[int, ...]]) -> Tensors:
    return {
        name: taught((0.02 * rng.normal(size=shape)).astype(np.float32), rng)
        for name, shape in shapes.items()
    }


def taught(
    start: npt.NDArray[np.float32], rng: np.random.Generator, size: float = 1.5
) -> npt.NDArray[np.float32]:
    """A matrix moved along a few directions of its own, as training does.

    Each is `size` times as large as the largest direction of the start.
    """
    if start.ndim < 2:
        return start
    table = start.reshape(len(start), -1)
    left, right = (
        np.linalg.qr(rng.normal(size=(count, min(TAUGHT, *table.shape))))[0]
        for count in table.shape
    )
    change = left @ right.T * (size * float(np.linalg.norm(table, ord=2)))
    return np.asarray(table + change, dtype=np.float32).reshape(start.shape)
