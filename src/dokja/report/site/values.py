"""The site's values: what is claimed, what was corrected, what is published."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dokja.evidence.values import Act, Text
from dokja.stage.values import StageRecord

CORRECTIONS_SCHEMA = "dokja-corrections/1"


class ClaimKind(StrEnum):
    """What a published figure or verdict is about."""

    OUTCOME = "outcome"
    DECISION = "decision"
    TOTAL = "total"
    RANK = "rank"
    CATEGORY = "category"
    COMPONENT = "component"
    INDEX = "index"
    TARGET = "target"
    STRENGTH = "strength"
    ASPECT = "aspect"
    LINEAGE = "lineage"


class Correction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entry of the log: what was wrong with a claim, and what is right."""

    number: int
    date: str
    claim: str
    wrong: Text
    right: Text
    why: Text
    found_by: Text
    previous: str
    """Digest of the entry before; of the bundle's contents for the first one."""


class CorrectionLog(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """`corrections.toml`: every correction, first to last, never edited."""

    schema: str = CORRECTIONS_SCHEMA
    corrections: tuple[Correction, ...] = ()


class PublishedAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act with the file it was published in."""

    path: str
    digest: str
    act: Act


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """All that a site is made of: a verified bundle, read, and its corrections."""

    record: StageRecord
    acts: tuple[PublishedAct, ...]
    files: Mapping[str, bytes]
    """The bundle's files as they are."""
    contents: str
    """Name of the file that the signature binds."""
    envelope: str
    payload_type: str
    report: str
    acts_folder: str
    public_key: str = ""
    """PEM text of the office's key; empty where none is known."""
    log: CorrectionLog = CorrectionLog()
    contact: str = ""
    """Where a reader reports an error: an address or a URL; may be empty."""
