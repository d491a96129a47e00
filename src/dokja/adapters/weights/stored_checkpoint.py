"""Named tensors of a model, read in blocks, whatever file they lie in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from dokja.adapters.weights.stored_table import (
    Indices,
    Rows,
    StoredTable,
    picked_numbers,
    stored_pieces,
    table_shape,
)
from dokja.errors import InvalidInput


class StoredTensor(Protocol):
    """One tensor, and how its trained values come back from the stored bytes."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape in the library that trained it."""

    def picked(
        self, rows: Indices, columns: Indices | None, *, block_bytes: int
    ) -> Rows:
        """(rows, columns) float32; memory follows the result and the block."""

    def sha256(self, *, block_bytes: int) -> str:
        """Hexadecimal digest of its bytes with its shape and type."""


class StoredCheckpoint:
    """Implements `submission.ports.Checkpoint`; may be pickled."""

    def __init__(
        self,
        tensors: Mapping[str, StoredTensor],
        *,
        config: Mapping[str, object],
        vocabulary: Mapping[str, int] | None,
        block_bytes: int,
    ) -> None:
        """`block_bytes` bounds a single read."""
        self._tensors = dict(sorted(tensors.items()))
        self._config = config
        self._vocabulary = vocabulary
        self._block_bytes = max(1, block_bytes)
        self._digests: dict[str, str] = {}

    @property
    def config(self) -> Mapping[str, object]:
        """The parsed `config.json` or its like, empty where there is none."""
        return self._config

    @property
    def vocabulary(self) -> Mapping[str, int] | None:
        """Token strings to rows of the embedding, None without a tokenizer."""
        return self._vocabulary

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each tensor, by name."""
        return {name: tensor.shape for name, tensor in self._tensors.items()}

    def digest(self, name: str) -> str:
        """Digest of the tensor's stored bytes with its shape and dtype."""
        if name not in self._digests:
            tensor = self._tensor(name)
            taken = tensor.sha256(block_bytes=self._block_bytes)
            self._digests[name] = f"sha256:{taken}"
        return self._digests[name]

    def rows(self, name: str, start: int, stop: int) -> Rows:
        """(stop - start, cols) float32 rows; trailing axes are flattened.

        Raises: InvalidInput for rows the tensor does not have.
        """
        count = table_shape(self._tensor(name).shape)[0]
        if not 0 <= start <= stop <= count:
            raise InvalidInput(
                f"{name} has {count} rows; {start} to {stop} were asked for",
                remedy="ask within the shape that shapes() gives",
            )
        return self.picked(name, np.arange(start, stop), None)

    def picked(self, name: str, rows: Indices, columns: Indices | None) -> Rows:
        """(rows, columns) float32: the values at these indices of `rows`.

        Raises: InvalidInput for indices the tensor does not have.
        """
        tensor = self._tensor(name)
        return tensor.picked(rows, columns, block_bytes=self._block_bytes)

    def blocks(self, name: str) -> Iterator[Rows]:
        """The tensor's rows in order, in blocks of about the block size."""
        count, columns = table_shape(self._tensor(name).shape)
        step = max(1, self._block_bytes // (4 * max(1, columns)))
        for start in range(0, count, step):
            yield self.rows(name, start, min(start + step, count))

    def _tensor(self, name: str) -> StoredTensor:
        if name not in self._tensors:
            raise InvalidInput(
                f"the checkpoint has no tensor {name}",
                remedy="hand in every tensor that the model's architecture names",
            )
        return self._tensors[name]


@dataclass(frozen=True)
class PlainTensor:
    """A tensor stored as it was trained; implements `StoredTensor`."""

    table: StoredTable
    shape: tuple[int, ...]

    def picked(
        self, rows: Indices, columns: Indices | None, *, block_bytes: int
    ) -> Rows:
        """(rows, columns) float32."""
        return picked_numbers(self.table, rows, columns, block_bytes=block_bytes)

    def sha256(self, *, block_bytes: int) -> str:
        """Hexadecimal digest of its bytes with its shape and type."""
        return table_digest(self.table, self.shape, block_bytes).hexdigest()


def begun_digest(storing: str, shape: tuple[int, ...]) -> hashlib._Hash:
    """A digest that holds type and shape and waits for the bytes."""
    return hashlib.sha256(f"{storing} {shape} ".encode())


def table_digest(
    table: StoredTable, shape: tuple[int, ...], block_bytes: int
) -> hashlib._Hash:
    """The digest of a whole table in the order it is stored."""
    taken = begun_digest(table.storing.name, shape)
    for piece in stored_pieces(table, 0, table.count, block_bytes=block_bytes):
        taken.update(piece)
    return taken
