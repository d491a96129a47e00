"""The bytes of one file, read by ranges: nothing is mapped, nothing is kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Protocol

from dokja.errors import InvalidInput


class ByteSource(Protocol):
    """A file whose size is known and which is read by ranges.

    A source holds no open descriptor or connection: it may be pickled, and
    each read finds the file again and refuses one that has changed.
    """

    @property
    def shown(self) -> str:
        """How errors name the file."""

    @property
    def size(self) -> int:
        """Bytes of the file, as it was when it was opened."""

    @property
    def gap(self) -> int:
        """Bytes that cost less to read and drop than to leave out."""

    @property
    def stride(self) -> int:
        """Bytes that one read of a long run takes best."""

    def read(self, start: int, stop: int) -> bytes:
        """Exactly the bytes from `start` to `stop`.

        Raises: InvalidInput outside the file or where it has changed;
        Unavailable where it cannot be reached any more.
        """


@dataclass(frozen=True, kw_only=True)
class LocalBytes:
    """A plain file on this machine; implements `ByteSource`."""

    place: Path
    shown: str
    size: int
    changed_at: int
    """When the file was last written, in nanoseconds."""

    gap = 1 << 16
    stride = 1 << 18

    def read(self, start: int, stop: int) -> bytes:
        """Exactly the bytes from `start` to `stop`."""
        refuse_outside(self, start, stop)
        with _opened(self.place, self.shown) as (descriptor, state):
            _refuse_changed(self, state)
            found = os.pread(descriptor, stop - start, start)
            if len(found) < stop - start:
                found = self._rest(descriptor, start, stop, found)
        return found

    def _rest(self, descriptor: int, start: int, stop: int, found: bytes) -> bytes:
        """The whole range where the system gave less at once."""
        parts, position = [found], start + len(found)
        while position < stop:
            part = os.pread(descriptor, stop - position, position)
            if not part:
                raise changed(self.shown)
            parts.append(part)
            position += len(part)
        return b"".join(parts)


@dataclass(frozen=True, kw_only=True)
class HeldBytes:
    """Bytes that are in memory already; implements `ByteSource`."""

    shown: str
    data: bytes

    gap = 1 << 16
    stride = 1 << 18

    @property
    def size(self) -> int:
        """Bytes held."""
        return len(self.data)

    def read(self, start: int, stop: int) -> bytes:
        """Exactly the bytes from `start` to `stop`."""
        refuse_outside(self, start, stop)
        return self.data[start:stop]


def open_local(place: Path, shown: str) -> LocalBytes:
    """The plain file at `place`, opened without following a link.

    Raises: InvalidInput where it is missing, a link or not a plain file.
    """
    with _opened(place, shown) as (_, state):
        return LocalBytes(
            place=place, shown=shown, size=state.st_size, changed_at=state.st_mtime_ns
        )


@contextmanager
def opened_local(source: LocalBytes) -> Iterator[FileIO]:
    """The file from its beginning, unbuffered, for one pass over all of it.

    Raises: InvalidInput where it is no longer the one that was opened, or changes
    before the pass is over.
    """
    with _opened(source.place, source.shown) as (descriptor, state):
        _refuse_changed(source, state)
        with FileIO(descriptor, closefd=False) as stream:
            yield stream
        _refuse_changed(source, os.fstat(descriptor))


def _refuse_changed(source: LocalBytes, state: os.stat_result) -> None:
    if (state.st_size, state.st_mtime_ns) != (source.size, source.changed_at):
        raise changed(source.shown)


def refuse_outside(source: ByteSource, start: int, stop: int) -> None:
    """Nothing. Raises: InvalidInput for a range that the file does not have."""
    if not 0 <= start <= stop <= source.size:
        raise InvalidInput(
            f"{source.shown} has {source.size} bytes; {start} to {stop} were asked for",
            remedy="save the file again and compare its size after copying",
        )


def changed(shown: str) -> InvalidInput:
    """The refusal of a file that is no longer the one that was opened."""
    return InvalidInput(
        f"{shown} changed while it was read",
        remedy="run again once nobody writes to it; a result would mix two files",
    )


@contextmanager
def _opened(place: Path, shown: str) -> Iterator[tuple[int, os.stat_result]]:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(place, flags)
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror}",
            remedy="hand the file in, readable, at exactly this path",
        ) from error
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(
                f"{shown} is not a plain file",
                remedy="hand in plain files and folders only",
            )
        yield descriptor, state
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror}",
            remedy="copy the file again to a disk that can be read",
        ) from error
    finally:
        os.close(descriptor)
