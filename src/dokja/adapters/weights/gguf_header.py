"""The header and tensor table of a GGUF file, checked before any weight is read."""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.weights.bounded import read_start
from dokja.errors import InvalidInput

MAGIC = b"GGUF"
VERSIONS = (2, 3)
HEADER_LIMIT = 256 << 20
"""Bytes of metadata and tensor table; the largest published are about 20 MB."""
COUNT_LIMIT = 1 << 17
"""Metadata entries, or tensors, of one file."""
STRINGS_LIMIT = 1 << 22
"""Strings in all the lists of one file: tokens and merges."""
NAME_LIMIT = 256
"""Bytes of a tensor's name; the format itself allows 64."""
AXES_LIMIT = 4
SHORT_LIST = 1 << 12
"""Numbers in a list that is kept: one a layer, at most."""

SCALARS: Mapping[int, str] = {
    0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?",
    10: "Q", 11: "q", 12: "d",
}  # fmt: skip
"""Metadata types of one fixed size, by their number in the format."""
STRING, ARRAY = 8, 9
TOKENS, TOKEN_TYPES = "tokenizer.ggml.tokens", "tokenizer.ggml.token_type"


@dataclass(frozen=True)
class StoredType:
    """How elements are stored: `block` of them take `size` bytes."""

    name: str
    number: int
    block: int
    size: int


@dataclass(frozen=True)
class GgufEntry:
    """Where a tensor lies in its file; the axes in the order of PyTorch."""

    place: Path
    stored: StoredType
    shape: tuple[int, ...]
    start: int
    """Offset from the beginning of the file."""
    stop: int


@dataclass(frozen=True)
class GgufHeader:
    """What the file says of itself, and where its tensors lie."""

    metadata: Mapping[str, object]
    """Numbers, strings, tokens and short lists; other lists are passed over."""
    tensors: Mapping[str, GgufEntry]


def is_gguf(place: Path) -> bool:
    """Whether the plain file at `place` begins as GGUF files do."""
    return read_start(place, len(MAGIC)) == MAGIC


def read_gguf_header(
    place: Path, shown: str, types: Mapping[int, StoredType]
) -> GgufHeader:
    """Metadata and tensors of the file, proven to lie in it without overlap.

    `types` are the element types that can be read, by their number. Raises:
    InvalidInput, naming the file, for anything else.
    """
    try:
        with place.open("rb") as stream:
            size = stream.seek(0, 2)
            if size < 24:
                raise broken_gguf(shown, "it is shorter than a header")
            with mmap.mmap(stream.fileno(), size, access=mmap.ACCESS_READ) as data:
                return _Reader(data, size, place, shown).header(types)
    except OSError as error:
        raise broken_gguf(shown, error.strerror or "it cannot be read") from error


