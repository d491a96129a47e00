"""Canonical bytes (RFC 8785) and the digests taken of them."""

from __future__ import annotations

import hashlib
import re
from typing import Any, TypeVar

import msgspec
import rfc8785

from dokja.errors import InvalidInput
from dokja.evidence.values import Act

T = TypeVar("T")

_LARGEST_SAFE = 2**53 - 1
_FIRST_WITH_EXPONENT = 10**21
_LEAST_WITHOUT_EXPONENT = 1e-4
_PRINTED_ALIKE = frozenset({str, bool, type(None)})
_FOUR_BYTES = re.compile(rb"[\xf0-\xf4]")
_SORTED = msgspec.json.Encoder(order="sorted")
_AS_BUILT = msgspec.json.Encoder()


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a value built from structs, dicts, numbers and text.

    Decimals become strings, so that no digit of a total passes through a
    binary float; -0.0 becomes 0.0; a set is sorted. What was read from
    canonical bytes has the same bytes again.

    Raises: InvalidInput for NaN, infinity, an integer that no double is
    printed as, and text that is not Unicode.
    """
    plain = msgspec.to_builtins(value, str_keys=True, order="deterministic")
    try:
        printed = _with_printed_numbers(plain)
        data = _SORTED.encode(printed)
        # UTF-8 sorts as UTF-16 does until there is a letter of four bytes.
        if _FOUR_BYTES.search(data):
            return _AS_BUILT.encode(_by_utf_16(printed))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise InvalidInput(
            f"value has no canonical JSON form: {error}",
            remedy="publish a missing number as null with a reason, never as NaN; "
            "an integer beyond 2^53 as text",
        ) from error
    return data


def digest_bytes(data: bytes) -> str:
    """`sha256:` and the hex digest of `data`."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest_of(value: Any) -> str:
    """Digest of the canonical bytes of `value`."""
    return digest_bytes(canonical_bytes(value))


def act_digest(act: Act) -> str:
    """Digest that names an act in the record."""
    return digest_of(act)


def read_as(data: Any, kind: type[T], *, where: str) -> T:
    """`data` (builtins) as a `kind`; InvalidInput names `where` and the path."""
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            f"{where}: {error}",
            remedy="correct the named entry; unknown keys are refused on purpose",
        ) from error


def _with_printed_numbers(value: Any) -> Any:
    """The value, with numbers as RFC 8785 prints them and msgspec would not."""
    if isinstance(value, dict):
        return {
            key: item if type(item) in _PRINTED_ALIKE else _with_printed_numbers(item)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [
            item if type(item) in _PRINTED_ALIKE else _with_printed_numbers(item)
            for item in value
        ]
    if isinstance(value, float):
        return _printed_float(value)
    if isinstance(value, int) and abs(value) > _LARGEST_SAFE:
        return msgspec.Raw(rfc8785.dumps(_double_if_printed_as(value)))
    return value


def _printed_float(value: float) -> Any:
    """What msgspec writes as RFC 8785 prints this double."""
    if _LEAST_WITHOUT_EXPONENT <= abs(value) <= _LARGEST_SAFE:
        return value if value % 1 else int(value)
    return msgspec.Raw(rfc8785.dumps(float(value)))


def _double_if_printed_as(value: int) -> int | float:
    """The double that RFC 8785 prints as this integer, else the integer.

    Doubles from 2^53 to 10^21 are printed without a point, and a JSON reader
    hands them back as integers that rfc8785 would refuse.
    """
    if abs(value) >= _FIRST_WITH_EXPONENT:
        return value
    as_double = float(value)
    return as_double if rfc8785.dumps(as_double) == b"%d" % value else value


def _by_utf_16(value: Any) -> Any:
    """The value, with the keys of every object by their UTF-16 units."""
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: item[0].encode("utf-16be"))
        return {key: _by_utf_16(item) for key, item in items}
    return [_by_utf_16(item) for item in value] if isinstance(value, list) else value
