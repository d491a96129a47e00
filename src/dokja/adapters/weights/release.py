"""The files of a release, by the format that each holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.weights.byte_source import open_local, opened_local
from dokja.adapters.weights.opening import open_checkpoint
from dokja.adapters.weights.places import LocalPlace
from dokja.errors import InvalidInput

SAFETENSORS, GGUF, ONNX = "safetensors", "gguf", "onnx"
_CONFIG = "config.json"
_DEPTH, _FILES = 4, 10_000


@dataclass(frozen=True, kw_only=True)
class ReleaseFile:
    """One copy of the model: a folder of safetensors, or a GGUF or ONNX file."""

    format: str
    place: Path

    def digests(self) -> tuple[str, ...]:
        """Digest of every file that belongs to it, in the order of their names.

        Raises: InvalidInput where one changes meanwhile.
        """
        return tuple(_digest(place) for place in sorted(self._files()))

    def require_whole(self, *, block_bytes: int) -> None:
        """Nothing.

        Raises: DamagedFile where the format's own rules say that it is not whole;
        another kind where it cannot be read.
        """
        folder = self.place if self.format == SAFETENSORS else self.place.parent
        name = None if self.format == SAFETENSORS else self.place.name
        place = LocalPlace(folder, folder.name)
        open_checkpoint(place, name, block_bytes=block_bytes)

    def _files(self) -> Iterator[Path]:
        if self.format == SAFETENSORS:
            yield self.place / _CONFIG
            yield from _plain(self.place.glob("*.safetensors"))
        elif self.format == ONNX:
            # Large numbers lie in files beside it that begin with its name.
            yield from _plain(self.place.parent.glob(f"{self.place.stem}.onnx*"))
        else:
            yield self.place


def release_files(places: tuple[Path, ...]) -> tuple[ReleaseFile, ...]:
    """Every copy of the model at the places, which are folders or files.

    Links are not followed. Raises: InvalidInput for a place that is not there or
    holds too many files.
    """
    found: dict[Path, ReleaseFile] = {}
    for place in places:
        if not place.exists():
            raise InvalidInput(
                f"{place} is not there", remedy="name a folder or a file of the release"
            )
        for file in _all(place):
            copy = _copy(file)
            if copy is not None:
                found.setdefault(copy.place, copy)
    return tuple(found[place] for place in sorted(found))


def _copy(file: Path) -> ReleaseFile | None:
    if file.suffix == ".safetensors" and (file.parent / _CONFIG).is_file():
        return ReleaseFile(format=SAFETENSORS, place=file.parent)
    if file.suffix in (".gguf", ".onnx"):
        return ReleaseFile(format=file.suffix[1:], place=file)
    return None


def _all(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    files = _plain(place.rglob("*"))
    for count, file in enumerate(files):
        if count >= _FILES:
            raise InvalidInput(
                f"{place} holds more than {_FILES} files",
                remedy="name the folder of the release alone",
            )
        if len(file.relative_to(place).parts) <= _DEPTH:
            yield file


def _plain(places: Iterator[Path]) -> Iterator[Path]:
    return (place for place in places if place.is_file() and not place.is_symlink())


def _digest(place: Path) -> str:
    source = open_local(place, place.name)
    with opened_local(source) as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
