"""Scales that stand beside FP8 weights, found and spread over their blocks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.adapters.weights.safetensors_header import TensorEntry
from dokja.errors import InvalidInput

FP8 = frozenset({"F8_E4M3", "F8_E5M2"})
"""Types whose few exponents need a scale beside them."""
SCALE_TYPES = frozenset({"F64", "F32", "F16", "BF16", "F8_E8M0"})
OF_WEIGHTS = ("_scale_inv", "_scale")
"""Endings of a scale's name; both are factors, whatever `inv` suggests."""
OF_ACTIVATIONS = ("input_scale", "activation_scale")
"""Scales of what a layer reads: no weights, and no factor of any."""
BLOCK = 128
"""Side of a block where the configuration names none."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The factors of one tensor: one a block, along every axis."""

    entry: TensorEntry
    counts: tuple[int, ...]
    """Blocks along each axis of the tensor."""
    sides: tuple[int, ...]
    """Elements of a block along each axis."""
    shape: tuple[int, ...]
    """Shape of the tensor that is scaled."""

    def factors(
        self, stored: npt.NDArray[np.generic], start: int, stop: int
    ) -> npt.NDArray[np.float32]:
        """(stop - start, columns) factors; `stored` is the whole scale, flat."""
        table = stored.reshape(self.counts)
        spread = table[np.arange(start, stop) // self.sides[0]].astype(np.float32)
        for axis in range(1, len(self.shape)):
            blocks = np.arange(self.shape[axis]) // self.sides[axis]
            spread = np.take(spread, blocks, axis=axis)
        return spread.reshape(stop - start, math.prod(self.shape[1:]))


def find_scales(
    entries: Mapping[str, TensorEntry], config: Mapping[str, object], shown: str
) -> tuple[dict[str, TensorEntry], dict[str, Scale]]:
    """The tensors that are weights, and the scale of each that has one.

    Raises: InvalidInput where a scale does not fit the tensor it stands by.
    """
    declared = _declared_block(config)
    scales: dict[str, Scale] = {}
    aside: set[str] = set()
    for name, entry in entries.items():
        if entry.dtype not in FP8:
            continue
        found = [name + end for end in OF_WEIGHTS if name + end in entries]
        if len(found) > 1:
            raise _unfit(shown, name, f"both {found[0]} and {found[1]} scale it")
        for scale in found:
            scales[name] = _scale(name, entry, entries[scale], declared, shown)
        module = name.removesuffix("weight")
        aside.update(found, (module + end for end in OF_ACTIVATIONS))
    offered = {name: entry for name, entry in entries.items() if name not in aside}
    return offered, scales


def _scale(
    name: str,
    entry: TensorEntry,
    scale: TensorEntry,
    declared: tuple[int, int],
    shown: str,
) -> Scale:
    axes = len(entry.shape)
    counts = scale.shape
    if math.prod(counts) == 1:
        counts = (1,) * axes
    elif len(counts) == 1:
        counts += (1,) * (axes - 1)
    if scale.dtype not in SCALE_TYPES or not axes or len(counts) != axes:
        raise _unfit(shown, name, f"its scale is {scale.dtype} of {scale.shape}")
    wanted = ((0,) * axes + declared)[-axes:]
    sides = tuple(map(_side, entry.shape, counts, wanted))
    if 0 in sides:
        raise _unfit(shown, name, f"{entry.shape} has no {scale.shape} equal blocks")
    return Scale(entry=scale, counts=counts, sides=sides, shape=entry.shape)


def _side(size: int, count: int, declared: int) -> int:
    """Elements of a block, 0 where `count` blocks do not cover `size`."""
    if size == 0:
        return 1
    if count <= 1:
        return size * count
    if declared and math.ceil(size / declared) == count:
        return declared
    return 0 if size % count else size // count


def _declared_block(config: Mapping[str, object]) -> tuple[int, int]:
    quantisation = config.get("quantization_config")
    block = (
        quantisation.get("weight_block_size")
        if isinstance(quantisation, dict)
        else None
    )
    if isinstance(block, list) and len(block) == 2:
        rows, columns = block
        if type(rows) is int and type(columns) is int and min(block) > 0:
            return rows, columns
    return BLOCK, BLOCK


def _unfit(shown: str, name: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{shown}: {name} is stored in FP8 and cannot be scaled: {fact}",
        remedy="save the weights and their scales again with the tool that "
        "quantised them, or save them as BF16",
    )
