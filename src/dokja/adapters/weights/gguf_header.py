"""The header and tensor table of a GGUF file, checked before any weight is read."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from dokja.adapters.weights.bounded import DamagedFile
from dokja.adapters.weights.byte_source import ByteSource
from dokja.adapters.weights.byte_window import ByteWindow
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
KEY_LIMIT = (1 << 16) - 1
"""Bytes of a metadata key; the format's own limit."""
AXES_LIMIT = 4
SHORT_LIST = 1 << 12
"""Numbers in a list, or bytes of a text, that is kept: one a layer, at most."""

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

    source: ByteSource
    stored: StoredType
    shape: tuple[int, ...]
    start: int
    """Offset from the beginning of the file."""
    stop: int


@dataclass(frozen=True)
class GgufHeader:
    """What the file says of itself, and where its tensors lie."""

    metadata: Mapping[str, object]
    """Numbers, tokens, short texts and lists; longer ones are passed over."""
    tensors: Mapping[str, GgufEntry]


def is_gguf(source: ByteSource) -> bool:
    """Whether the file begins as GGUF files do."""
    return source.read(0, min(source.size, len(MAGIC))) == MAGIC


def read_gguf_header(source: ByteSource, types: Mapping[int, StoredType]) -> GgufHeader:
    """Metadata and tensors of the file, proven to lie in it without overlap.

    `types` are the element types that can be read, by their number. Raises:
    InvalidInput, naming the file, for anything else.
    """
    if source.size < 24:
        raise broken_gguf(source.shown, "it is shorter than a header")
    return _Reader(source).header(types)


class _Reader:
    """Reads the header from front to back."""

    def __init__(self, source: ByteSource) -> None:
        self._window = ByteWindow(source, HEADER_LIMIT, broken_gguf)
        self._number = self._window.number
        self._bytes = self._window.take
        self._pass_over = self._window.skip
        self._refusal = self._window.refusal
        self._source = source
        self._strings = 0

    def header(self, types: Mapping[int, StoredType]) -> GgufHeader:
        magic, version = self._bytes(4), self._number("I")
        if magic != MAGIC:
            raise self._refusal("it does not begin with GGUF")
        if version not in VERSIONS:
            raise InvalidInput(
                f"{self._source.shown} is GGUF of version {version} or of the other "
                f"byte order; versions {VERSIONS[0]} and {VERSIONS[1]}, little-endian, "
                "can be read",
                remedy="convert the original weights again with a current converter",
            )
        tensors, entries = self._count("tensors"), self._count("metadata entries")
        metadata: dict[str, object] = {}
        for _ in range(entries):
            key = self._name(KEY_LIMIT)
            if key in metadata:
                raise self._refusal(f"{key} occurs twice")
            metadata[key] = self._value(key, self._number("I"))
        table = [self._tensor(types) for _ in range(tensors)]
        return GgufHeader(metadata, self._placed(table, _alignment(metadata)))

    def _value(self, key: str, kind: int) -> object:
        if kind in SCALARS:
            return self._number(SCALARS[kind])
        if kind == STRING:
            return self._kept_text(self._number("Q"))
        if kind != ARRAY:
            raise self._refusal(f"{key} has the unknown type {kind}")
        of, count = self._number("I"), self._number("Q")
        if of == STRING:
            return self._strings_of(key, count)
        if of not in SCALARS:
            raise self._refusal(f"{key} is a list of the type {of}")
        length = count * struct.calcsize(f"<{SCALARS[of]}")
        if count > (STRINGS_LIMIT if key == TOKEN_TYPES else SHORT_LIST):
            self._pass_over(length)
            return None
        return struct.unpack(f"<{count}{SCALARS[of]}", self._bytes(length))

    def _strings_of(self, key: str, count: int) -> tuple[str, ...] | None:
        self._strings += count
        if self._strings > STRINGS_LIMIT:
            raise self._refusal(f"it lists more than {STRINGS_LIMIT} texts")
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
        name, axes = self._name(NAME_LIMIT), self._number("I")
        if not 1 <= axes <= AXES_LIMIT:
            raise self._refusal(f"{name} has {axes} axes")
        sizes = tuple(self._number("Q") for _ in range(axes))
        kind, offset = self._number("I"), self._number("Q")
        if kind not in types:
            raise InvalidInput(
                f"{self._source.shown}: {name} is stored as GGUF type {kind}, which "
                "cannot be read",
                remedy="use a newer release of the gguf library, or a file "
                "quantised as Q8_0 or saved as F16",
            )
        stored = types[kind]
        if 0 in sizes or sizes[0] % stored.block or (axes == 1 and stored.block > 1):
            raise self._refusal(f"the shape of {name} does not fit {stored.name}")
        return name, stored, sizes[::-1], offset

    def _placed(
        self,
        table: list[tuple[str, StoredType, tuple[int, ...], int]],
        alignment: int,
    ) -> dict[str, GgufEntry]:
        """Tensors by name. Raises: InvalidInput unless they fill the file."""
        if alignment <= 0 or alignment & (alignment - 1) or alignment > 1 << 20:
            raise self._refusal(f"its alignment is {alignment}")
        base = position = -(-self._window.at // alignment) * alignment
        found: dict[str, GgufEntry] = {}
        for name, stored, shape, offset in sorted(table, key=lambda row: row[3]):
            start = base + offset
            stop = start + math.prod(shape) // stored.block * stored.size
            if name in found:
                raise self._refusal(f"{name} occurs twice")
            if start != position:
                raise self._refusal(f"{name} overlaps or leaves a gap")
            if stop > self._source.size:
                raise self._refusal(f"{name} ends past the end of the file")
            found[name] = GgufEntry(self._source, stored, shape, start, stop)
            position = -(-stop // alignment) * alignment
        if self._source.size > position:
            raise self._refusal("bytes at its end belong to no tensor")
        return found

    def _count(self, what: str) -> int:
        count = self._number("Q")
        if count > COUNT_LIMIT:
            raise self._refusal(f"it says it has {count} {what}")
        return count

    def _name(self, limit: int) -> str:
        length = self._number("Q")
        if length > limit:
            self._pass_over(length)
            raise self._refusal("a name in it is too long")
        return self._text(length)

    def _kept_text(self, length: int) -> str | None:
        if length > SHORT_LIST:
            self._pass_over(length)
            return None
        return self._text(length)

    def _text(self, length: int) -> str:
        try:
            return self._bytes(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._refusal("a name in it is not UTF-8") from error


def _alignment(metadata: Mapping[str, object]) -> int:
    value = metadata.get("general.alignment", 32)
    return value if type(value) is int else 0


def broken_gguf(shown: str, fact: str) -> DamagedFile:
    """The refusal of a file that is not what its header says."""
    return DamagedFile(
        f"{shown} is not a whole GGUF file: {fact}",
        remedy="convert it again, and compare its size after copying",
    )
