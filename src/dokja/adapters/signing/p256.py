"""ECDSA on P-256 with SHA-256 by the `cryptography` package, for `model.sig`.

Signatures are deterministic (RFC 6979), so that sealing twice gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dokja.adapters.signing.pem import other_kind, private_key, public_key
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes

_CALLED = "P-256"
_MAKE = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out FILE"


class P256Verifier:
    """Holds a public key the reader trusts for a reason of their own."""

    def __init__(self, key: ec.EllipticCurvePublicKey) -> None:
        self._key = key

    @classmethod
    def from_pem_text(cls, text: str) -> P256Verifier:
        """The verifier of a public key in PEM.

        Raises: InvalidInput where the text is no public P-256 key.
        """
        key = public_key(text)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise other_kind(key, called=_CALLED, make=_MAKE)
        _require_p256(key.curve)
        return cls(key)

    @property
    def key_id(self) -> str:
        """`sha256:` digest of the PEM text: what OMS gives as a key's hint."""
        return digest_bytes(self.pem.encode())

    @property
    def pem(self) -> str:
        """The public key as PEM text."""
        spki = PublicFormat.SubjectPublicKeyInfo
        return self._key.public_bytes(Encoding.PEM, spki).decode()

    def is_valid(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the message."""
        try:
            self._key.verify(signature, message, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


class P256Signer:
    """Holds a private key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @classmethod
    def from_pem(cls, path: Path) -> P256Signer:
        """The signer of an unencrypted private key in a PEM file.

        Raises: Unavailable where the file cannot be read; InvalidInput where
        it holds no private P-256 key, or an encrypted one.
        """
        key = private_key(path, make=_MAKE)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise other_kind(key, called=_CALLED, make=_MAKE)
        _require_p256(key.curve)
        return cls(key)

    @property
    def verifier(self) -> P256Verifier:
        """The public half."""
        return P256Verifier(self._key.public_key())

    @property
    def key_id(self) -> str:
        """`sha256:` digest of the public key's PEM text."""
        return self.verifier.key_id

    @property
    def public_pem(self) -> str:
        """The public key as PEM text."""
        return self.verifier.pem

    def sign(self, message: bytes) -> bytes:
        """DER signature over the message, always the same.

        Raises: Unavailable where this machine's OpenSSL is older than 3.2.
        """
        try:
            scheme = ec.ECDSA(SHA256(), deterministic_signing=True)
            return self._key.sign(message, scheme)
        except UnsupportedAlgorithm as error:
            raise Unavailable(
                "this machine's OpenSSL cannot sign deterministically",
                remedy="install the `cryptography` wheel, which brings its own",
            ) from error


def _require_p256(curve: ec.EllipticCurve) -> None:
    if not isinstance(curve, ec.SECP256R1):
        raise InvalidInput(
            f"the key is on the curve {curve.name}, not on {_CALLED}",
            remedy=f"make one with: {_MAKE}",
        )
