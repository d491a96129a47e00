"""Tables of stored numbers: the rows and columns that are asked for, and no more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Protocol

import ml_dtypes
import numpy as np
import numpy.typing as npt

from dokja.adapters.weights.byte_source import ByteSource
from dokja.errors import InvalidInput

Rows = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]
Numbers = npt.NDArray[Any]
Places = Indices | slice

DTYPES: Mapping[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "I64": np.dtype("<i8"),
    "I32": np.dtype("<i4"),
    "I16": np.dtype("<i2"),
    "I8": np.dtype("i1"),
    "U64": np.dtype("<u8"),
    "U32": np.dtype("<u4"),
    "U16": np.dtype("<u2"),
    "U8": np.dtype("u1"),
    "BOOL": np.dtype("?"),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "F8_E8M0": np.dtype(ml_dtypes.float8_e8m0fnu),
}
"""Types that numpy reads, by the name safetensors gives them."""
EMPTY_LIMIT = 1 << 20
"""Product of the other axes of a tensor that has an empty one."""


class Storing(Protocol):
    """How numbers are stored: `block` of them take `size` bytes."""

    @property
    def name(self) -> str:
        """What the type is called; part of a digest."""

    @property
    def block(self) -> int:
        """Numbers that can only be read together."""

    @property
    def size(self) -> int:
        """Bytes of a block."""

    @property
    def most(self) -> int:
        """Numbers that may be opened at once."""

    def opened(self, raw: bytes) -> Numbers:
        """The numbers that the bytes of whole blocks stand for, flat."""


@dataclass(frozen=True)
class Plain:
    """Numbers of a type that numpy has; implements `Storing`."""

    name: str

    block = 1
    most = 1 << 62

    @property
    def size(self) -> int:
        """Bytes of one number."""
        return DTYPES[self.name].itemsize

    def opened(self, raw: bytes) -> Numbers:
        """A view of the bytes, not widened yet."""
        return np.frombuffer(raw, dtype=DTYPES[self.name])


OCTETS = Plain("U8")


@dataclass(frozen=True)
class StoredTable:
    """A tensor as (count, columns) numbers that lie one after the other."""

    source: ByteSource
    start: int
    """Offset from the beginning of the file."""
    count: int
    columns: int
    storing: Storing

    @property
    def stop(self) -> int:
        """Offset behind the last byte."""
        return self.start + self.count * self.row_bytes

    @property
    def row_bytes(self) -> int:
        """Bytes of one row."""
        return self.columns // self.storing.block * self.storing.size

    def as_octets(self) -> StoredTable:
        """The same rows as bytes."""
        return replace(self, columns=self.row_bytes, storing=OCTETS)


def table_shape(shape: tuple[int, ...]) -> tuple[int, int]:
    """Rows and columns as blocks give them; a vector is one column."""
    return (shape[0], math.prod(shape[1:])) if shape else (1, 1)


def is_countable(shape: tuple[int, ...]) -> bool:
    """Whether a tensor without numbers also looks like one.

    Where an axis is empty the others take no bytes, so that a few characters
    of a header could ask for any number of rows.
    """
    return 0 not in shape or math.prod(n for n in shape if n) <= EMPTY_LIMIT


def picked_numbers(
    table: StoredTable,
    rows: Indices,
    columns: Indices | None,
    *,
    block_bytes: int,
    dtype: npt.DTypeLike = np.float32,
) -> Numbers:
    """(rows, columns) of `dtype`: the stored numbers at these indices.

    Neighbours are read together, at most `block_bytes` at a time, and only
    what is picked is widened. Rows longer than a block are read in parts, and
    parts of long rows that hold nothing picked are left out. Raises:
    InvalidInput for indices that the table does not have.
    """
    _refuse_outside(table.source.shown, rows, table.count)
    width = table.columns
    if columns is not None:
        _refuse_outside(table.source.shown, columns, table.columns)
        width = len(columns)
    found: Numbers = np.empty((len(rows), width), dtype=dtype)
    if not found.size:
        return found
    parts = _parts(table, columns, block_bytes)
    with np.errstate(over="ignore", invalid="ignore"):
        if parts is None:
            _fill_by_rows(found, table, rows, columns, block_bytes)
        else:
            _fill_by_parts(found, table, rows, parts)
    return found


def stored_pieces(
    table: StoredTable, first: int, last: int, *, block_bytes: int
) -> Iterator[bytes]:
    """The stored bytes of the rows from `first` to `last`, in order."""
    stop = table.start + last * table.row_bytes
    step = max(1, min(block_bytes, table.source.stride))
    for start in range(table.start + first * table.row_bytes, stop, step):
        yield table.source.read(start, min(start + step, stop))


def runs(indices: Indices, *, gap: int, most: int) -> Iterator[tuple[int, int]]:
    """Ranges of the sorted `indices` that are read together.

    Between neighbours of one range at most `gap` indices are missing, and no
    range spans more than `most`.
    """
    breaks = np.flatnonzero(np.diff(indices) > gap + 1) + 1
    for start, stop in pairwise((0, *breaks.tolist(), len(indices))):
        first = start
        while first < stop:
            within = indices[first:stop]
            last = first + int(np.searchsorted(within, within[0] + most))
            yield first, last
            first = last


@dataclass(frozen=True)
class _Part:
    """Numbers `first` to `last` of a row, and where its picked ones go."""

    first: int
    last: int
    taken: Places
    """Of the part."""
    given: Places
    """Of the result."""


def _parts(
    table: StoredTable, columns: Indices | None, block_bytes: int
) -> list[_Part] | None:
    """The parts in which each row is read; None where rows are read whole."""
    block, size = table.storing.block, table.storing.size
    most = max(1, min(block_bytes // size, table.storing.most // block))
    whole = table.columns // block
    if columns is None:
        step = most * block
        return None if whole <= most else [
            _Part(at, min(at + step, table.columns), slice(None), slice(at, at + step))
            for at in range(0, table.columns, step)
        ]  # fmt: skip
    order = np.argsort(columns, kind="stable")
    ordered = columns[order]
    parts = []
    for start, stop in runs(ordered // block, gap=table.source.gap // size, most=most):
        first = int(ordered[start]) // block * block
        last = (int(ordered[stop - 1]) // block + 1) * block
        parts.append(_Part(first, last, ordered[start:stop] - first, order[start:stop]))
    read = sum(part.last - part.first for part in parts) // block
    is_worth_it = (whole - read) * size > table.source.gap
    return parts if whole > most or is_worth_it else None


def _fill_by_parts(
    found: Numbers, table: StoredTable, rows: Indices, parts: list[_Part]
) -> None:
    storing = table.storing
    for place, row in enumerate(rows.tolist()):
        start = table.start + row * table.row_bytes
        for part in parts:
            raw = table.source.read(
                start + part.first // storing.block * storing.size,
                start + part.last // storing.block * storing.size,
            )
            found[place, part.given] = storing.opened(raw)[part.taken]


def _fill_by_rows(
    found: Numbers,
    table: StoredTable,
    rows: Indices,
    columns: Indices | None,
    block_bytes: int,
) -> None:
    order: Indices | None = None
    if np.any(rows[1:] <= rows[:-1]):
        order = np.argsort(rows, kind="stable")
        rows = rows[order]
    size = table.row_bytes
    most = max(1, min(block_bytes // size, table.storing.most // table.columns))
    for start, stop in runs(rows, gap=table.source.gap // size, most=most):
        first, last = int(rows[start]), int(rows[stop - 1]) + 1
        raw = table.source.read(table.start + first * size, table.start + last * size)
        block = table.storing.opened(raw).reshape(last - first, table.columns)
        given: Places = slice(start, stop)
        if order is not None or last - first > stop - start:
            block = block[rows[start:stop] - first]
        if order is not None:
            given = order[start:stop]
        found[given] = block if columns is None else block[:, columns]


def _refuse_outside(shown: str, indices: Indices, count: int) -> None:
    if len(indices) and not 0 <= int(indices.min()) <= int(indices.max()) < count:
        raise InvalidInput(
            f"{shown}: {int(indices.min())} to {int(indices.max())} were asked for "
            f"of {count} rows or columns",
            remedy="ask within the shape that shapes() gives",
        )
