"""Reads of hostile files that stay inside a folder and within a size."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path, PurePosixPath
from typing import Any

from dokja.errors import InvalidInput

TEXT_LIMIT = 8 << 20
"""Bytes of any text file a submission may hold."""
TOKENIZER_LIMIT = 64 << 20
"""Bytes of a tokenizer.json: the largest published ones are about half."""


def inside(root: Path, path: str) -> Path:
    """`root`/`path`, proven to stay in `root` and to pass through no link.

    `path` is POSIX and relative; `.` is the root itself. Raises: InvalidInput.
    """
    parts = PurePosixPath(path).parts
    if (
        not path
        or path.startswith("/")
        or ".." in parts
        or any("\\" in part or "\0" in part or ":" in part for part in parts)
    ):
        raise InvalidInput(
            f"path leaves the submission folder: {path!r}",
            remedy="name files by their path below the folder, with forward slashes",
        )
    current = root
    for part in parts:
        current = current / part
        refuse_link(current, path)
    return current


def refuse_link(place: Path, shown: str) -> None:
    """Nothing. Raises: InvalidInput where `place` is a symbolic link."""
    if place.is_symlink():
        raise InvalidInput(
            f"{shown} is a symbolic link",
            remedy="hand in the file itself: links are never followed",
        )


def read_bytes(place: Path, shown: str, limit: int) -> bytes:
    """The whole file, opened without following a link.

    Raises: InvalidInput where it is missing, not a plain file, or larger
    than `limit`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(place, flags)
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror}",
            remedy="hand the file in, readable, at exactly this path",
        ) from error
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise InvalidInput(
                f"{shown} is not a plain file",
                remedy="hand in plain files and folders only",
            )
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise InvalidInput(
            f"{shown} is larger than {limit} bytes",
            remedy="hand in a smaller file; text files hold text, not weights",
        )
    return data


def read_start(place: Path, length: int) -> bytes:
    """The first bytes of a plain file; none where it cannot be read."""
    if place.is_symlink() or not place.is_file():
        return b""
    try:
        with place.open("rb") as stream:
            return stream.read(length)
    except OSError:
        return b""


def read_json(place: Path, shown: str, limit: int) -> Any:
    """The parsed JSON file. Raises: InvalidInput where it is not JSON."""
    return parse_json(read_bytes(place, shown, limit), shown)


def parse_json(data: bytes, shown: str) -> Any:
    """Parsed JSON. Raises: InvalidInput for a repeated key or bad syntax."""
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"{shown} is not valid JSON: {error}",
            remedy="write the file again with the tool that made it",
        ) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def refuse_rows_outside(name: str, start: int, stop: int, *, count: int) -> None:
    """Nothing. Raises: InvalidInput for rows that a tensor of `count` has not."""
    if not 0 <= start <= stop <= count:
        raise InvalidInput(
            f"{name} has {count} rows; {start} to {stop} were asked for",
            remedy="ask within the shape that shapes() gives",
        )
