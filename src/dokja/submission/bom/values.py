"""What a submission is made of: one value that every export is written from."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Check, Text
from dokja.licence.values import (
    Judgement,
    LicenceDuty,
    LicenceExpression,
    LicenceLimit,
    TableVersion,
)
from dokja.submission.values import ComponentKind, SealedFile, WeightState


class SourceClass(StrEnum):
    """The kinds of training data that the template of the Commission tells apart."""

    PUBLIC_DATASET = "public_dataset"
    LICENSED_DATASET = "licensed_dataset"
    THIRD_PARTY_DATASET = "third_party_dataset"
    CRAWLED = "crawled"
    USER_DATA = "user_data"
    SYNTHETIC = "synthetic"
    OTHER_SOURCE = "other_source"


class DeclaredSource(msgspec.Struct, frozen=True, kw_only=True):
    """One entry under `sources` of the data manifest; other keys are let pass.

    The recorder of the team writes more than a bill of materials needs.
    """

    id: str
    version: str = ""
    spdx: str = ""
    sha256: str = ""
    documents: int | None = None
    tokens: int | None = None
    name: str = ""
    url: str = ""
    language: str = ""
    modality: str = ""
    kind: SourceClass | None = None


class DataManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The file that a team names under `training.data`."""

    sources: tuple[DeclaredSource, ...]


class BillComponent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One component with its licence as understood and its sealed files."""

    kind: ComponentKind
    path: str
    weight_state: WeightState
    origin: str
    licence: LicenceExpression
    files: tuple[SealedFile, ...]


class BillSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source of training data with its licence as understood."""

    source: DeclaredSource
    licence: LicenceExpression


class MissingFact(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Something a reader may look for and that nobody declared."""

    subject: str
    fact: str
    reason: Text


class BillOfMaterials(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Everything the manifest, the seal and the data manifest say, in one value."""

    schema: str
    team: str
    stage: str
    model: str
    name: Text
    licence: LicenceExpression
    root: str
    components: tuple[BillComponent, ...]
    data_file: SealedFile | None
    """The data manifest as sealed; None where no training was declared."""
    sources: tuple[BillSource, ...]
    recipe_file: SealedFile | None
    files: tuple[SealedFile, ...]
    """Every sealed file, those of the components too."""
    missing: tuple[MissingFact, ...]


class PartJudgement(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One component's licence judged against the one the model goes out under."""

    component: ComponentKind
    weight_state: WeightState
    judgement: Judgement
    duties: tuple[LicenceDuty, ...]
    limits: tuple[LicenceLimit, ...]


class LicenceReport(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What follows from the licences of a submission, with the tables used."""

    schema: str
    team: str
    outbound: LicenceExpression
    root: str
    tables: tuple[TableVersion, ...]
    parts: tuple[PartJudgement, ...]
    checks: tuple[Check, ...]
