"""A model handed in: what the team declares and what was sealed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Text


class ComponentKind(StrEnum):
    """The parts of a model that lineage judges one by one."""

    TEXT_DECODER = "text_decoder"
    TEXT_ENCODER = "text_encoder"
    EMBEDDINGS = "embeddings"
    VISION_ENCODER = "vision_encoder"
    AUDIO_ENCODER = "audio_encoder"
    PROJECTOR = "projector"


class WeightState(StrEnum):
    """Where a component's weights began, as the team declares it."""

    INITIALISED = "initialised"
    INHERITED_TRAINED = "inherited_trained"
    INHERITED_FROZEN = "inherited_frozen"


class DeclaredComponent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One component as declared; `path` is relative to the submission."""

    kind: ComponentKind
    path: str
    weight_state: WeightState
    origin: str
    licence: str


class DeclaredRecord(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where a component's signed training record lies, and whose key signed it."""

    component: ComponentKind
    path: str
    key: str
    """Key id: `sha256:` of the raw Ed25519 key. A hint; the registered key counts."""


class DeclaredClaim(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Something the team says of its model in public."""

    id: str
    text: Text


class TrainingDeclaration(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where the submission keeps its training record."""

    recipe: str
    data: str
    loss: str
    records: tuple[DeclaredRecord, ...] | msgspec.UnsetType = msgspec.UNSET
    """Absent where the team recorded nothing while it trained."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`submission.toml`: what a team declares about its model."""

    team: str
    stage: str
    model: str
    name: Text
    licence: str
    individual_suites: tuple[str, ...]
    components: tuple[DeclaredComponent, ...]
    training: TrainingDeclaration | None = None
    claims: tuple[DeclaredClaim, ...] | msgspec.UnsetType = msgspec.UNSET
    """Absent where the team claims nothing beyond its components."""


class ReferenceModel(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """`model.toml`: a public model that submissions are compared with."""

    id: str
    model: str
    name: Text
    licence: str
    components: tuple[DeclaredComponent, ...]


class SealedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a submission as it was when sealed."""

    path: str
    size_bytes: int
    digest: str


class SealedTensor(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One tensor of a safetensors file, by the digest of its bytes alone.

    The same numbers have the same digest in another file, and in a training record.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]
    digest: str


class DigestedFile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A file as it is now, with its tensors where it holds any."""

    file: SealedFile
    tensors: tuple[SealedTensor, ...] = ()
    """In the order of their names."""
    damage: str = ""
    """Why the tensors could not be listed."""


class SealTrust(StrEnum):
    """What checking a team's own seal amounts to."""

    VERIFIED = "verified"
    UNTRUSTED = "untrusted"
    """Everything agrees, but no key the reader trusts made the seal."""
    FAILED = "failed"


class TeamSeal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The team's own seal as it was found when the office sealed."""

    manifest: str
    """Digest of the file that holds the signed manifest."""
    root: str
    """Merkle root over the files that the team signed."""
    key_id: str
    trust: SealTrust


class Seal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was sealed. `root` binds every file's name, size and digest."""

    manifest: Manifest
    rules_digest: str
    files: tuple[SealedFile, ...]
    root: str
    team_seal: TeamSeal | msgspec.UnsetType = msgspec.UNSET
    """Absent where the team handed in no seal of its own."""


class RegisteredReference(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A reference model with the digests of the files that were compared."""

    model: ReferenceModel
    files: tuple[SealedFile, ...]
    root: str
