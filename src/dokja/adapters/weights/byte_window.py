"""A position in a header, moved only within the file and a limit."""

from __future__ import annotations

import struct
from collections.abc import Callable

from dokja.adapters.weights.byte_source import ByteSource
from dokja.errors import InvalidInput

WINDOW = 1 << 18
"""Bytes read ahead at once."""


class ByteWindow:
    """Reads a header from front to back without holding more than a window."""

    def __init__(
        self,
        source: ByteSource,
        limit: int,
        broken: Callable[[str, str], InvalidInput],
    ) -> None:
        """`limit` is the first byte not to read; `broken` words the refusal."""
        self.source = source
        self.limit = min(source.size, limit)
        self.at = 0
        self._broken = broken
        self._from = 0
        self._held = b""

    def refusal(self, fact: str) -> InvalidInput:
        """The refusal of a file that is not what its header says."""
        return self._broken(self.source.shown, fact)

    def number(self, code: str) -> int:
        """The number of a `struct` code, little-endian."""
        value: int = struct.unpack(f"<{code}", self.take(struct.calcsize(f"<{code}")))[
            0
        ]
        return value

    def take(self, length: int) -> bytes:
        """The next bytes. Raises: InvalidInput past the limit."""
        start = self.at
        self.skip(length)
        if not self._from <= start <= self.at <= self._from + len(self._held):
            if length > WINDOW:
                return self.source.read(start, self.at)
            self._from = start
            self._held = self.source.read(start, min(start + WINDOW, self.limit))
        return self._held[start - self._from : self.at - self._from]

    def skip(self, length: int) -> None:
        """Nothing; passes over bytes. Raises: InvalidInput past the limit."""
        if length > self.limit - self.at:
            raise self.refusal("it is shorter than its header says")
        self.at += length
