"""One pass over a file: its digest, and those of the tensors that lie in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.weights.byte_source import changed, open_local, opened_local
from dokja.adapters.weights.pickles import refuse_pickle
from dokja.adapters.weights.safetensors_header import TensorEntry, read_header
from dokja.errors import InvalidInput
from dokja.submission.values import DigestedFile, SealedFile, SealedTensor

SUFFIX = ".safetensors"
BLOCK = 1 << 22
"""Bytes that both digests take at once; they stay in the cache meanwhile."""
AT_ONCE = 2
"""Files that are read side by side; each may use a thread more for its tensors."""


def digest_files(places: Sequence[tuple[Path, str]]) -> tuple[DigestedFile, ...]:
    """Each file with its digests, in the order given; `places` are path and name.

    Raises: InvalidInput for a link, a special file, a pickle or one that changes
    while it is read.
    """
    with ThreadPoolExecutor(AT_ONCE) as files, ThreadPoolExecutor(AT_ONCE) as tensors:
        return tuple(files.map(lambda at: _digested(at[0], at[1], tensors), places))


def _digested(place: Path, shown: str, helper: Executor) -> DigestedFile:
    source = open_local(place, shown)
    refuse_pickle(source, shown)
    entries, damage = [], ""
    if shown.endswith(SUFFIX):
        try:
            entries = sorted(
                read_header(source).items(),
                key=lambda item: (item[1].start, item[1].stop),
            )
        except InvalidInput as error:
            damage = error.fact
    listing = _Listing(entries)
    whole, position = hashlib.sha256(), 0
    buffer = memoryview(bytearray(BLOCK))
    with opened_local(source) as stream:
        while count := stream.readinto(buffer):
            block = buffer[:count]
            # hashlib lets go of the interpreter, so that both run at the same time.
            beside = helper.submit(listing.take, block, position) if entries else None
            whole.update(block)
            if beside is not None:
                beside.result()
            position += count
    if position != source.size:
        raise changed(shown)
    return DigestedFile(
        file=SealedFile(
            path=shown, size_bytes=position, digest=f"sha256:{whole.hexdigest()}"
        ),
        tensors=listing.listed(),
        damage=damage,
    )


@dataclass
class _Open:
    """A tensor whose bytes are still coming."""

    name: str
    entry: TensorEntry
    digest: hashlib._Hash


class _Listing:
    """The digests of tensors that tile a file, fed with the file from its start."""

    def __init__(self, entries: Sequence[tuple[str, TensorEntry]]) -> None:
        self._waiting: Iterator[tuple[str, TensorEntry]] = iter(entries)
        self._open: _Open | None = self._next()
        self._done: list[SealedTensor] = []

    def take(self, block: memoryview, position: int) -> None:
        """The next bytes of the file; `position` is where they begin in it."""
        end = position + len(block)
        while self._open is not None and self._open.entry.start < end:
            entry = self._open.entry
            first, last = max(entry.start, position), min(entry.stop, end)
            self._open.digest.update(block[first - position : last - position])
            if entry.stop > end:
                return
            self._close()

    def listed(self) -> tuple[SealedTensor, ...]:
        """Every tensor by name; the empty ones at the end have had no bytes."""
        while self._open is not None:
            self._close()
        return tuple(sorted(self._done, key=lambda tensor: tensor.name))

    def _close(self) -> None:
        assert self._open is not None
        entry = self._open.entry
        self._done.append(
            SealedTensor(
                name=self._open.name,
                dtype=entry.dtype,
                shape=entry.shape,
                digest=f"sha256:{self._open.digest.hexdigest()}",
            )
        )
        self._open = self._next()

    def _next(self) -> _Open | None:
        found = next(self._waiting, None)
        return None if found is None else _Open(*found, hashlib.sha256())
