"""Tensors as files hold them: the header of a safetensors file, without the file.

Unlike the reader of submitted weights this one knows the whole numbers and bytes of
an optimizer's and a generator's state too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import msgspec
import numpy as np
import numpy.typing as npt

from dokja.errors import InvalidInput

HEADER_BYTES = 1 << 27
MOST_AXES = 16
_TAGS: Mapping[str, str] = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "int16": "I16",
    "int32": "I32",
    "int64": "I64",
    "uint16": "U16",
    "uint32": "U32",
    "uint64": "U64",
    "float16": "F16",
    "bfloat16": "BF16",
    "float32": "F32",
    "float64": "F64",
    "float8_e4m3fn": "F8_E4M3",
    "float8_e5m2": "F8_E5M2",
}
"""Tag in a file of each number type, by the name that a record gives it."""
_NAMES = {tag: name for name, tag in _TAGS.items()}
_SPECIAL: Mapping[str, npt.DTypeLike] = {
    "bfloat16": ml_dtypes.bfloat16,
    "float8_e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8_e5m2": ml_dtypes.float8_e5m2,
}


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One tensor of a file: type, shape, and where its bytes stand."""

    dtype: str
    """As records name it: float32, bfloat16, …"""
    shape: tuple[int, ...]
    start: int
    """Offset from the beginning of the file."""
    stop: int

    def array(self, data: bytes) -> npt.NDArray[Any]:
        """The values of its bytes."""
        return np.frombuffer(data, dtype=number_type(self.dtype)).reshape(self.shape)


class _Entry(msgspec.Struct, frozen=True):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def number_type(name: str) -> np.dtype[Any]:
    """The array type of a name in a record, little-endian.

    Raises: InvalidInput for a name that no file can hold.
    """
    if name not in _TAGS:
        raise _broken(f"{name[:40]} is no number type of a safetensors file")
    return np.dtype(_SPECIAL.get(name, name)).newbyteorder("<")


def header_of(tensors: Sequence[tuple[str, str, Sequence[int]]]) -> bytes:
    """What stands before the values of (name, type, shape), in that order.

    Raises: InvalidInput for a type that no file can hold.
    """
    table: dict[str, object] = {}
    at = 0
    for name, dtype, shape in tensors:
        stop = at + math.prod(shape) * number_type(dtype).itemsize
        table[name] = {
            "dtype": _TAGS[dtype],
            "shape": list(shape),
            "data_offsets": [at, stop],
        }
        at = stop
    raw = msgspec.json.encode(table)
    raw += b" " * (-len(raw) % 8)
    return len(raw).to_bytes(8, "little") + raw


def header_bytes(first: bytes, size: int) -> int:
    """Length of the header, from the first 8 bytes of a file of that size.

    Raises: InvalidInput where such a header cannot be.
    """
    length = int.from_bytes(first, "little")
    if len(first) < 8 or length > min(HEADER_BYTES, size - 8):
        raise _broken("it is shorter than its header says")
    return length


def read_header(raw: bytes, size: int) -> dict[str, Placed]:
    """Every tensor of a file, by name, proven to tile it without gap or overlap.

    `raw` is the header without its length, `size` the bytes of the whole file.
    Raises: InvalidInput for anything else.
    """
    try:
        table = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
        table.pop("__metadata__", None)
        entries = {
            name: msgspec.json.decode(each, type=_Entry) for name, each in table.items()
        }
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _broken(str(error)) from error
    base = 8 + len(raw)
    found = {name: _placed(name, each, base) for name, each in entries.items()}
    at = base
    for name, place in sorted(found.items(), key=lambda i: (i[1].start, i[1].stop)):
        if place.start != at:
            raise _broken(f"{name[:80]} does not begin where the tensor before ends")
        at = place.stop
    if at != size:
        raise _broken(f"it has {size} bytes and its tensors end at {at}")
    return found


def _placed(name: str, entry: _Entry, base: int) -> Placed:
    dtype = _NAMES.get(entry.dtype)
    start, stop = entry.data_offsets
    if dtype is None or len(entry.shape) > MOST_AXES or min(entry.shape, default=0) < 0:
        raise _broken(f"type or shape of {name[:80]} cannot be")
    needed = math.prod(entry.shape) * number_type(dtype).itemsize
    if start < 0 or stop - start != needed:
        raise _broken(f"{name[:80]} does not take the bytes its shape needs")
    return Placed(
        dtype=dtype, shape=tuple(entry.shape), start=base + start, stop=base + stop
    )


def _broken(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the file is no whole safetensors file: {fact}",
        remedy="hand it in as the recorder or the safetensors library wrote it",
    )
