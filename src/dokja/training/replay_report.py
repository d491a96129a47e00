"""What an auditor signs who had parts of a training done again."""

from __future__ import annotations

from collections.abc import Sequence

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
from dokja.evidence.values import Growing
from dokja.training.commitments import list_root
from dokja.training.kept_state import KeptState
from dokja.training.values import Count, Digest, RecordVerdict, Words

PAYLOAD_TYPE = "application/vnd.dokja.training-replay+json"
REPORT_BYTES = 1 << 20


class ReplayReport(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A verdict that took materials and a machine, and what exactly it is about."""

    root: Digest
    """Of the whole log."""
    events: Count
    weights: Digest | None
    """Root over the tensors that were handed in; None where they were not compared."""
    beacon: Words
    verdict: RecordVerdict


def weights_root(release: KeptState) -> str:
    """Digest that binds every published tensor to its name."""
    return list_root([release.digest(name) for name in release.names()])


def signed_report(report: ReplayReport, signer: Signer) -> bytes:
    """The report in its envelope, as it is kept."""
    return canonical_bytes(
        sign_statement(
            canonical_bytes(report), payload_type=PAYLOAD_TYPE, signer=signer
        )
    )


def read_report(data: bytes, keys: Sequence[SignatureVerifier]) -> ReplayReport | None:
    """What one of the keys signed, or None where none did.

    Raises: InvalidInput where the bytes are no such report.
    """
    try:
        if len(data) > REPORT_BYTES:
            raise ValueError(f"it has more than {REPORT_BYTES} bytes")
        envelope = msgspec.json.decode(data, type=Envelope)
        for key in keys:
            payload = open_statement(envelope, payload_type=PAYLOAD_TYPE, verifier=key)
            if payload is not None:
                return msgspec.json.decode(payload, type=ReplayReport)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise InvalidInput(
            f"the file is no report on a replay: {error}",
            remedy="hand it in as `dokja training replay --report` wrote it",
        ) from error
    return None
