"""What sealing and verifying a submission need from the outside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from dokja.submission.values import DigestedFile, SealedFile

Rows = npt.NDArray[np.float32]
Indices = npt.NDArray[np.intp]


class ModelFolder(Protocol):
    """A folder somebody handed in: read within bounds, never trusted."""

    def read_text(self, path: str) -> str:
        """Text of a small file. Raises: InvalidInput past the size limit."""

    def files(self) -> tuple[SealedFile, ...]:
        """Every file with its digest, sorted by path.

        Raises: InvalidInput for a pickle, a link, or a path that leaves the
        folder.
        """

    def read_bytes(self, path: str, *, limit: int) -> bytes:
        """The whole of a file. Raises: InvalidInput past `limit` bytes."""

    def digests(self) -> tuple[DigestedFile, ...]:
        """The same files, each read once, with the tensors of safetensors files."""

    def checkpoint(self, path: str) -> Checkpoint:
        """The weights under a component's path, opened but not read."""


class Checkpoint(Protocol):
    """Named tensors, read in blocks of rows, widened to float32."""

    @property
    def config(self) -> Mapping[str, object]:
        """The parsed `config.json`, empty where there is none."""

    @property
    def vocabulary(self) -> Mapping[str, int] | None:
        """Token strings to rows of the embedding, None without a tokenizer."""

    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of each tensor, by name."""

    def digest(self, name: str) -> str:
        """Digest of the tensor's stored bytes with its shape and dtype."""

    def rows(self, name: str, start: int, stop: int) -> Rows:
        """(stop - start, cols) float32 rows; trailing axes are flattened.

        A vector is read as one column. The values do not depend on how the
        adapter splits its reads.
        """

    def picked(self, name: str, rows: Indices, columns: Indices | None) -> Rows:
        """(rows, columns) float32: the values at these indices of `rows`.

        All columns for None. Memory follows what is picked and the adapter's
        block, never the tensor.
        """

    def blocks(self, name: str) -> Iterator[Rows]:
        """The tensor's rows in order, in blocks of a bounded size."""