class _Reader:
    """A position in the header, moved only within the file and the limit."""

    def __init__(self, data: mmap.mmap, size: int, place: Path, shown: str) -> None:
        self._data = data
        self._size = size
        self._limit = min(size, HEADER_LIMIT)
        self._place = place
        self._shown = shown
        self._at = 0
        self._strings = 0

    def header(self, types: Mapping[int, StoredType]) -> GgufHeader:
        magic, version = self._bytes(4), self._number("I")
        if magic != MAGIC:
            raise broken_gguf(self._shown, "it does not begin with GGUF")
        if version not in VERSIONS:
            raise InvalidInput(
                f"{self._shown} is GGUF of version {version} or of the other byte "
                f"order; versions {VERSIONS[0]} and {VERSIONS[1]}, little-endian, "
                "can be read",
                remedy="convert the original weights again with a current converter",
            )
        tensors, entries = self._count("tensors"), self._count("metadata entries")
        metadata: dict[str, object] = {}
        for _ in range(entries):
            key = self._text(self._number("Q"))
            if key in metadata:
                raise broken_gguf(self._shown, f"{key} occurs twice")
            metadata[key] = self._value(key, self._number("I"))
        table = [self._tensor(types) for _ in range(tensors)]
        return GgufHeader(metadata, self._placed(table, _alignment(metadata)))

    def _value(self, key: str, kind: int) -> object:
        if kind in SCALARS:
            return self._number(SCALARS[kind])
        if kind == STRING:
            return self._text(self._number("Q"))
        if kind != ARRAY:
            raise broken_gguf(self._shown, f"{key} has the unknown type {kind}")
        of, count = self._number("I"), self._number("Q")
        if of == STRING:
            return self._strings_of(key, count)
        if of not in SCALARS:
            raise broken_gguf(self._shown, f"{key} is a list of the type {of}")
        length = count * struct.calcsize(f"<{SCALARS[of]}")
        if key != TOKEN_TYPES and count > SHORT_LIST:
            self._pass_over(length)
            return None
        return struct.unpack(f"<{count}{SCALARS[of]}", self._bytes(length))

    def _strings_of(self, key: str, count: int) -> tuple[str, ...] | None:
        self._strings += count
        if self._strings > STRINGS_LIMIT:
            raise broken_gguf(self._shown, f"it lists more than {STRINGS_LIMIT} texts")
        if key == TOKENS:
            # Some published tokens are single bytes, which are no UTF-8.
            return tuple(
                self._bytes(self._number("Q")).decode("utf-8", "backslashreplace")
                for _ in range(count)
            )
        for _ in range(count):
            self._pass_over(self._number("Q"))
        return None

    def _tensor(
        self, types: Mapping[int, StoredType]
    ) -> tuple[str, StoredType, tuple[int, ...], int]:
        length = self._number("Q")
        if length > NAME_LIMIT:
            raise broken_gguf(self._shown, "a tensor's name is too long")
        name, axes = self._text(length), self._number("I")
        if not 1 <= axes <= AXES_LIMIT:
            raise broken_gguf(self._shown, f"{name} has {axes} axes")
        sizes = tuple(self._number("Q") for _ in range(axes))
        kind, offset = self._number("I"), self._number("Q")
        if kind not in types:
            raise InvalidInput(
                f"{self._shown}: {name} is stored as GGUF type {kind}, which cannot "
                "be read",
                remedy="use a newer release of the gguf library, or a file "
                "quantised as Q8_0 or saved as F16",
            )
        stored = types[kind]
        if 0 in sizes or sizes[0] % stored.block or (axes == 1 and stored.block > 1):
            raise broken_gguf(
                self._shown, f"the shape of {name} does not fit {stored.name}"
            )
        return name, stored, sizes[::-1], offset

    def _placed(
        self,
        table: list[tuple[str, StoredType, tuple[int, ...], int]],
        alignment: int,
    ) -> dict[str, GgufEntry]:
        """Tensors by name. Raises: InvalidInput unless they fill the file."""
        if alignment <= 0 or alignment & (alignment - 1) or alignment > 1 << 20:
            raise broken_gguf(self._shown, f"its alignment is {alignment}")
        base = position = -(-self._at // alignment) * alignment
        found: dict[str, GgufEntry] = {}
        for name, stored, shape, offset in sorted(table, key=lambda row: row[3]):
            start = base + offset
            stop = start + math.prod(shape) // stored.block * stored.size
            if name in found:
                raise broken_gguf(self._shown, f"{name} occurs twice")
            if start != position:
                raise broken_gguf(self._shown, f"{name} overlaps or leaves a gap")
            if stop > self._size:
                raise broken_gguf(self._shown, f"{name} ends past the end of the file")
            found[name] = GgufEntry(self._place, stored, shape, start, stop)
            position = -(-stop // alignment) * alignment
        if self._size > position:
            raise broken_gguf(self._shown, "bytes at its end belong to no tensor")
        return found

    def _count(self, what: str) -> int:
        count = self._number("Q")
        if count > COUNT_LIMIT:
            raise broken_gguf(self._shown, f"it says it has {count} {what}")
        return count

    def _number(self, code: str) -> int:
        start = self._at
        self._pass_over(struct.calcsize(f"<{code}"))
        value: int = struct.unpack_from(f"<{code}", self._data, start)[0]
        return value

    def _text(self, length: int) -> str:
        try:
            return self._bytes(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise broken_gguf(self._shown, "a name in it is not UTF-8") from error

    def _bytes(self, length: int) -> bytes:
        start = self._at
        self._pass_over(length)
        return self._data[start : self._at]

    def _pass_over(self, length: int) -> None:
        if length > self._limit - self._at:
            raise broken_gguf(self._shown, "it is shorter than its header says")
        self._at += length


def _alignment(metadata: Mapping[str, object]) -> int:
    value = metadata.get("general.alignment", 32)
    return value if type(value) is int else 0


def broken_gguf(shown: str, fact: str) -> InvalidInput:
    """The refusal of a file that is not what its header says."""
    return InvalidInput(
        f"{shown} is not a whole GGUF file: {fact}",
        remedy="convert it again, and compare its size after copying",
    )
