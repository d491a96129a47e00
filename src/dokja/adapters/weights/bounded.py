"""Reads of hostile files that stay inside a folder and within a size."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from dokja.adapters.weights.byte_source import ByteSource
from dokja.errors import InvalidInput

TEXT_LIMIT = 8 << 20
"""Bytes of any text file a submission may hold."""
TOKENIZER_LIMIT = 64 << 20
"""Bytes of a tokenizer.json: the largest published ones are about half."""


class DamagedFile(InvalidInput):
    """A file of weights that its own format says is not whole."""


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
            remedy="hand in the file itself, as `cp -rL FOLDER COPY` makes it: links "
            "are never followed",
        )


def read_whole(source: ByteSource, limit: int) -> bytes:
    """The whole of a small file. Raises: InvalidInput past `limit` bytes."""
    if source.size > limit:
        raise InvalidInput(
            f"{source.shown} is larger than {limit} bytes",
            remedy="hand in a smaller file; text files hold text, not weights",
        )
    return source.read(0, source.size)


def read_json(source: ByteSource, limit: int) -> Any:
    """The parsed JSON file. Raises: InvalidInput where it is not JSON."""
    return parse_json(read_whole(source, limit), source.shown)


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


def is_text(name: str) -> bool:
    """Whether a name can be written down: JSON may hold halves of characters."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
