"""Ed25519 (RFC 8032) by the `cryptography` package."""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes

_KEY_BYTES = 32
_MAKE_A_KEY = "make one with: openssl genpkey -algorithm ed25519 -out FILE"
_TAKE_PUBLIC_HALF = "take it from the private key with: openssl pkey -in FILE -pubout"


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
        if "PRIVATE KEY-----" in text:
            raise InvalidInput(
                "a private key was given where the public key belongs",
                remedy=f"keep it secret and give its public half; {_TAKE_PUBLIC_HALF}",
            )
        try:
            key = load_pem_public_key(text.encode())
        except (ValueError, UnsupportedAlgorithm) as error:
            raise InvalidInput(
                "the public key is not in PEM form", remedy=_TAKE_PUBLIC_HALF
            ) from error
        if not isinstance(key, Ed25519PublicKey):
            raise _other_kind(key)
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
        return cls(_private_key(data, path))

    @property
    def verifier(self) -> Ed25519Verifier:
        """The public half."""
        return Ed25519Verifier(self._key.public_key())

    @property
    def key_id(self) -> str:
        """`sha256:` digest of the raw public key."""
        return self.verifier.key_id

    def sign(self, message: bytes) -> bytes:
        """64-byte signature over the message, always the same."""
        return self._key.sign(message)


def _private_key(data: bytes, path: Path) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(data, password=None)
    except TypeError as error:
        raise InvalidInput(
            f"{path} is encrypted",
            remedy="decrypt it first: openssl pkey -in FILE -out PLAIN",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidInput(
            f"{path} holds no private key in PEM form", remedy=_MAKE_A_KEY
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _other_kind(key)
    return key


def _other_kind(key: object) -> InvalidInput:
    kind = type(key).__name__.removesuffix("Key")
    return InvalidInput(f"the key is {kind}, not Ed25519", remedy=_MAKE_A_KEY)
