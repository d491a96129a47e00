"""A team's own seal: what it signs, by which keys, and what checking it found."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.statement import Envelope
from dokja.evidence.values import Check
from dokja.submission.values import (
    ComponentKind,
    Manifest,
    SealedTensor,
    SealTrust,
)

SCHEMA = "dokja-submission/1"
MANIFEST_FILE = "dokja-manifest.json"
MODEL_SIGNATURE_FILE = "model.sig"


class KeyStatement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The keys a team signs with. Each of them signs the statement."""

    team: str
    key: str
    """Ed25519, PEM: signs manifests and training records."""
    model_key: str | None
    """P-256, PEM: signs `model.sig`; None where the team makes none."""
    replaces: str | None
    """Id of the Ed25519 key before, which signs too; None for the first."""


class ReadLicence(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A licence as declared and as it was understood when sealed."""

    declared: str
    canonical: str | None
    """None where it could not be read."""


class RecordReference(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where a component's training record stood when it was sealed."""

    component: ComponentKind
    path: str
    origin: str
    size: int
    """Events under the last tree head."""
    root: str
    """Root of the log, in the base64 of its head."""
    head: str
    """Digest of the last head with all signatures under it."""


class WeightsFile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The tensors of one file, by name."""

    path: str
    tensors: tuple[SealedTensor, ...]


class SealPredicate(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the manifest says of the files it names."""

    schema: str
    made_by: str
    root: str
    """Merkle root over path, size and digest of every file."""
    declaration: Manifest
    licences: tuple[ReadLicence, ...]
    weights: tuple[WeightsFile, ...]
    records: tuple[RecordReference, ...]
    keys: tuple[Envelope, ...]
    """Key statements, the oldest first; the last names the key that signs this."""


class FileDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The digests of a subject, as in-toto names them."""

    sha256: str


class FileSize(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is noted of a subject beside its digest."""

    size: int


class SealSubject(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One file, as in-toto names it."""

    name: str
    digest: FileDigest
    annotations: FileSize


class SealStatement(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename={"kind": "_type", "predicate_type": "predicateType"},
):
    """The in-toto statement in `dokja-manifest.json`."""

    kind: str
    subject: tuple[SealSubject, ...]
    predicate_type: str
    predicate: SealPredicate


class ModelResource(msgspec.Struct, frozen=True, kw_only=True):
    """One file in a `model.sig`; later fields of the format are left alone."""

    name: str
    algorithm: str
    digest: str


class ModelSerialization(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How the signer of a `model.sig` listed and hashed the files."""

    method: str
    hash_type: str
    allow_symlinks: bool
    ignore_paths: tuple[str, ...] = ()
    shard_size: int | msgspec.UnsetType = msgspec.UNSET


class ModelStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What a `model.sig` says, as far as it is read."""

    name: str
    """Of the model; says nothing that can be checked."""
    root: str
    serialization: ModelSerialization
    resources: tuple[ModelResource, ...]


class FileChange(StrEnum):
    """How a file is not what was sealed."""

    MISSING = "missing"
    EXTRA = "extra"
    CHANGED = "changed"


class ChangedFile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One file that is not what was sealed."""

    path: str
    change: FileChange


class SealVerification(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What holds of a team's seal, check by check."""

    trust: SealTrust
    team: str
    stage: str
    manifest: str
    """Digest of the file that holds the signed manifest."""
    root: str
    key_id: str
    """Of the key that made the seal; empty where no signature holds."""
    files: int
    changed: tuple[ChangedFile, ...]
    checks: tuple[Check, ...]


class MadeSeal(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a seal, ready to be written, and what they bind."""

    statement: SealStatement
    key_id: str
    files: dict[str, bytes]
