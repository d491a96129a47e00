"""Keys as PEM: what was written down, and why it cannot be used."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import (
    PrivateKeyTypes,
    PublicKeyTypes,
)
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from dokja.errors import InvalidInput, Unavailable

_TAKE_PUBLIC_HALF = "take it from the private key with: openssl pkey -in FILE -pubout"


def private_key(path: Path, *, make: str) -> PrivateKeyTypes:
    """The unencrypted private key in a PEM file, of whatever kind.

    Raises: Unavailable where the file cannot be read; InvalidInput where it holds
    none, or an encrypted one; `make` is the command that makes a right one.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"key file {path} cannot be read: {error.strerror}",
            remedy="check the path and who may read it",
        ) from error
    if b"PUBLIC KEY-----" in data:
        raise InvalidInput(
            f"{path} holds a public key; only a private key can sign",
            remedy="give the private key's file",
        )
    try:
        return load_pem_private_key(data, password=None)
    except TypeError as error:
        raise InvalidInput(
            f"{path} is encrypted",
            remedy="decrypt it first: openssl pkey -in FILE -out PLAIN",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInput(
            f"{path} holds no private key in PEM form", remedy=f"make one with: {make}"
        ) from error


def public_key(text: str) -> PublicKeyTypes:
    """The public key in a PEM text, of whatever kind.

    Raises: InvalidInput where the text holds none.
    """
    if "PRIVATE KEY-----" in text:
        raise InvalidInput(
            "a private key was given where the public key belongs",
            remedy=f"keep it secret and give its public half; {_TAKE_PUBLIC_HALF}",
        )
    try:
        return load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInput(
            "the public key is not in PEM form", remedy=_TAKE_PUBLIC_HALF
        ) from error


def other_kind(key: object, *, called: str, make: str) -> InvalidInput:
    """The refusal of a key of another kind."""
    kind = type(key).__name__.removesuffix("Key")
    return InvalidInput(
        f"the key is {kind}, not {called}", remedy=f"make one with: {make}"
    )
