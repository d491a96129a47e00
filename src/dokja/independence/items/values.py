"""The dossier's items: a question each, its outcome, and where the evidence stands."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import CheckResult, Growing, Text


class FindingResult(StrEnum):
    """Per aspect; missing evidence is `undetermined`."""

    PASS = "pass"
    FAIL = "fail"
    UNDETERMINED = "undetermined"


class EvidenceKind(StrEnum):
    """What an item of the dossier can rest on."""

    SEAL = "seal"
    LINEAGE_REPORT = "lineage_report"
    TRAINING_RECORD = "training_record"
    LICENCE_REPORT = "licence_report"
    DATA_MANIFEST = "data_manifest"
    TEAM_ANSWER = "team_answer"


class EvidencePointer(msgspec.Struct, frozen=True, kw_only=True):
    """Where a piece of evidence stands: the act or file, and the place in it."""

    kind: EvidenceKind
    name: str
    """Act as `kind/subject`, or the file where nothing is on record yet."""
    digest: str
    path: str = ""
    """RFC 6901 pointer into it; empty for the whole."""


class DossierItem(msgspec.Struct, frozen=True, kw_only=True):
    """One question of the dossier."""

    id: str
    question: Text
    looks_at: tuple[EvidenceKind, ...]
    is_shown_by_failure: bool = False
    """Whether its failure shows what an aspect forbids, rather than a doubt."""


class ItemOutcome(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the evidence says to one item."""

    id: str
    result: CheckResult
    """`not_run` where evidence is missing, `inconclusive` where people must look."""
    detail: Text
    evidence: tuple[EvidencePointer, ...] = ()


class ComponentTier(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much the training record of one component can carry."""

    component: str
    run: str
    """Empty where no record was handed in."""
    tier: str
    outcome: CheckResult
    meaning: Text
