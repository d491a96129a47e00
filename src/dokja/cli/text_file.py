"""Text of a file that a command was given."""

from __future__ import annotations

from pathlib import Path


def text_of(file: Path) -> str:
    """The file's text. Raises: InvalidInput where it is not UTF-8."""
    from dokja.errors import InvalidInput

    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"{file} is not UTF-8 text", remedy="save it as UTF-8"
        ) from error
