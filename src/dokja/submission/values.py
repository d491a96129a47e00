"""A model handed in: what the team declares and what was sealed."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Growing, Text


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
    """The record of a component's training, which `dokja.recorder` wrote."""

    component: ComponentKind
    path: str
    """Of its folder, relative to the submission."""
    key: str
    """Digest of the team's public key that signs it."""


class TrainingDeclaration(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where the submission says how the model was trained."""

    recipe: str
    data: str
    loss: str
    records: tuple[DeclaredRecord, ...] = ()


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


class Seal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was sealed. `root` binds every file's name, size and digest."""

    manifest: Manifest
    rules_digest: str
    files: tuple[SealedFile, ...]
    root: str


class RegisteredReference(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A reference model with the digests of the files that were compared."""

    model: ReferenceModel
    files: tuple[SealedFile, ...]
    root: str
