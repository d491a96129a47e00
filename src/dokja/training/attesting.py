"""Attested environments: the organiser's word on the machines that a run used."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.statement import Signer
from dokja.training.checks.case import Case
from dokja.training.lines import line_of
from dokja.training.reading import Reading
from dokja.training.statements import read_statement, signed_statement
from dokja.training.values import AnyEvent, Attestation, Environment


def environment_digest(events: Sequence[AnyEvent]) -> str:
    """Digest of every environment that the record names, in order."""
    lines = [line_of(event) for event in events if isinstance(event, Environment)]
    return digest_bytes(b"\n".join(lines))


def attest(reading: Reading, *, basis: str, signer: Signer) -> bytes:
    """The organiser's statement that the recorded machines are those it saw.

    Raises: InvalidInput where the record names none, or does not begin.
    """
    start = reading.start
    named = any(isinstance(event, Environment) for event in reading.events)
    if start is None or not named or not basis.strip():
        raise InvalidInput(
            "there is no environment to attest to, or no basis to do so",
            remedy="name a record with its machines, and how they were seen: leases, "
            "a recorder run by the organiser, a quote of the hardware",
        )
    return signed_statement(
        Attestation(
            origin=reading.origin,
            nonce=start.nonce,
            environment=environment_digest(reading.events),
            basis=basis,
        ),
        signer,
    )


def is_attested(case: Case) -> bool:
    """Whether the trusted organiser attested to this record's environment.

    Raises: InvalidInput where what was given is no statement.
    """
    key, given = case.trusted.organiser, case.audit.attestation
    if key is None or given is None:
        return False
    said = read_statement(given, Attestation, [key])
    start = case.reading.start
    return (
        said is not None
        and start is not None
        and said
        == Attestation(
            origin=case.reading.origin,
            nonce=start.nonce,
            environment=environment_digest(case.reading.events),
            basis=said.basis,
        )
    )
