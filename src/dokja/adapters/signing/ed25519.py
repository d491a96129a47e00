"""Ed25519 (RFC 8032) by the `cryptography` package."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dokja.adapters.signing.pem import other_kind, private_key, public_key
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes

_KEY_BYTES = 32
_CALLED = "Ed25519"
_MAKE = "openssl genpkey -algorithm ed25519 -out FILE"


class Ed25519Verifier:
    """Holds a public key the reader trusts for a reason of their own."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key

    @classmethod
    def from_raw(cls, raw: bytes) -> Ed25519Verifier:
        """The verifier of a 32-byte public key.

        Raises: InvalidInput for any other length.
        """
        if len(raw) != _KEY_BYTES:
            raise InvalidInput(
                f"a raw Ed25519 public key has {_KEY_BYTES} bytes, not {len(raw)}",
                remedy="give the raw key, or its PEM text",
            )
        return cls(Ed25519PublicKey.from_public_bytes(raw))

    @classmethod
    def from_pem_text(cls, text: str) -> Ed25519Verifier:
        """The verifier of a public key in PEM.

        Raises: InvalidInput where the text is no public Ed25519 key.
        """
        key = public_key(text)
        if not isinstance(key, Ed25519PublicKey):
            raise other_kind(key, called=_CALLED, make=_MAKE)
        return cls(key)

    @property
    def key_id(self) -> str:
        """`sha256:` digest of the raw public key."""
        return digest_bytes(self.raw)

    @property
    def raw(self) -> bytes:
        """The 32-byte public key."""
        return self._key.public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def pem(self) -> str:
        """The public key as PEM text."""
        spki = PublicFormat.SubjectPublicKeyInfo
        return self._key.public_bytes(Encoding.PEM, spki).decode()

    def is_valid(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class Ed25519Signer:
    """Holds a private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def from_seed(cls, seed: bytes) -> Ed25519Signer:
        """The signer a 32-byte seed always gives.

        Raises: InvalidInput for any other length.
        """
        if len(seed) != _KEY_BYTES:
            raise InvalidInput(
                f"an Ed25519 seed has {_KEY_BYTES} bytes, not {len(seed)}",
                remedy="give a SHA-256 digest, or 32 random bytes",
            )
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, path: Path) -> Ed25519Signer:
        """The signer of an unencrypted private key in a PEM file.

        Raises: Unavailable where the file cannot be read; InvalidInput where
        it holds no private Ed25519 key, or an encrypted one.
        """
        key = private_key(path, make=_MAKE)
        if not isinstance(key, Ed25519PrivateKey):
            raise other_kind(key, called=_CALLED, make=_MAKE)
        return cls(key)

    @property
    def verifier(self) -> Ed25519Verifier:
        """The public half."""
        return Ed25519Verifier(self._key.public_key())

    @property
    def key_id(self) -> str:
        """`sha256:` digest of the raw public key."""
        return self.verifier.key_id

    @property
    def public_pem(self) -> str:
        """The public key as PEM text."""
        return self.verifier.pem

    def sign(self, message: bytes) -> bytes:
        """64-byte signature over the message, always the same."""
        return self._key.sign(message)
