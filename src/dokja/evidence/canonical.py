"""Canonical bytes (RFC 8785) and the digests taken of them."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import msgspec
import rfc8785

from dokja.errors import InvalidInput
from dokja.evidence.values import Act

T = TypeVar("T")


def canonical_bytes(value: Any) -> bytes:
    """RFC 8785 bytes of a value built from structs, dicts, numbers and text.

    Decimals become strings, so that no digit of a total passes through a
    binary float; -0.0 becomes 0.0. NaN and infinity are refused.
    """
    plain = _without_negative_zero(msgspec.to_builtins(value))
    try:
        return rfc8785.dumps(plain)
    except rfc8785.CanonicalizationError as error:
        raise InvalidInput(
            f"value has no canonical JSON form: {error}",
            remedy="publish a missing number as null with a reason, never as NaN",
        ) from error


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


def _without_negative_zero(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _without_negative_zero(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_negative_zero(item) for item in value]
    return value + 0.0 if isinstance(value, float) else value
