"""Training records in a submission, checked with keys registered beforehand."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.records import RecordFolder, ReleasedWeights
from dokja.adapters.signing import Ed25519Verifier
from dokja.errors import DokjaError
from dokja.stage.ports import RecordTask
from dokja.training import Audit, RecordVerdict, Trusted, verify_record
from dokja.training.verify import unusable_record


def verify_handed_in(task: RecordTask) -> RecordVerdict:
    """The verdict on a record in a submission; made in whichever process does the work.

    What cannot be read is a verdict too: a stage must not end because one team
    handed in a broken folder.
    """
    team = None
    if task.team_key is not None:
        registered = Ed25519Verifier.from_pem_text(task.team_key)
        team = registered if registered.key_id == task.declared_key else None
    submission = Path(task.location)
    try:
        return verify_record(
            RecordFolder(submission / task.record),
            Trusted(
                team=team,
                witnesses=tuple(map(Ed25519Verifier.from_pem_text, task.witness_keys)),
            ),
            Audit(release=ReleasedWeights(submission / task.weights)),
        )
    except DokjaError as error:
        return unusable_record(error)
