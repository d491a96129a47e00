"""The team's own seal as the office meets it when it seals a stage."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from dokja.errors import Conflict, InvalidInput
from dokja.evidence.values import CheckResult
from dokja.submission.ports import ModelFolder
from dokja.submission.seal import MANIFEST
from dokja.submission.team_seal.check_seal import GivenSeal, TrustedKeys, check_seal
from dokja.submission.team_seal.manifest_statement import MANIFEST_BYTES
from dokja.submission.team_seal.model_signature import BUNDLE_BYTES
from dokja.submission.team_seal.ports import PublicKeys
from dokja.submission.team_seal.seal_folder import RecordAt
from dokja.submission.team_seal.values import (
    MANIFEST_FILE,
    MODEL_SIGNATURE_FILE,
    SealVerification,
)
from dokja.submission.values import Seal, SealTrust, TeamSeal


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What the office knows when a folder comes in."""

    registered: str | None
    """The team's public key in PEM; None where none was registered."""
    keys: PublicKeys
    record_at: RecordAt


def with_team_seal(seal: Seal, folder: ModelFolder, admission: Admission) -> Seal:
    """The office's seal with what the team's own was found to be.

    Raises: InvalidInput for a folder that is not what the team sealed, or that
    carries no seal though the team's key is registered; Conflict where it changes
    meanwhile.
    """
    team = seal.manifest.team
    if all(file.path != MANIFEST_FILE for file in seal.files):
        if admission.registered is None:
            return seal
        raise InvalidInput(
            f"{team}: a key is registered for the team and the folder has no "
            f"{MANIFEST_FILE}",
            remedy="ask the team for the folder as it sealed it",
        )
    found = _checked(seal, folder, admission)
    if found.trust is SealTrust.FAILED:
        first = next(c for c in found.checks if c.result is CheckResult.FAIL)
        raise InvalidInput(
            f"{team}: the folder is not what the team sealed ({first.id}): "
            f"{first.detail.en}",
            remedy="ask the team for the folder as it sealed it; "
            "`dokja submission verify` names every file",
        )
    return msgspec.structs.replace(
        seal,
        team_seal=TeamSeal(
            manifest=found.manifest,
            root=found.root,
            key_id=found.key_id,
            trust=found.trust,
        ),
    )


def _checked(seal: Seal, folder: ModelFolder, admission: Admission) -> SealVerification:
    digests = folder.digests()
    if tuple(one.file for one in digests) != seal.files:
        raise Conflict(
            f"{seal.manifest.team}: the folder changed while it was sealed",
            remedy="see that nobody writes to it, and run again",
        )
    has_signature = any(file.path == MODEL_SIGNATURE_FILE for file in seal.files)
    registered = admission.registered
    return check_seal(
        GivenSeal(
            manifest=folder.read_bytes(MANIFEST_FILE, limit=MANIFEST_BYTES),
            model_signature=folder.read_bytes(MODEL_SIGNATURE_FILE, limit=BUNDLE_BYTES)
            if has_signature
            else None,
            inside=True,
            found=digests,
            declaration=lambda: folder.read_text(MANIFEST),
            record_at=admission.record_at,
        ),
        TrustedKeys(
            team=None if registered is None else admission.keys.team_key(registered)
        ),
        admission.keys,
    )
