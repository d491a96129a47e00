"""What others than the team sign apart from heads, in DSSE envelopes."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.statement import (
    Envelope,
    SignatureVerifier,
    Signer,
    open_statement,
    sign_statement,
)
from dokja.training.values import Attestation, Challenge, Nonce

NONCE_TYPE = "application/vnd.dokja.training-nonce+json"
CHALLENGE_TYPE = "application/vnd.dokja.training-challenge+json"
ATTESTATION_TYPE = "application/vnd.dokja.training-attestation+json"
STATEMENT_BYTES = 1 << 16

Said = TypeVar("Said", Nonce, Challenge, Attestation)
_TYPES: Mapping[type[Nonce | Challenge | Attestation], str] = {
    Nonce: NONCE_TYPE,
    Challenge: CHALLENGE_TYPE,
    Attestation: ATTESTATION_TYPE,
}


def signed_statement(said: Nonce | Challenge | Attestation, signer: Signer) -> bytes:
    """The envelope of what is said, as it is sent and kept."""
    kind = _TYPES[type(said)]
    return canonical_bytes(
        sign_statement(canonical_bytes(said), payload_type=kind, signer=signer)
    )


def read_statement(
    data: bytes, kind: type[Said], keys: Sequence[SignatureVerifier]
) -> Said | None:
    """What one of the keys signed, or None where none did or it is another kind.

    Raises: InvalidInput where the bytes are no envelope.
    """
    if len(data) > STATEMENT_BYTES:
        raise _refused(f"it has more than {STATEMENT_BYTES} bytes")
    payload_type = _TYPES[kind]
    try:
        envelope = msgspec.json.decode(data, type=Envelope)
        for key in keys:
            payload = open_statement(envelope, payload_type=payload_type, verifier=key)
            if payload is not None:
                return msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error
    return None


def listed_challenges(said: Sequence[Challenge], signer: Signer) -> bytes:
    """All of them as a witness hands them to whoever verifies the log: one array."""
    return b"[" + b",".join(signed_statement(each, signer) for each in said) + b"]"


def kept_challenges(
    data: bytes, keys: Sequence[SignatureVerifier]
) -> tuple[Challenge, ...]:
    """The challenges of such an array.

    Raises: InvalidInput where it is none, or one of them is signed by no key given:
    a challenge that was left out would go unanswered.
    """
    try:
        raw = msgspec.json.decode(data, type=list[msgspec.Raw])
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error
    found = [read_statement(bytes(each), Challenge, keys) for each in raw]
    if None in found:
        raise InvalidInput(
            "a challenge is signed by none of the witnesses that were named",
            remedy="name the key of the witness that the challenges came from",
        )
    return tuple(each for each in found if each is not None)


def said_unverified(data: bytes, kind: type[Said]) -> Said:
    """What the envelope says, whoever signed it: a recorder needs no witness's key.

    Raises: InvalidInput where the bytes are no such envelope.
    """
    if len(data) > STATEMENT_BYTES:
        raise _refused(f"it has more than {STATEMENT_BYTES} bytes")
    try:
        envelope = msgspec.json.decode(data, type=Envelope)
        return msgspec.json.decode(base64.b64decode(envelope.payload), type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the statement is no envelope: {fact}",
        remedy="hand in the folder `statements` as the witness sent it",
    )
