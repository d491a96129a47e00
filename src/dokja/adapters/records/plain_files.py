"""Plain files of a folder that a stranger handed in: no link, no pipe, no way out."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import numpy.typing as npt

from dokja.errors import InvalidInput
from dokja.training.kept_state import digest_of_array
from dokja.training.stored_tensors import Placed, header_bytes, read_header
from dokja.training.values import TensorDigest

_CHUNK = 1 << 24


def opened(path: Path, shown: str) -> IO[bytes]:
    """The file for reading.

    Raises: InvalidInput where it is missing, a link or no plain file.
    """
    try:
        # No link, and no pipe that would never end.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _refused(shown, f"it cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _refused(shown, "it is no plain file")
    return os.fdopen(handle, "rb")


def is_there(path: Path) -> bool:
    """Whether something stands at the path, be it a link to nowhere."""
    return os.path.lexists(path)


@dataclass(frozen=True)
class TensorFile:
    """A safetensors file, read tensor by tensor; implements `KeptState`."""

    path: Path
    shown: str

    @cached_property
    def places(self) -> dict[str, Placed]:
        """Where each tensor stands.

        Raises: InvalidInput where the file is not whole.
        """
        with opened(self.path, self.shown) as file:
            size = os.fstat(file.fileno()).st_size
            length = header_bytes(file.read(8), size)
            return read_header(file.read(length), size)

    @cached_property
    def _stamp(self) -> tuple[int, int]:
        with opened(self.path, self.shown) as file:
            state = os.fstat(file.fileno())
            return state.st_size, state.st_mtime_ns

    def names(self) -> tuple[str, ...]:
        """Names of the tensors, sorted."""
        return tuple(sorted(self.places))

    def array(self, name: str) -> npt.NDArray[Any]:
        """The values of a tensor.

        Raises: InvalidInput where there is none, or the file has changed.
        """
        place = self.placed(name)
        return place.array(self.read(place.start, place.stop))

    def digest(self, name: str) -> TensorDigest:
        """The tensor's digest, as a record would hold it."""
        return digest_of_array(name, self.array(name))

    def placed(self, name: str) -> Placed:
        """Where the tensor stands.

        Raises: InvalidInput where there is none.
        """
        if name not in self.places:
            raise _refused(self.shown, f"it has no tensor {name[:80]}")
        return self.places[name]

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`.

        Raises: InvalidInput where they are not there, or the file has changed
        since it was first looked at.
        """
        stamp = self._stamp
        with opened(self.path, self.shown) as file:
            state = os.fstat(file.fileno())
            file.seek(start)
            data = file.read(stop - start)
        if stamp != (state.st_size, state.st_mtime_ns) or len(data) != stop - start:
            raise _refused(self.shown, "it changed while it was read")
        return data


def digest_of_file(path: Path, shown: str) -> str:
    """Digest of the whole file.

    Raises: InvalidInput where it cannot be read.
    """
    digest = hashlib.sha256()
    with opened(path, shown) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return "sha256:" + digest.hexdigest()


def _refused(shown: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{shown} is refused: {fact}",
        remedy="hand in the folder as it was written, of plain files only",
    )
