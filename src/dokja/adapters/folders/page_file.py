"""A page on disk: it appears whole or not at all."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.folders.whole_file import written_beside
from dokja.errors import Conflict, Unavailable


def check_page_destination(path: Path, *, replace: bool) -> None:
    """Nothing. Raises: Conflict or Unavailable unless a page may be put there.

    What takes long is not begun for a page that has no place.
    """
    if path.is_dir():
        raise Conflict(f"{path} is a folder", remedy="give the name of a file")
    if path.exists() and not replace:
        raise Conflict(
            f"{path} is already there",
            remedy="give another file, or --replace to put the new page there",
        )
    above = next(place for place in path.absolute().parents if place.exists())
    if not above.is_dir():
        raise Unavailable(
            f"{path} cannot be written: {above} is a file",
            remedy="give a place that can be written",
        )


def publish_page(path: Path, text: str, *, replace: bool) -> None:
    """Nothing; writes beside the path, then moves the whole file into place.

    Raises: Conflict where something is there and is not to be replaced,
    Unavailable where the folder cannot be written.
    """
    check_page_destination(path, replace=replace)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = written_beside(path, text.encode())
        try:
            check_page_destination(path, replace=replace)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written: {error.strerror}",
            remedy="give a place that can be written",
        ) from error
