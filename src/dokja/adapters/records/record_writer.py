"""A record as it is written: lines that stay, files that appear whole."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from dokja.adapters.records.record_folder import (
    HEADS,
    LISTS,
    LOG,
    STATEMENTS,
    RecordFolder,
)
from dokja.errors import Conflict, Unavailable


class RecordWriter:
    """The one writer of a record's folder."""

    def __init__(self, folder: Path) -> None:
        """Opens the folder, makes it where needed, and cuts off an unfinished line.

        Raises: Conflict where another process writes it; Unavailable where it
        cannot be written.
        """
        self._folder = folder
        try:
            for name in (HEADS, LISTS, STATEMENTS):
                (folder / name).mkdir(parents=True, exist_ok=True)
            self._log = os.open(folder / LOG, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)
        except OSError as error:
            raise Unavailable(
                f"the record in {folder} cannot be written: {error.strerror}",
                remedy="name a folder that you may write to",
            ) from error
        try:
            fcntl.flock(self._log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._log)
            raise Conflict(
                f"another process writes the record in {folder}",
                remedy="give each run its own folder; rank 0 alone records",
            ) from error
        size = os.fstat(self._log).st_size
        self._end = size - (RecordFolder(folder).unfinished() if size else 0)
        os.ftruncate(self._log, self._end)

    def lines(self) -> Iterator[bytes]:
        """The lines that are there."""
        return RecordFolder(self._folder).lines()

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each tree head, by name."""
        return RecordFolder(self._folder).heads()

    def append(self, lines: Sequence[bytes]) -> None:
        """Add the lines, all or none.

        Raises: OSError, after which the log is as it was.
        """
        data = b"".join(line + b"\n" for line in lines)
        written = 0
        try:
            while written < len(data):
                written += os.pwrite(self._log, data[written:], self._end + written)
        except OSError:
            os.ftruncate(self._log, self._end)
            raise
        self._end += len(data)

    def sync(self) -> None:
        """Wait until the lines are on disk."""
        os.fsync(self._log)

    def write_head(self, size: int, note: str) -> None:
        """Keep the head of that size, in the place of one with fewer signatures."""
        self._write(f"{HEADS}/{size:012d}.note", note.encode())

    def write_list(self, digest: str, data: bytes) -> None:
        """Keep a list under its digest."""
        self._write(f"{LISTS}/{digest.removeprefix('sha256:')}.json", data)

    def write_statement(self, name: str, data: bytes) -> None:
        """Keep what a witness signed."""
        self._write(f"{STATEMENTS}/{name}.dsse.json", data)

    def close(self) -> None:
        """Let others write."""
        os.close(self._log)

    def _write(self, name: str, data: bytes) -> None:
        replace_file(self._folder / name, data)


def replace_file(path: Path, data: bytes) -> None:
    """Nothing; the file holds the data, or what it held, and never half of it."""
    handle, scratch = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).chmod(0o644)
    Path(scratch).replace(path)
