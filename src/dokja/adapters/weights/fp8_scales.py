"""Scales that stand beside FP8 weights, found and spread over their blocks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from dokja.adapters.weights.safetensors_header import TensorEntry
from dokja.adapters.weights.stored_checkpoint import table_digest
from dokja.adapters.weights.stored_table import (
    Indices,
    Rows,
    StoredTable,
    picked_numbers,
    table_shape,
)
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
TILE = 1 << 12
"""Numbers that are scaled at once, however small the block of a read is."""


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

    @property
    def table(self) -> StoredTable:
        """The factors, a row for each block of rows."""
        count, columns = table_shape(self.counts)
        return replace(self.entry.table, count=count, columns=columns)

    def factors(self, rows: Indices, columns: Indices, block_bytes: int) -> Rows:
        """(rows, columns) factors of the numbers at these indices."""
        within = np.unravel_index(columns, self.shape[1:]) if self.shape[1:] else ()
        blocks = np.zeros(len(columns), dtype=np.intp)
        for index, side, count in zip(
            within, self.sides[1:], self.counts[1:], strict=True
        ):
            blocks = blocks * count + index // side
        return picked_numbers(
            self.table, rows // self.sides[0], blocks, block_bytes=block_bytes
        )


@dataclass(frozen=True)
class ScaledTensor:
    """FP8 codes and their factors; implements `StoredTensor`."""

    entry: TensorEntry
    scale: Scale

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the codes."""
        return self.entry.shape

    def picked(
        self, rows: Indices, columns: Indices | None, *, block_bytes: int
    ) -> Rows:
        """(rows, columns) float32, scaled."""
        found: Rows = picked_numbers(
            self.entry.table, rows, columns, block_bytes=block_bytes
        )
        width = found.shape[1]
        # The indices and factors of a number take about eight times its bytes.
        most = max(TILE, block_bytes // 32)
        wide = max(1, min(width, most))
        high = most // wide
        for left in range(0, width, wide):
            right = min(left + wide, width)
            taken = np.arange(left, right) if columns is None else columns[left:right]
            for top in range(0, len(rows), high):
                few = rows[top : top + high]
                with np.errstate(over="ignore", invalid="ignore"):
                    found[top : top + high, left:right] *= self.scale.factors(
                        few, taken, block_bytes
                    )
        return found

    def sha256(self, *, block_bytes: int) -> str:
        """Digest of codes and scale.

        The same codes under another scale are other weights.
        """
        taken = table_digest(self.entry.table, self.shape, block_bytes)
        scale = self.scale.entry
        taken.update(table_digest(scale.table, scale.shape, block_bytes).digest())
        return taken.hexdigest()


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
