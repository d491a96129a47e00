"""The header of a safetensors file, checked before a single weight is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dokja.adapters.weights.bounded import parse_json
from dokja.errors import InvalidInput

HEADER_LIMIT = 100 << 20
"""The format's own limit on a header."""
WIDTHS: Mapping[str, int] = {
    "F64": 8, "F32": 4, "F16": 2, "BF16": 2,
    "I64": 8, "I32": 4, "I16": 2, "I8": 1,
    "U64": 8, "U32": 4, "U16": 2, "U8": 1, "BOOL": 1,
    "F8_E4M3": 1, "F8_E5M2": 1, "F8_E8M0": 1,
}  # fmt: skip
"""Bytes of one element, by the format's name of the type."""


@dataclass(frozen=True)
class TensorEntry:
    """Where a tensor lies in its file."""

    place: Path
    dtype: str
    shape: tuple[int, ...]
    start: int
    """Offset from the beginning of the file."""
    stop: int


def read_header(place: Path, shown: str) -> dict[str, TensorEntry]:
    """Every tensor of the file, proven to lie in it without gap or overlap.

    Raises: InvalidInput, naming the file, for anything else.
    """
    try:
        size = place.stat().st_size
        with place.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if size < 8 or length > min(HEADER_LIMIT, size - 8):
                raise _broken(shown, "it is shorter than its header says")
            raw = stream.read(length)
    except OSError as error:
        raise _broken(shown, error.strerror or "it cannot be read") from error
    header = parse_json(raw, f"the header of {shown}")
    if not isinstance(header, dict):
        raise _broken(shown, "its header is not a table of tensors")
    header.pop("__metadata__", None)
    base = 8 + length
    entries = {
        name: _entry(name, item, place, shown, base) for name, item in header.items()
    }
    _refuse_gaps(entries, base, size, shown)
    return entries


def table_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns as blocks give them; a vector is one column."""
    if not shape:
        return 1, 1
    columns = 1
    for size in shape[1:]:
        columns *= size
    return shape[0], columns


def _entry(name: str, item: Any, place: Path, shown: str, base: int) -> TensorEntry:
    try:
        dtype, shape, (start, stop) = item["dtype"], item["shape"], item["data_offsets"]
    except (TypeError, KeyError, ValueError) as error:
        raise _broken(shown, f"the entry of {name} is malformed") from error
    if not isinstance(dtype, str) or dtype not in WIDTHS:
        raise InvalidInput(
            f"{shown}: {name} is stored as {dtype!r}, which cannot be read",
            remedy="save the weights as F32, F16, BF16, F8_E4M3 or F8_E5M2",
        )
    if not isinstance(shape, list) or not all(
        _is_count(n) for n in (*shape, start, stop)
    ):
        raise _broken(shown, f"shape or offsets of {name} are not whole numbers")
    if stop - start != math.prod(shape) * WIDTHS[dtype]:
        raise _broken(shown, f"{name} does not take the bytes its shape needs")
    return TensorEntry(place, dtype, tuple(shape), base + start, base + stop)


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


def _broken(shown: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{shown} is not a whole safetensors file: {fact}",
        remedy="save it again with the safetensors library and compare its size "
        "after copying",
    )
