"""A record that was handed in, read within bounds."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from dokja.errors import InvalidInput, Unavailable

LOG, HEADS, LISTS, STATEMENTS = "log.jsonl", "heads", "lists", "statements"
_LINE_BYTES = 1 << 17
_SMALL_BYTES = 1 << 17
_LIST_BYTES = 1 << 27
_FILES = 200_000
_ALL_FILES = 3 * _FILES


class RecordFolder:
    """Implements `RecordSource` on a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        if not folder.is_dir():
            raise Unavailable(
                f"{folder} is no folder",
                remedy="name the folder that the recorder wrote",
            )

    def lines(self) -> Iterator[bytes]:
        """Lines of the log without their newlines; an unfinished last one is not.

        Raises: InvalidInput where a line is longer than any real one.
        """
        with self._opened(LOG) as log:
            while line := log.readline(_LINE_BYTES):
                if line.endswith(b"\n"):
                    yield line[:-1]
                elif len(line) == _LINE_BYTES:
                    raise _refused(LOG, f"a line has more than {_LINE_BYTES} bytes")

    def unfinished(self) -> int:
        """Bytes after the last newline."""
        with self._opened(LOG) as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(size - _LINE_BYTES, 0))
            tail = log.read(_LINE_BYTES)
        return len(tail) - tail.rfind(b"\n") - 1

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each tree head, by name."""
        return self._files(HEADS)

    def statements(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each signed statement, by name."""
        return self._files(STATEMENTS)

    def listed(self, digest: str) -> bytes | None:
        """The list of that name, whatever its bytes are; None where it is missing."""
        name = digest.removeprefix("sha256:")
        if not name.isalnum() or not (self._folder / LISTS / f"{name}.json").exists():
            return None
        return self._whole(f"{LISTS}/{name}.json", _LIST_BYTES)

    def names(self) -> Iterator[str]:
        """Path of every file in it, hidden ones left out, by name.

        Raises: InvalidInput where there are more than any record has.
        """
        found: list[str] = []
        for place, folders, files in os.walk(self._folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            within = Path(place).relative_to(self._folder)
            linked = [n for n in folders if (Path(place) / n).is_symlink()]
            names = (n for n in (*files, *linked) if not n.startswith("."))
            found += [(within / name).as_posix() for name in names]
            if len(found) > _ALL_FILES:
                raise _refused(str(within), f"it holds more than {_ALL_FILES} files")
        yield from sorted(found)

    def _files(self, folder: str) -> Iterator[tuple[str, bytes]]:
        place = self._folder / folder
        if place.is_symlink() or not place.is_dir():
            return
        with os.scandir(place) as entries:
            names = sorted(entry.name for entry in islice(entries, _FILES + 1))
        if len(names) > _FILES:
            raise _refused(folder, f"it holds more than {_FILES} files")
        for name in names:
            # A file that was being written when the machine stopped.
            if not name.startswith("."):
                yield name, self._whole(f"{folder}/{name}", _SMALL_BYTES)

    def _whole(self, name: str, limit: int) -> bytes:
        with self._opened(name) as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise _refused(name, f"it has more than {limit} bytes")
        return data

    def _opened(self, name: str) -> IO[bytes]:
        path = self._folder / name
        try:
            # No link, and no pipe that would never end.
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise Unavailable(
                f"{path} cannot be read: {error.strerror}",
                remedy="hand in the whole folder, without links",
            ) from error
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise _refused(name, "it is no plain file")
        return os.fdopen(handle, "rb")


def _refused(name: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{name} of the record is refused: {fact}",
        remedy="hand in the folder as the recorder wrote it",
    )
