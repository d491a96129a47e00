"""Key statements: the keys a team signs with, each vouching for the other.

A statement names an Ed25519 key (manifests, training records) and a P-256 key
(`model.sig`), and both sign it. A key is replaced by a statement that the key before
signs as well, so that whoever trusts the first can follow to the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.statement import (
    Envelope,
    SignatureVerifier,
    countersigned,
    open_statement,
    payload_of,
    sign_statement,
)
from dokja.submission.team_seal.ports import PublicKeys, PublishedSigner
from dokja.submission.team_seal.values import KeyStatement

PAYLOAD_TYPE = "application/vnd.dokja.key-statement+json"
LONGEST = 100
"""Statements one team can have come through."""


@dataclass(frozen=True, kw_only=True)
class TeamKeys:
    """The keys that the last statement names, and those before it by id."""

    team: str
    current: SignatureVerifier
    model: SignatureVerifier | None
    ids: tuple[str, ...]
    """Of every Ed25519 key, the oldest first; the last is the current one."""


def state_keys(
    team: str,
    *,
    key: PublishedSigner,
    model_key: PublishedSigner | None,
    before: Sequence[Envelope] = (),
    replaced: PublishedSigner | None = None,
) -> tuple[Envelope, ...]:
    """The statements so far and the one that names these keys.

    Raises: InvalidInput where the key before is needed and not there, or there and
    not needed.
    """
    if bool(before) != (replaced is not None):
        raise InvalidInput(
            "a key is replaced by the statements before and the private key before",
            remedy="give both, or neither where this is the team's first key",
        )
    statement = KeyStatement(
        team=team,
        key=key.public_pem,
        model_key=None if model_key is None else model_key.public_pem,
        replaces=None if replaced is None else replaced.key_id,
    )
    envelope = sign_statement(
        canonical_bytes(statement), payload_type=PAYLOAD_TYPE, signer=key
    )
    for other in (model_key, replaced):
        if other is not None:
            envelope = countersigned(envelope, other)
    return (*before, envelope)


def read_keys(statements: Sequence[Envelope], keys: PublicKeys) -> TeamKeys:
    """The keys that the statements lead to.

    Raises: InvalidInput where a signature is missing or the order is broken.
    """
    if not 0 < len(statements) <= LONGEST:
        raise _refused(f"there are {len(statements)} of them, not 1 to {LONGEST}")
    ids: list[str] = []
    before: SignatureVerifier | None = None
    team = ""
    for number, envelope in enumerate(statements):
        said = _said(envelope)
        current = keys.team_key(said.key)
        model = None if said.model_key is None else keys.model_key(said.model_key)
        for needed in (current, model, before):
            _require_signed(envelope, needed)
        if said.replaces != (before.key_id if before is not None else None):
            raise _refused(f"number {number + 1} does not follow on the one before")
        if number and said.team != team:
            raise _refused("they speak of several teams")
        if current.key_id in ids:
            raise _refused(f"{current.key_id} comes twice")
        team, before = said.team, current
        ids.append(current.key_id)
    return TeamKeys(team=team, current=current, model=model, ids=tuple(ids))


def _require_signed(envelope: Envelope, needed: SignatureVerifier | None) -> None:
    if needed is None:
        return
    if open_statement(envelope, payload_type=PAYLOAD_TYPE, verifier=needed) is None:
        raise _refused(f"{needed.key_id} signed none that names or follows it")


def _said(envelope: Envelope) -> KeyStatement:
    payload = payload_of(envelope)
    try:
        said = msgspec.json.decode(payload, type=KeyStatement)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error
    if canonical_bytes(said) != payload:
        raise _refused("one is not in canonical form")
    return said


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the key statements do not hold: {fact}",
        remedy="make them again with `dokja submission keys`",
    )
