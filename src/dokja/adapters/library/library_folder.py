"""A folder of fingerprints with an index of their digests.

`index.json` lists every name with the digest of its fingerprint, which lies
under `fingerprints/`. Both are canonical JSON and appear whole or not at all.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.evidence.values import Text
from dokja.lineage.fingerprints import (
    Fingerprint,
    LibraryEntry,
    LibraryFault,
    LibraryIndex,
    read_fingerprint,
    refuse_name,
)

INDEX, PRINTS, LOCK = "index.json", "fingerprints", ".lock"
INDEX_LIMIT = 64 << 20
"""Bytes of an index; ten thousand entries are about 3 MB."""
PRINT_LIMIT = 250_000
WEIGHTS_LENGTH = 4096
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class LibraryFolder:
    """Fingerprints by name; entries are added and never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def index(self) -> LibraryIndex:
        """What the library holds. Raises: InvalidInput, Unavailable."""
        if not self._root.is_dir():
            raise Unavailable(
                f"there is no library in {self._root}",
                remedy="make one with `dokja lineage library add`",
            )
        if not (self._root / INDEX).exists():
            return LibraryIndex(schema="dokja-library/1", entries=())
        data = _read(self._root / INDEX, INDEX, INDEX_LIMIT)
        try:
            index = msgspec.json.decode(data, type=LibraryIndex)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise _broken_index(str(error)) from error
        _refuse_entries(index)
        if canonical_bytes(index) != data:
            raise _broken_index("its bytes are not the canonical ones")
        return index

    def fingerprints(self) -> tuple[tuple[LibraryEntry, Fingerprint], ...]:
        """Every entry with its fingerprint, in the order of the index.

        Raises: InvalidInput where one is missing or not what the index says.
        """
        return tuple((entry, self._print(entry)) for entry in self.index().entries)

    def check(self, entry: LibraryEntry) -> bool:
        """Whether the entry is new; adding it again changes nothing.

        Raises: Conflict where its name stands for another model.
        """
        if not self._root.exists():
            return True
        known = {one.name: one for one in self.index().entries}.get(entry.name)
        if known is not None and known != entry:
            raise Conflict(
                f"the library has another model, or other weights, named {entry.name}",
                remedy="give this one another name with --name",
            )
        return known is None

    def add(self, data: bytes, *, weights: str | None) -> LibraryEntry:
        """The entry of the fingerprint in `data`, which is there from now on.

        Several processes may add at once. Raises: Conflict where its name
        stands for another model; InvalidInput for anything but a fingerprint.
        """
        entry = entry_of(data, weights=weights)
        self._root.mkdir(parents=True, exist_ok=True)
        (self._root / PRINTS).mkdir(exist_ok=True)
        with _locked(self._root / LOCK):
            if self.check(entry):
                entries = (*self.index().entries, entry)
                index = LibraryIndex(
                    schema="dokja-library/1",
                    entries=tuple(sorted(entries, key=lambda one: one.name)),
                )
                # The fingerprint first: an index never names what is not there.
                _write(self._place(entry), data)
                _write(self._root / INDEX, canonical_bytes(index))
        return entry

    def faults(self) -> tuple[LibraryFault, ...]:
        """What does not hold, entry by entry, and files the index does not name.

        Raises: InvalidInput where the index itself cannot be read.
        """
        found, index = [], self.index()
        for entry in index.entries:
            try:
                self._print(entry, canonical=True)
            except InvalidInput as error:
                fact = Text(ko=f"지문을 믿을 수 없음: {error}", en=str(error))
                found.append(LibraryFault(subject=entry.name, fact=fact))
        named = {self._place(entry).name for entry in index.entries}
        folder = self._root / PRINTS
        stray = {p.name for p in folder.iterdir()} - named if folder.is_dir() else set()
        for name in sorted(stray):
            fact = Text(ko="색인에 없는 파일임", en="the index does not name this file")
            found.append(LibraryFault(subject=f"{PRINTS}/{name}", fact=fact))
        return tuple(found)

    def _print(self, entry: LibraryEntry, *, canonical: bool = False) -> Fingerprint:
        where = f"the fingerprint of {entry.name}"
        data = _read(self._place(entry), where, PRINT_LIMIT)
        if digest_bytes(data) != entry.digest:
            raise InvalidInput(
                f"{where} is not the one that was added",
                remedy="make it again from the weights and add it to a new library",
            )
        found = read_fingerprint(data, where=where, canonical=canonical)
        if found.name != entry.name:
            raise InvalidInput(
                f"{where} names another model",
                remedy="add the fingerprint to a new library",
            )
        return found

    def _place(self, entry: LibraryEntry) -> Path:
        return self._root / PRINTS / f"{entry.digest.removeprefix('sha256:')}.json"


def entry_of(data: bytes, *, weights: str | None) -> LibraryEntry:
    """The entry that the fingerprint in `data` would get.

    Raises: InvalidInput for anything but a fingerprint in canonical bytes.
    """
    found = read_fingerprint(data, where="the file")
    entry = LibraryEntry(name=found.name, digest=digest_bytes(data), weights=weights)
    _refuse_entries(LibraryIndex(schema="dokja-library/1", entries=(entry,)))
    return entry


def read_print_file(place: Path) -> bytes:
    """The bytes of a fingerprint's file. Raises: InvalidInput past its limit."""
    return _read(place, str(place), PRINT_LIMIT)


def _refuse_entries(index: LibraryIndex) -> None:
    """Nothing. Raises: InvalidInput for an entry that leads anywhere else."""
    names = [entry.name for entry in index.entries]
    if names != sorted(set(names)):
        raise _broken_index("its names are repeated or out of order")
    for entry in index.entries:
        refuse_name(entry.name, where=INDEX)
        if not DIGEST.fullmatch(entry.digest):
            raise _broken_index(f"the digest of {entry.name} is none")
        weights = entry.weights
        if weights is not None and not (
            len(weights) <= WEIGHTS_LENGTH and weights.isprintable()
        ):
            raise _broken_index(f"the place of {entry.name}'s weights is no path")


def _broken_index(fact: str) -> InvalidInput:
    return InvalidInput(
        f"{INDEX} is not a library's index: {fact}",
        remedy="restore the library from a copy, or add its models to a new one",
    )


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """Holds the library for one writer; the system lets go if the writer dies."""
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(place, flags, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _read(place: Path, shown: str, limit: int) -> bytes:
    """The whole plain file. Raises: InvalidInput past the limit or for a link."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(place, flags)
    except OSError as error:
        raise InvalidInput(
            f"{shown} cannot be read: {error.strerror}",
            remedy="restore the file, readable, and not as a link",
        ) from error
    with os.fdopen(descriptor, "rb") as stream:
        plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
        data = stream.read(limit + 1) if plain else b""
    if not plain or len(data) > limit:
        raise InvalidInput(
            f"{shown} is no plain file of at most {limit} bytes",
            remedy="restore the file that was there",
        )
    return data


def _write(place: Path, data: bytes) -> None:
    """Puts the file into place in one step, on disk before it is seen."""
    descriptor, scratch = tempfile.mkstemp(prefix=".new-", dir=place.parent)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(scratch).chmod(0o644)
        Path(scratch).replace(place)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
