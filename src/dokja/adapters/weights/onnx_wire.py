"""The wire format of protocol buffers, walked within bounds.

Source: the protocol buffers encoding, as its documentation gives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.adapters.weights.byte_window import ByteWindow

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
VARINT_BYTES = 10
"""Bytes of the longest varint, which holds 64 bits."""
FIXED = {FIXED64: 8, FIXED32: 4}


@dataclass(frozen=True)
class Field:
    """One field of a message: its number, and its value or where that lies."""

    number: int
    kind: int
    value: int
    """The varint; 0 for other kinds."""
    start: int
    stop: int
    """Where the bytes of a field of other kinds lie in the file."""


def fields(window: ByteWindow, start: int, stop: int) -> Iterator[Field]:
    """The fields of the message that lies from `start` to `stop`, in order.

    The reader may move the window between two fields. Raises: InvalidInput
    where a field does not end within its message.
    """
    at = start
    while at < stop:
        window.at = at
        tag = varint(window, stop)
        number, kind = tag >> 3, tag & 7
        value, first = 0, window.at
        if kind == VARINT:
            value = varint(window, stop)
            at = window.at
        elif kind == BYTES:
            length = varint(window, stop)
            first = window.at
            at = first + length
        elif kind in FIXED:
            at = first + FIXED[kind]
        else:
            raise window.refusal(f"a field has the unknown wire type {kind}")
        if number == 0 or at > stop:
            raise window.refusal("a field does not end within its message")
        yield Field(number, kind, value, first, at)


def varint(window: ByteWindow, stop: int) -> int:
    """The next varint, of at most 64 bits. Raises: InvalidInput past `stop`."""
    value = 0
    for place in range(VARINT_BYTES):
        if window.at >= stop:
            break
        octet = window.take(1)[0]
        value |= (octet & 0x7F) << (7 * place)
        if octet < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF
    raise window.refusal("a number in it does not end")


def signed(value: int) -> int:
    """A 64-bit varint as the signed number it stands for."""
    return value - (1 << 64) if value >> 63 else value


def packed(data: bytes) -> npt.NDArray[np.uint64] | None:
    """The varints that lie one after the other; None where one does not end."""
    octets = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(octets < 0x80)
    if not len(octets):
        return np.zeros(0, dtype=np.uint64)
    if not len(ends) or ends[-1] != len(octets) - 1:
        return None
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if lengths.max() > VARINT_BYTES:
        return None
    values = np.zeros(len(ends), dtype=np.uint64)
    for place in range(int(lengths.max())):
        reaches = lengths > place
        part = octets[starts[reaches] + place].astype(np.uint64) & np.uint64(0x7F)
        values[reaches] |= part << np.uint64(7 * place)
    return values
