"""ONNX weights, in the model's file or beside it, read by ranges."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dokja.adapters.weights.byte_source import ByteSource, HeldBytes
from dokja.adapters.weights.onnx_header import (
    STORED,
    TEXTS,
    OnnxTensor,
    broken_onnx,
    read_onnx_header,
)
from dokja.adapters.weights.onnx_names import NamedTensor, named_tensors
from dokja.adapters.weights.onnx_wire import packed
from dokja.adapters.weights.places import Place
from dokja.adapters.weights.safetensors_checkpoint import read_config, read_vocabulary
from dokja.adapters.weights.stored_checkpoint import (
    PlainTensor,
    StoredCheckpoint,
    StoredTensor,
    begun_digest,
)
from dokja.adapters.weights.stored_table import (
    DTYPES,
    Indices,
    Plain,
    Rows,
    StoredTable,
    is_countable,
    picked_numbers,
    table_shape,
)
from dokja.errors import InvalidInput

RAW, FLOATS, DOUBLES = 9, 4, 10
AS_LISTED = {"F32": FLOATS, "F64": DOUBLES}
"""Fields whose numbers lie as the type itself does."""
AS_VARINTS = {"I64": 7, "U32": 11, "U64": 11}
"""Fields of types whose numbers are varints; the others stand in field 5."""
HELD_LIMIT = 64 << 20
"""Bytes of varints that are opened and kept, in all tensors of a file."""


@dataclass(frozen=True)
class FlippedTensor:
    """A matrix stored as inputs by outputs; implements `StoredTensor`."""

    table: StoredTable

    @property
    def shape(self) -> tuple[int, ...]:
        """Outputs by inputs, as it was trained."""
        return self.table.columns, self.table.count

    def picked(
        self, rows: Indices, columns: Indices | None, *, block_bytes: int
    ) -> Rows:
        """(rows, columns) float32 of the matrix as it was trained."""
        taken = np.arange(self.table.count) if columns is None else columns
        found: Rows = picked_numbers(self.table, taken, rows, block_bytes=block_bytes)
        return np.ascontiguousarray(found.T)

    def sha256(self, *, block_bytes: int) -> str:
        """Digest of the bytes as they were before they were turned round."""
        taken = begun_digest(self.table.storing.name, self.shape)
        for piece in self._pieces(block_bytes):
            taken.update(piece)
        return taken.hexdigest()

    def _pieces(self, block_bytes: int) -> Iterator[bytes]:
        table, size = self.table, self.table.storing.size
        wide = max(1, block_bytes // (size * max(1, table.count)))
        high = table.count if wide > 1 else max(1, block_bytes // size)
        for left in range(0, table.columns, wide):
            columns = np.arange(left, min(left + wide, table.columns))
            for top in range(0, table.count, high):
                rows = np.arange(top, min(top + high, table.count))
                part = picked_numbers(
                    table,
                    rows,
                    columns,
                    block_bytes=block_bytes,
                    dtype=DTYPES[table.storing.name],
                )
                yield part.T.tobytes()


def open_onnx(place: Place, name: str, *, block_bytes: int) -> StoredCheckpoint:
    """The weights of the ONNX file of that name, opened but not read.

    Raises: InvalidInput for a broken file, for types that cannot be read, and
    for numbers kept outside the folder.
    """
    opening = _Opening(place, place.source(name))
    tensors = {
        trained: opening.tensor(trained, found)
        for trained, found in named_tensors(opening.model).items()
        if found.tensor.kind != TEXTS
    }
    if not tensors:
        raise broken_onnx(opening.source.shown, "it holds no weight")
    return StoredCheckpoint(
        tensors,
        config=read_config(place),
        vocabulary=read_vocabulary(place),
        block_bytes=block_bytes,
    )


class _Opening:
    """Finds where the numbers of each tensor lie."""

    def __init__(self, place: Place, source: ByteSource) -> None:
        self._place = place
        self.source = source
        self.model = read_onnx_header(source)
        self._beside: dict[str, ByteSource] = {}
        self._held = 0

    def tensor(self, name: str, found: NamedTensor) -> StoredTensor:
        """The tensor, its numbers proven to lie in a file."""
        tensor, shown = found.tensor, self.source.shown
        shape = tensor.shape
        if tensor.kind not in STORED:
            raise InvalidInput(
                f"{shown}: {name} is stored as ONNX type {tensor.kind}, which cannot "
                "be read",
                remedy="export the model as it was before it was quantised to less "
                "than 8 bits, or save its weights as safetensors",
            )
        if any(size < 0 for size in shape) or not is_countable(shape):
            raise broken_onnx(shown, f"{name} has a shape that no weights have")
        stored = Plain(STORED[tensor.kind])
        count, columns = table_shape(shape)
        needed = math.prod(shape) * stored.size
        source, start, stop = self._lies(name, tensor, stored.name, needed)
        if stop - start != needed:
            raise broken_onnx(shown, f"{name} does not take the bytes its shape needs")
        table = StoredTable(source, start, count, columns, stored)
        return FlippedTensor(table) if found.is_flipped else PlainTensor(table, shape)

    def _lies(
        self, name: str, tensor: OnnxTensor, stored: str, needed: int
    ) -> tuple[ByteSource, int, int]:
        """File, and where in it the numbers begin and end."""
        if tensor.is_external:
            return self._outside(name, tensor, needed)
        if RAW in tensor.data:
            return self.source, *tensor.data[RAW]
        if stored in AS_LISTED:
            return self.source, *tensor.data.get(AS_LISTED[stored], (0, 0))
        start, stop = tensor.data.get(AS_VARINTS.get(stored, 5), (0, 0))
        self._held += stop - start
        if self._held > HELD_LIMIT:
            raise InvalidInput(
                f"{self.source.shown} keeps more than {HELD_LIMIT} bytes of numbers "
                "one by one",
                remedy="export the model with raw_data or external data",
            )
        values = packed(self.source.read(start, stop))
        if values is None:
            raise broken_onnx(self.source.shown, f"a number of {name} does not end")
        held = values.astype(f"<u{DTYPES[stored].itemsize}").tobytes()
        return HeldBytes(shown=self.source.shown, data=held), 0, len(held)

    def _outside(
        self, name: str, tensor: OnnxTensor, needed: int
    ) -> tuple[ByteSource, int, int]:
        location = tensor.outside.get("location", "")
        if location not in self._beside:
            self._beside[location] = self._place.source(location)
        source = self._beside[location]
        start = self._number(name, tensor.outside.get("offset", "0"))
        length = self._number(name, tensor.outside.get("length", str(needed)))
        if length > source.size - start:
            raise broken_onnx(
                self.source.shown, f"{name} ends past the end of {source.shown}"
            )
        return source, start, start + length

    def _number(self, name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 20):
            raise broken_onnx(self.source.shown, f"{name} lies at no whole number")
        return int(text)
