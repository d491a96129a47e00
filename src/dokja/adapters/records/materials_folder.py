"""Materials that a team opened to the auditor, read within bounds."""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from dokja.adapters.records.plain_files import (
    TensorFile,
    digest_of_file,
    is_there,
    opened,
)
from dokja.errors import InvalidInput, Unavailable
from dokja.training.commitments import Excerpt
from dokja.training.materials import PLAN_BYTES, MaterialsPlan, read_plan, tree_digest
from dokja.training.stored_tensors import Placed, number_type

PLAN, STATES, DATA = "materials.toml", "states", "data"
ORDER, PROGRAM = "order.jsonl", "program"
MOST_PROGRAM_FILES = 20_000
PROGRAM_BYTES = 1 << 28
TEXT_BYTES = 1 << 20
"""Larger files are data, and no code that somebody wrote."""
_ORDER_LINE = 1 << 24
_SHARD_NAME = re.compile(r"[\w.-]{1,200}\Z")
"""No path, so no way out of the folder."""


class _OrderLine(msgspec.Struct, frozen=True):
    step: int
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True)
class ShardFile:
    """A shard: `tokens` and where its `documents` start; implements `ShardTokens`."""

    file: TensorFile

    @cached_property
    def digest(self) -> str:
        """Digest of the whole file."""
        return digest_of_file(self.file.path, self.file.shown)

    @property
    def length(self) -> int:
        """How many tokens it has."""
        return int(np.prod(self._placed("tokens").shape))

    def documents(self) -> npt.NDArray[np.int64]:
        """(n,) where each document starts.

        Raises: InvalidInput where the starts do not ascend from 0 within the shard.
        """
        starts = self._whole("documents")
        in_order = bool(np.all(np.diff(starts) > 0))
        inside = len(starts) > 0 and starts[0] == 0 and starts[-1] < self.length
        if not (in_order and inside):
            raise self._broken("its documents do not begin in order within it")
        return starts

    def tokens(self, start: int, stop: int) -> npt.NDArray[np.int64]:
        """(stop - start,) the tokens there."""
        place = self._placed("tokens")
        if not 0 <= start <= stop <= self.length:
            raise self._broken(f"it has no tokens {start} to {stop}")
        size = (place.stop - place.start) // max(self.length, 1)
        raw = self.file.read(place.start + start * size, place.start + stop * size)
        return np.frombuffer(raw, dtype=number_type(place.dtype)).astype(np.int64)

    def _whole(self, name: str) -> npt.NDArray[np.int64]:
        self._placed(name)
        return self.file.array(name).astype(np.int64)

    def _placed(self, name: str) -> Placed:
        place = self.file.placed(name)
        if len(place.shape) != 1 or number_type(place.dtype).kind not in "iu":
            raise self._broken(f"its {name} are no row of whole numbers")
        return place

    def _broken(self, fact: str) -> InvalidInput:
        return InvalidInput(
            f"{self.file.shown} is no shard: {fact}",
            remedy="keep the shards as the guide to training records shows",
        )


class MaterialsFolder:
    """Implements `Materials` on a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises: Unavailable where there is no such folder."""
        self._folder = folder
        if not folder.is_dir():
            raise Unavailable(
                f"{folder} is no folder",
                remedy="name the folder of materials that the team opened",
            )

    @property
    def program(self) -> Path:
        """The team's code tree."""
        return self._folder / PROGRAM

    def plan(self) -> MaterialsPlan:
        """What the team says of it."""
        with opened(self._folder / PLAN, PLAN) as file:
            return read_plan(file.read(PLAN_BYTES + 1))

    def state(self, root: str) -> TensorFile | None:
        """The state that lies under a recorded root; None where it was not kept."""
        name = f"{root.removeprefix('sha256:')}.safetensors"
        return self._file(STATES, name)

    def shard(self, name: str) -> ShardFile | None:
        """The shard of that name; None where it is missing."""
        file = self._file(DATA, f"{name}.safetensors")
        return None if file is None else ShardFile(file)

    def order(self, steps: Sequence[int]) -> Mapping[int, tuple[Excerpt, ...]]:
        """Where the batch of each step was read from, as far as it is there."""
        wanted = set(steps)
        return {
            line.step: line.excerpts for line in self._lines() if line.step in wanted
        }

    def program_digest(self) -> str | None:
        """Digest of the code tree; None where it is missing."""
        return program_digest(self.program) if self.program.is_dir() else None

    def program_texts(self) -> Mapping[str, str]:
        """Texts of the code tree by their paths; what is no text is left out."""
        return code_texts(self.program)

    def program_size(self) -> int:
        """Bytes of the code tree when packed."""
        if not self.program.is_dir():
            return 0
        packer, packed = zlib.compressobj(9), 0
        for name in program_files(self.program):
            with opened(self.program / name, f"{PROGRAM}/{name}") as file:
                packed += len(packer.compress(file.read()))
        return packed + len(packer.flush())

    def _file(self, folder: str, name: str) -> TensorFile | None:
        place = self._folder / folder
        if not _SHARD_NAME.match(name) or place.is_symlink():
            return None
        path = place / name
        return TensorFile(path, f"{folder}/{name}") if is_there(path) else None

    def _lines(self) -> Iterator[_OrderLine]:
        if not is_there(self._folder / ORDER):
            return
        with opened(self._folder / ORDER, ORDER) as file:
            number = 0
            while line := file.readline(_ORDER_LINE):
                number += 1
                try:
                    yield msgspec.json.decode(line, type=_OrderLine)
                except (msgspec.DecodeError, RecursionError) as error:
                    raise InvalidInput(
                        f"{ORDER}, line {number}: {error}",
                        remedy="hand in the order as the recorder wrote it",
                    ) from error


def program_digest(folder: Path) -> str:
    """Digest of a code tree, which `Start.code` announces.

    Raises: InvalidInput where it holds a link or more than a program does.
    """
    found = {}
    for name in program_files(folder):
        shown = f"{PROGRAM}/{name}"
        with opened(folder / name, shown) as file:
            size = os.fstat(file.fileno()).st_size
        found[name] = (digest_of_file(folder / name, shown), size)
    return tree_digest(found)


def code_texts(folder: Path) -> Mapping[str, str]:
    """Texts of a code tree by their paths; none where there is no such folder.

    Raises: InvalidInput where it holds a link or more than a program does.
    """
    found = {}
    for name in program_files(folder) if folder.is_dir() else ():
        with opened(folder / name, f"{PROGRAM}/{name}") as file:
            raw = file.read(TEXT_BYTES + 1)
        if len(raw) <= TEXT_BYTES and b"\0" not in raw:
            found[name] = raw.decode("utf-8", errors="replace")
    return found


def program_files(folder: Path) -> list[str]:
    """Files of a code tree by their paths in it, sorted; caches of Python left out.

    Raises: InvalidInput where it holds a link or more than a program does.
    """
    found, size = [], 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if each != "__pycache__")
        inside = Path(place)
        for name in files:
            path = inside / name
            size += path.lstat().st_size
            found.append(path.relative_to(folder).as_posix())
        links = [each for each in (*folders, *files) if (inside / each).is_symlink()]
        if links or len(found) > MOST_PROGRAM_FILES or size > PROGRAM_BYTES:
            raise InvalidInput(
                f"the program is refused: {links[0] if links else 'it is too large'}",
                remedy="hand in the code alone: plain files, no links, no data",
            )
    return sorted(found)
