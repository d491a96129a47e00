"""Files of a suite's folder: plain ones, of bounded size, and no links."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path, PurePosixPath

from dokja.errors import InvalidInput, Unavailable
from dokja.submission.values import SealedFile

HEADER_BYTES = 1 << 20
ITEMS_BYTES = 512 << 20
MEDIA_BYTES = 256 << 20
FILES_MAX = 100_000
DEPTH_MAX = 8


def inside(root: Path, path: str) -> Path:
    """`root`/`path`, which stays in `root`. Raises: InvalidInput."""
    parts = PurePosixPath(path).parts
    if (
        not parts
        or PurePosixPath(path).is_absolute()
        or ".." in parts
        or any(mark in path for mark in ("\\", "\0", ":"))
        or len(parts) > DEPTH_MAX
    ):
        raise InvalidInput(
            f"path leaves the suite's folder: {path!r}",
            remedy="name files by their path below the folder, with forward slashes",
        )
    return root.joinpath(*parts)


@contextmanager
def opened(place: Path, *, shown: str, limit: int) -> Iterator[BufferedReader]:
    """The plain file at a place, open for reading.

    The last step may be no link; the folders above are checked by `listed_files`.
    Raises: Unavailable where there is none, InvalidInput for anything that is
    not a plain file, or one beyond the limit.
    """
    # Without O_NONBLOCK, a pipe that somebody left there would hold us for ever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(place, flags)
    except FileNotFoundError as error:
        raise Unavailable(
            f"{shown} is missing", remedy="put the file there, or fetch it again"
        ) from error
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror}",
            remedy="give a plain file; links are never followed",
        ) from error
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise InvalidInput(f"{shown} is no plain file", remedy="give a plain file")
        if state.st_size > limit:
            raise InvalidInput(
                f"{shown} is larger than {limit} bytes", remedy="split the suite"
            )
        yield file


def read_bytes(place: Path, *, shown: str, limit: int) -> bytes:
    """The whole of a plain file within the limit."""
    with opened(place, shown=shown, limit=limit) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise InvalidInput(f"{shown} grew while it was read", remedy="read it again")
    return data


def sealed_file(root: Path, path: str) -> SealedFile:
    """Size and digest of a file, read in pieces."""
    with opened(inside(root, path), shown=path, limit=ITEMS_BYTES) as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    return SealedFile(path=path, size_bytes=size, digest=f"sha256:{digest}")


def listed_files(root: Path) -> tuple[str, ...]:
    """Paths of all files below a folder, sorted.

    Raises: InvalidInput for a link, anything else that is no plain file, or
    more files or levels than a suite has.
    """
    found: list[str] = []
    for place, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(place, name)
            shown = path.relative_to(root).as_posix()
            mode = path.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise InvalidInput(
                    f"{shown} is neither a plain file nor a folder",
                    remedy="a suite holds plain files only, no links",
                )
            inside(root, shown)
            if stat.S_ISREG(mode):
                found.append(shown)
        if len(found) > FILES_MAX:
            raise InvalidInput(
                f"{root} holds more than {FILES_MAX} files", remedy="split the suite"
            )
    return tuple(sorted(found))
