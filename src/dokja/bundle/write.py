"""Making a bundle: the files of a published stage, signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dokja.bundle.values import (
    ACTS,
    CONTENTS,
    ENVELOPE,
    PAYLOAD_TYPE,
    REPORT,
    RULEBOOK,
    SCHEMA,
    Contents,
)
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.evidence.merkle import tree_root
from dokja.evidence.statement import Signer, sign_statement
from dokja.evidence.values import Act
from dokja.submission.values import SealedFile


def make_bundle(
    acts: Sequence[Act],
    *,
    rulebook: str,
    report: str,
    rules_digest: str,
    made_by: str,
    signer: Signer,
) -> dict[str, bytes]:
    """Path to content of every file of the bundle; equal input, equal bytes."""
    files = {
        act_path(number, act): canonical_bytes(act) for number, act in _count(acts)
    }
    files[RULEBOOK] = rulebook.encode()
    files[REPORT] = report.encode()
    contents = Contents(
        schema=SCHEMA,
        made_by=made_by,
        programme=acts[0].programme,
        stage=acts[0].stage,
        rules_digest=rules_digest,
        acts=len(acts),
        acts_root=acts_root(acts),
        files=table_of(files),
    )
    payload = canonical_bytes(contents)
    envelope = sign_statement(payload, payload_type=PAYLOAD_TYPE, signer=signer)
    files[CONTENTS] = payload
    files[ENVELOPE] = canonical_bytes(envelope)
    return files


def act_path(number: int, act: Act) -> str:
    """Where an act stands in the bundle; the number keeps the log's order."""
    subject = act.subject.replace("/", "__").replace(":", "-")
    return f"{ACTS}{number:04d}-{act.kind}-{subject}.json"


def acts_root(acts: Sequence[Act]) -> str:
    """Tree head over the canonical bytes of the acts."""
    return "sha256:" + tree_root([canonical_bytes(act) for act in acts]).hex()


def table_of(files: Mapping[str, bytes]) -> tuple[SealedFile, ...]:
    """Name, size and digest of each file, by name."""
    return tuple(
        SealedFile(path=path, size_bytes=len(data), digest=digest_bytes(data))
        for path, data in sorted(files.items())
    )


def _count(acts: Sequence[Act]) -> enumerate[Act]:
    return enumerate(acts, start=1)
