"""A state of training by its tensors, and the digest a record holds of each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dokja.training.values import TensorDigest


class KeptState(Protocol):
    """The tensors of a checkpoint under their recorded names, read one at a time."""

    def names(self) -> tuple[str, ...]:
        """Names of the tensors, sorted."""

    def array(self, name: str) -> npt.NDArray[Any]:
        """The values of a tensor; bfloat16 and float8 by `ml_dtypes`."""

    def digest(self, name: str) -> TensorDigest:
        """The tensor's digest, as a record would hold it."""


@dataclass(frozen=True)
class HeldState:
    """Tensors in memory; implements `KeptState`."""

    tensors: dict[str, npt.NDArray[Any]]

    def names(self) -> tuple[str, ...]:
        """Names of the tensors, sorted."""
        return tuple(sorted(self.tensors))

    def array(self, name: str) -> npt.NDArray[Any]:
        """The values of a tensor."""
        return self.tensors[name]

    def digest(self, name: str) -> TensorDigest:
        """The tensor's digest, as a record would hold it."""
        return digest_of_array(name, self.tensors[name])


def digest_of_array(name: str, array: npt.NDArray[Any]) -> TensorDigest:
    """The digest of an array: SHA-256 of its values, little-endian, in row order."""
    values = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    return TensorDigest(
        name=name,
        dtype=array.dtype.name,
        shape=tuple(array.shape),
        digest="sha256:"
        + hashlib.sha256(values.reshape(-1).view(np.uint8).data).hexdigest(),
    )
