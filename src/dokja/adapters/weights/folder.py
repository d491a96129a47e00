"""A local model folder, read as the hostile thing it may be."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from dokja.adapters.weights.bounded import TEXT_LIMIT, inside, read_whole, refuse_link
from dokja.adapters.weights.byte_source import open_local
from dokja.adapters.weights.digesting import digest_files
from dokja.adapters.weights.opening import open_checkpoint
from dokja.adapters.weights.pickles import refuse_pickle
from dokja.adapters.weights.places import LocalPlace
from dokja.errors import InvalidInput, Unavailable
from dokja.submission.ports import Checkpoint
from dokja.submission.values import DigestedFile, SealedFile

FILE_LIMIT = 10_000
"""Files and folders one submission may hold."""
DEPTH_LIMIT = 16


class LocalModelFolder:
    """A folder on this machine; implements `submission.ports.ModelFolder`."""

    def __init__(self, root: Path, *, block_bytes: int) -> None:
        """`block_bytes` bounds a single read of weights or of a file's bytes.

        Raises: Unavailable where there is no such folder.
        """
        if not root.is_dir():
            raise Unavailable(
                f"there is no folder {root}",
                remedy="name the folder that holds the submission or the weights, or "
                "the file of weights itself",
            )
        self._root = root.resolve()
        self._block_bytes = max(1, block_bytes)

    def read_text(self, path: str) -> str:
        """Text of a small file. Raises: InvalidInput past 8 MB or if not UTF-8."""
        data = read_whole(open_local(inside(self._root, path), path), TEXT_LIMIT)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InvalidInput(
                f"{path} is not UTF-8 text", remedy="save the file as UTF-8"
            ) from error

    def has(self, path: str) -> bool:
        """Whether there is a plain file. Raises: InvalidInput for a link."""
        return inside(self._root, path).is_file()

    def read_bytes(self, path: str, *, limit: int) -> bytes:
        """The whole of a small file. Raises: InvalidInput past `limit` bytes."""
        return read_whole(open_local(inside(self._root, path), path), limit)

    def files(self) -> tuple[SealedFile, ...]:
        """Every file with its digest, sorted by path.

        Raises: InvalidInput for a link, a special file, a pickle, or too many
        or too deeply nested files.
        """
        return tuple(self._sealed(place, shown) for place, shown in self._places())

    def digests(self) -> tuple[DigestedFile, ...]:
        """The same files, each read once, with the tensors of safetensors files.

        A safetensors file that is no whole one has its damage noted: it can be
        no file that was sealed, and the rest can be compared all the same.
        """
        return digest_files(self._places())

    def checkpoint(self, path: str) -> Checkpoint:
        """The weights under a component's path, opened but not read.

        `path` is a folder, or one safetensors or GGUF file, told apart by
        their content; `.` is the folder itself.
        """
        place = inside(self._root, path)
        refuse_link(place, path)
        if place.is_dir():
            found: tuple[LocalPlace, str | None] = (self._place(place), None)
        elif place.is_file():
            found = self._place(place.parent), place.name
        else:
            raise InvalidInput(
                f"there are no weights at {path}",
                remedy="hand the component's folder in at the path the manifest names",
            )
        return open_checkpoint(*found, block_bytes=self._block_bytes)

    def _place(self, folder: Path) -> LocalPlace:
        """The folder; errors about the root name it, since two models may be open."""
        path = folder.relative_to(self._root).as_posix()
        return LocalPlace(folder, self._root.name if path == "." else path)

    def _places(self) -> list[tuple[Path, str]]:
        """Every file with its path below the folder, sorted by that path."""
        found = []
        for count, place in enumerate(self._walk(self._root, 0), start=1):
            if count > FILE_LIMIT:
                raise InvalidInput(
                    f"the folder holds more than {FILE_LIMIT} files and folders",
                    remedy="hand in the model alone, without caches or checkpoints "
                    "of its training",
                )
            if not place.is_dir():
                found.append((place, place.relative_to(self._root).as_posix()))
        return sorted(found, key=itemgetter(1))

    def _walk(self, folder: Path, depth: int) -> Iterator[Path]:
        if depth > DEPTH_LIMIT:
            raise InvalidInput(
                f"folders are nested more than {DEPTH_LIMIT} deep",
                remedy="hand in a flatter folder",
            )
        for place in folder.iterdir():
            shown = place.relative_to(self._root).as_posix()
            refuse_link(place, shown)
            mode = place.lstat().st_mode
            if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                raise InvalidInput(
                    f"{shown} is neither a plain file nor a folder",
                    remedy="remove pipes, sockets and devices from the folder",
                )
            yield place
            if stat.S_ISDIR(mode):
                yield from self._walk(place, depth + 1)

    def _sealed(self, place: Path, shown: str) -> SealedFile:
        refuse_pickle(open_local(place, shown), shown)
        digest, size = hashlib.sha256(), 0
        with place.open("rb") as stream:
            while block := stream.read(self._block_bytes):
                digest.update(block)
                size += len(block)
        return SealedFile(
            path=shown, size_bytes=size, digest=f"sha256:{digest.hexdigest()}"
        )
