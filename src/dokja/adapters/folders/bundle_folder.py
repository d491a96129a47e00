"""A bundle on disk: it appears whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dokja.errors import Conflict, InvalidInput

MARK = "bundle.json"
FILE_BYTES_MAX = 256 << 20
FILES_MAX = 100_000


def publish_folder(
    folder: Path, files: Mapping[str, bytes], *, replace: bool, mark: str = MARK
) -> None:
    """Nothing; writes the files beside the folder, then moves them into place.

    `mark` is the file by which a folder of the same sort is known. Raises:
    Conflict where the folder exists and is not to be replaced, or lacks it.
    """
    check_destination(folder, replace=replace, mark=mark)
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh = scratch / "fresh"
        for name, data in sorted(files.items()):
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if folder.exists():
            folder.rename(scratch / "old")
        fresh.rename(folder)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_destination(folder: Path, *, replace: bool, mark: str = MARK) -> None:
    """Nothing. Raises: Conflict unless a bundle, or what `mark` marks, may go there."""
    if not folder.exists():
        return
    name = mark.removesuffix(".json")
    if not folder.is_dir() or (any(folder.iterdir()) and not (folder / mark).is_file()):
        raise Conflict(
            f"{folder} exists and is not a {name}",
            remedy=f"give --out a new folder; only a {name} is ever replaced",
        )
    if any(folder.iterdir()) and not replace:
        raise Conflict(
            f"{folder} already holds a {name}",
            remedy="give --out another folder, or --replace to put the new one there",
        )


def read_folder(folder: Path) -> dict[str, bytes]:
    """Content of every file of a bundle, by its path inside the folder.

    Raises: InvalidInput for a link, a file too large to be part of a bundle,
    or a folder that is not there.
    """
    if not folder.is_dir():
        raise InvalidInput(f"{folder} is not a folder", remedy="give a bundle's folder")
    files: dict[str, bytes] = {}
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place, name)
            if path.is_symlink():
                raise InvalidInput(
                    f"{path.relative_to(folder)} is a link",
                    remedy="a bundle holds plain files only; fetch it again",
                )
        for name in names:
            path = Path(place, name)
            if path.stat().st_size > FILE_BYTES_MAX or len(files) >= FILES_MAX:
                raise InvalidInput(
                    f"{path.relative_to(folder)} is beyond the size of a bundle",
                    remedy="fetch the bundle again",
                )
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files
