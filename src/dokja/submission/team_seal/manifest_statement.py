"""`dokja-manifest.json`: a signed in-toto statement over every file of a submission.

Sources: in-toto Statement v1, DSSE v1.0.2. The payload is RFC 8785, and only its one
form is read: what two readers could take for two things is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.statement import Envelope, Signer, payload_of, sign_statement
from dokja.submission.seal import files_root
from dokja.submission.team_seal.values import (
    MANIFEST_FILE,
    SCHEMA,
    FileDigest,
    FileSize,
    SealPredicate,
    SealStatement,
    SealSubject,
)
from dokja.submission.values import SealedFile

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:dokja:submission-manifest:v1"
MANIFEST_BYTES = 64 << 20
_SIGNATURES = 16
_HEX = re.compile(r"[0-9a-f]{64}")


def make_statement(
    files: Sequence[SealedFile], predicate: SealPredicate
) -> SealStatement:
    """The statement that binds what the predicate says to the files."""
    return SealStatement(
        kind=STATEMENT,
        subject=tuple(
            SealSubject(
                name=file.path,
                digest=FileDigest(file.digest.removeprefix("sha256:")),
                annotations=FileSize(file.size_bytes),
            )
            for file in sorted(files, key=lambda file: file.path)
        ),
        predicate_type=PREDICATE,
        predicate=predicate,
    )


def sign_manifest(statement: SealStatement, signer: Signer) -> bytes:
    """The bytes of `dokja-manifest.json`."""
    envelope = sign_statement(
        canonical_bytes(statement), payload_type=PAYLOAD_TYPE, signer=signer
    )
    return canonical_bytes(envelope)


def read_manifest(data: bytes) -> tuple[Envelope, SealStatement]:
    """The envelope and what it says, whoever signed it.

    Raises: InvalidInput where the bytes are not a manifest in its one form.
    """
    if len(data) > MANIFEST_BYTES:
        raise _refused(f"it has more than {MANIFEST_BYTES} bytes")
    try:
        envelope = msgspec.json.decode(data, type=Envelope)
        payload = payload_of(envelope)
        statement = msgspec.json.decode(payload, type=SealStatement)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _refused(str(error)) from error
    if canonical_bytes(envelope) != data or canonical_bytes(statement) != payload:
        raise _refused("it is not in canonical form")
    if envelope.payload_type != PAYLOAD_TYPE or statement.kind != STATEMENT:
        raise _refused("it is no in-toto statement")
    if (statement.predicate_type, statement.predicate.schema) != (PREDICATE, SCHEMA):
        raise _refused(f"it states {statement.predicate_type[:80]!r}")
    if len(envelope.signatures) > _SIGNATURES:
        raise _refused(f"it has more than {_SIGNATURES} signatures")
    _check_subject(statement)
    return envelope, statement


def sealed_files(statement: SealStatement) -> tuple[SealedFile, ...]:
    """The files it names, as the office seals them."""
    return tuple(
        SealedFile(
            path=subject.name,
            size_bytes=subject.annotations.size,
            digest=f"sha256:{subject.digest.sha256}",
        )
        for subject in statement.subject
    )


def _check_subject(statement: SealStatement) -> None:
    names = [subject.name for subject in statement.subject]
    if not names or any(one >= other for one, other in pairwise(names)):
        raise _refused("its files are not listed once each, in order")
    if any(
        not _HEX.fullmatch(subject.digest.sha256) or subject.annotations.size < 0
        for subject in statement.subject
    ):
        raise _refused("a digest or a size in it is none")
    if files_root(sealed_files(statement)) != statement.predicate.root:
        raise _refused("its root is not that of its files")


def _refused(fact: str) -> InvalidInput:
    return InvalidInput(
        f"{MANIFEST_FILE} is no manifest: {fact}",
        remedy="seal the folder again, or hand in the file as it was written",
    )
