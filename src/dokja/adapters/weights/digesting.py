"""Digests of files, and of the tensors that lie in them, side by side."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

from dokja.adapters.weights.byte_source import (
    LocalBytes,
    changed,
    open_local,
    opened_local,
)
from dokja.adapters.weights.pickles import refuse_pickle
from dokja.adapters.weights.safetensors_header import TensorEntry, read_header
from dokja.errors import InvalidInput
from dokja.submission.values import DigestedFile, SealedFile, SealedTensor

SUFFIX = ".safetensors"
BLOCK = 1 << 18
"""Bytes that are read at once; they are still in the cache when they are hashed."""
THREADS = 8
"""More than read from a disk that turns; fewer where the machine has fewer cores."""

_Begun = tuple[LocalBytes, Future[str], Future[tuple[SealedTensor, ...]], str]


def digest_files(places: Sequence[tuple[Path, str]]) -> tuple[DigestedFile, ...]:
    """Each file with its digests, in the order given; `places` are path and name.

    A file and its tensors are read by two threads at the same time: hashlib lets go
    of the interpreter, and the second reader finds what the first one read in the
    system's cache. Raises: InvalidInput for a link, a special file, a pickle or one
    that changes while it is read.
    """
    with ThreadPoolExecutor(max(2, min(THREADS, os.cpu_count() or 1))) as pool:
        try:
            begun = [_begin(place, shown, pool) for place, shown in places]
            return tuple(_finish(*one) for one in begun)
        except InvalidInput:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _begin(place: Path, shown: str, pool: Executor) -> _Begun:
    source = open_local(place, shown)
    refuse_pickle(source, shown)
    entries, damage = _entries(source)
    whole = pool.submit(_whole, source)
    return source, whole, pool.submit(_tensors, source, entries), damage


def _finish(
    source: LocalBytes,
    whole: Future[str],
    tensors: Future[tuple[SealedTensor, ...]],
    damage: str,
) -> DigestedFile:
    file = SealedFile(path=source.shown, size_bytes=source.size, digest=whole.result())
    return DigestedFile(file=file, tensors=tensors.result(), damage=damage)


def _entries(source: LocalBytes) -> tuple[list[tuple[str, TensorEntry]], str]:
    """The tensors by name, or why there are none to list."""
    if not source.shown.endswith(SUFFIX):
        return [], ""
    try:
        return sorted(read_header(source).items(), key=lambda item: item[0]), ""
    except InvalidInput as error:
        return [], error.fact


def _whole(source: LocalBytes) -> str:
    with opened_local(source) as stream:
        digest = hashlib.file_digest(stream, "sha256")
        if stream.tell() != source.size:
            raise changed(source.shown)
    return f"sha256:{digest.hexdigest()}"


def _tensors(
    source: LocalBytes, entries: Sequence[tuple[str, TensorEntry]]
) -> tuple[SealedTensor, ...]:
    if not entries:
        return ()
    found: dict[str, str] = {}
    buffer = memoryview(bytearray(BLOCK))
    with opened_local(source) as stream:
        # In the order of their bytes, so that the file is read once from its start.
        for name, entry in sorted(entries, key=lambda item: item[1].start):
            digest, left = hashlib.sha256(), entry.stop - entry.start
            stream.seek(entry.start)
            while left:
                count = stream.readinto(buffer[: min(left, BLOCK)])
                if not count:
                    raise changed(source.shown)
                digest.update(buffer[:count])
                left -= count
            found[name] = f"sha256:{digest.hexdigest()}"
    return tuple(
        SealedTensor(name=n, dtype=e.dtype, shape=e.shape, digest=found[n])
        for n, e in entries
    )
