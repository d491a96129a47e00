"""Signed statements: a payload in a DSSE envelope.

Source: DSSE v1.0.2, protocol section (pre-authentication encoding).
"""

from __future__ import annotations

import base64
import binascii
from typing import Protocol

import msgspec

from dokja.errors import InvalidInput


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One signature; `keyid` is a hint and never trusted."""

    keyid: str
    sig: str


class Envelope(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A DSSE envelope; the payload is base64."""

    payload: str
    payload_type: str
    signatures: tuple[Signature, ...]


class Signer(Protocol):
    """Holds a private key."""

    @property
    def key_id(self) -> str:
        """Digest of the public key."""

    def sign(self, message: bytes) -> bytes:
        """Signature over the message."""


class SignatureVerifier(Protocol):
    """Holds a public key the reader trusts for a reason of their own."""

    @property
    def key_id(self) -> str:
        """Digest of the public key."""

    def is_valid(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made the signature over the message."""


def sign_statement(payload: bytes, *, payload_type: str, signer: Signer) -> Envelope:
    """Envelope around the payload with one signature."""
    unsigned = Envelope(
        payload=base64.b64encode(payload).decode(),
        payload_type=payload_type,
        signatures=(),
    )
    return countersigned(unsigned, signer)


def countersigned(envelope: Envelope, signer: Signer) -> Envelope:
    """The envelope with one more signature over the same payload and type."""
    message = _pre_authentication_encoding(envelope.payload_type, payload_of(envelope))
    signature = Signature(
        keyid=signer.key_id, sig=base64.b64encode(signer.sign(message)).decode()
    )
    return msgspec.structs.replace(
        envelope, signatures=(*envelope.signatures, signature)
    )


def payload_of(envelope: Envelope) -> bytes:
    """The payload, whoever signed it or did not.

    Raises: InvalidInput where it is not base64.
    """
    return _decoded(envelope.payload, "payload")


def open_statement(
    envelope: Envelope, *, payload_type: str, verifier: SignatureVerifier
) -> bytes | None:
    """The payload if the verifier's key signed it under this type, else None."""
    if envelope.payload_type != payload_type:
        return None
    payload = _decoded(envelope.payload, "payload")
    message = _pre_authentication_encoding(payload_type, payload)
    signed = any(
        verifier.is_valid(message, _decoded(signature.sig, "signature"))
        for signature in envelope.signatures
    )
    return payload if signed else None


def _pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _decoded(text: str, part: str) -> bytes:
    # DSSE lets the signer use either alphabet and makes the reader take both.
    standard = text.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidInput(
            f"envelope {part} is not base64", remedy="fetch the envelope again"
        ) from error
