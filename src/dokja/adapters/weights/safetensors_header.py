"""The header of a safetensors file, checked before a single weight is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dokja.adapters.weights.bounded import DamagedFile, is_text, parse_json
from dokja.adapters.weights.byte_source import ByteSource
from dokja.adapters.weights.stored_table import (
    DTYPES,
    Plain,
    StoredTable,
    is_countable,
    table_shape,
)
from dokja.errors import InvalidInput

HEADER_LIMIT = 100 << 20
"""The format's own limit on a header."""
AXES_LIMIT = 32


@dataclass(frozen=True)
class TensorEntry:
    """Where a tensor lies in its file."""

    source: ByteSource
    dtype: str
    shape: tuple[int, ...]
    start: int
    """Offset from the beginning of the file."""
    stop: int

    @property
    def table(self) -> StoredTable:
        """Its numbers as rows and columns."""
        count, columns = table_shape(self.shape)
        return StoredTable(self.source, self.start, count, columns, Plain(self.dtype))


def read_header(source: ByteSource) -> dict[str, TensorEntry]:
    """Every tensor of the file, proven to lie in it without gap or overlap.

    Raises: InvalidInput, naming the file, for anything else.
    """
    shown, size = source.shown, source.size
    length = int.from_bytes(source.read(0, min(8, size)), "little")
    if size < 8 or length > min(HEADER_LIMIT, size - 8):
        raise _broken(shown, "it is shorter than its header says")
    raw = source.read(8, 8 + length)
    header = parse_json(raw, f"the header of {shown}")
    if not isinstance(header, dict):
        raise _broken(shown, "its header is not a table of tensors")
    header.pop("__metadata__", None)
    base = 8 + length
    entries = {name: _entry(name, item, source, base) for name, item in header.items()}
    _refuse_gaps(entries, base, size, shown)
    return entries


def _entry(name: str, item: Any, source: ByteSource, base: int) -> TensorEntry:
    shown = source.shown
    if not is_text(name):
        raise _broken(shown, "a name in it is not text")
    try:
        dtype, shape, (start, stop) = item["dtype"], item["shape"], item["data_offsets"]
    except (TypeError, KeyError, ValueError) as error:
        raise _broken(shown, f"the entry of {name} is malformed") from error
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise InvalidInput(
            f"{shown}: {name} is stored as {str(dtype)[:40]!r}, which cannot be read",
            remedy="save the weights as F32, F16, BF16, F8_E4M3 or F8_E5M2",
        )
    if not isinstance(shape, list) or not all(
        _is_count(n) for n in (*shape, start, stop)
    ):
        raise _broken(shown, f"shape or offsets of {name} are not whole numbers")
    if len(shape) > AXES_LIMIT or not is_countable(tuple(shape)):
        raise _broken(shown, f"{name} has a shape that no weights have")
    if stop - start != math.prod(shape) * DTYPES[dtype].itemsize:
        raise _broken(shown, f"{name} does not take the bytes its shape needs")
    return TensorEntry(source, dtype, tuple(shape), base + start, base + stop)


def _refuse_gaps(
    entries: Mapping[str, TensorEntry], base: int, size: int, shown: str
) -> None:
    """Nothing. Raises: InvalidInput unless the tensors tile the data exactly."""
    position = base
    for name, entry in sorted(
        entries.items(), key=lambda item: (item[1].start, item[1].stop)
    ):
        if entry.start < position:
            raise _broken(shown, f"{name} overlaps another tensor")
        if entry.start > position:
            raise _broken(shown, f"there are bytes of no tensor before {name}")
        if entry.stop > size:
            raise _broken(shown, f"{name} ends past the end of the file")
        position = entry.stop
    if position != size:
        raise _broken(shown, f"{size - position} bytes at its end belong to no tensor")


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _broken(shown: str, fact: str) -> DamagedFile:
    return DamagedFile(
        f"{shown} is not a whole safetensors file: {fact}",
        remedy="save it again with the safetensors library and compare its size "
        "after copying",
    )
