"""The published folder: its table of contents and what verifying it found."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Check
from dokja.submission.values import SealedFile

SCHEMA = "dokja-bundle/1"
PAYLOAD_TYPE = "application/vnd.dokja.bundle+json"
CONTENTS = "bundle.json"
ENVELOPE = "bundle.sig.json"
RULEBOOK = "rulebook.toml"
REPORT = "report.html"
ACTS = "acts/"


class Contents(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`bundle.json`: everything the signature binds."""

    schema: str
    made_by: str
    programme: str
    stage: str
    rules_digest: str
    acts: int
    acts_root: str
    """RFC 6962 tree head over the acts in order."""
    files: tuple[SealedFile, ...]


class Trust(StrEnum):
    """What a verification amounts to."""

    VERIFIED = "verified"
    UNTRUSTED = "untrusted"
    """Everything agrees, but no key the reader trusts signed it."""
    INCONCLUSIVE = "inconclusive"
    """Signed and consistent; something measured again settled nothing."""
    FAILED = "failed"


class KeyOrigin(StrEnum):
    """Where the verifying key came from."""

    GIVEN = "given"
    PINNED = "pinned"
    NONE = "none"


class Verification(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The result of verifying a bundle, check by check."""

    trust: Trust
    key_origin: KeyOrigin
    key_id: str
    programme: str
    stage: str
    checks: tuple[Check, ...]
