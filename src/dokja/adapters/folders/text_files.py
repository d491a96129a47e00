"""Texts as files: an office's own whole, training texts piece by piece."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from dokja.errors import InvalidInput, Unavailable

PIECE_LETTERS = 1 << 22
"""Of a text that is held at once."""
SHARED_LETTERS = 1 << 10
"""Of neighbouring pieces, so that no run of words is lost between them."""
LINE_LETTERS = 1 << 26
SUFFIXES = (".txt", ".md", ".jsonl", ".txt.gz", ".jsonl.gz")
FIELD = "text"


def read_text(path: Path) -> str:
    """Text of one file of the office's.

    Raises: Unavailable where it cannot be read, InvalidInput where it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{path} is not UTF-8 text: {error}", remedy="save it as UTF-8"
        ) from error
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be read: {error}", remedy="give a file that is there"
        ) from error


def read_texts(places: Sequence[Path]) -> Iterator[str]:
    """Texts of the files, or of the folders' files, in the order of their paths.

    A JSONL file holds one object a line, with its text under `text`. Raises:
    Unavailable where there is none, InvalidInput for one that is not as its
    name says.
    """
    files = [file for place in places for file in _files(place)]
    if not files:
        raise Unavailable(
            f"no training text in {', '.join(map(str, places))}",
            remedy=f"give files or folders of files that end in {', '.join(SUFFIXES)}",
        )
    for file in files:
        yield from _texts(file)


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(
        file
        for file in place.rglob("*")
        if file.is_file() and not file.is_symlink() and file.name.endswith(SUFFIXES)
    )


def _texts(file: Path) -> Iterator[str]:
    try:
        with _opened(file) as stream:
            if ".jsonl" in file.suffixes:
                yield from _lines(stream, file)
            else:
                end = ""
                while piece := stream.read(PIECE_LETTERS):
                    yield end + piece
                    end = piece[-SHARED_LETTERS:]
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"{file} cannot be read: {error}", remedy="hand the file in again, as UTF-8"
        ) from error


def _opened(file: Path) -> IO[str]:
    if file.suffix == ".gz":
        return gzip.open(file, "rt", encoding="utf-8")
    return file.open(encoding="utf-8")


def _lines(stream: IO[str], file: Path) -> Iterator[str]:
    number = 0
    while line := stream.readline(LINE_LETTERS):
        number += 1
        try:
            text = json.loads(line)[FIELD]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise InvalidInput(
                f"{file}, line {number}: no JSON object with {FIELD!r}",
                remedy="write one object a line, of at most 64 MB",
            ) from error
        yield str(text)
