"""Training records in a submission, checked with keys registered beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dokja.adapters.records import RecordFolder, ReleasedWeights
from dokja.adapters.signing import Ed25519Verifier
from dokja.errors import DokjaError
from dokja.stage.ports import RecordTask
from dokja.training import Audit, RecordVerdict, Trusted, verify_record
from dokja.training.reading import read_record
from dokja.training.replay_report import read_report, weights_root
from dokja.training.verify import unusable_record


def verify_handed_in(task: RecordTask) -> RecordVerdict:
    """The verdict on a record in a submission; made in whichever process does the work.

    What cannot be read is a verdict too: a stage must not end because one team
    handed in a broken folder. Where an auditor replayed this very record to these
    very weights, and signed it, the auditor's verdict is the one.
    """
    try:
        source = RecordFolder(Path(task.location, task.record))
        release = ReleasedWeights(Path(task.location, task.weights))
        replayed = _replayed(task, source, release)
        if replayed is not None:
            return replayed
        trusted = Trusted(team=_team_key(task), witnesses=_keys(task.witness_keys))
        return verify_record(source, trusted, Audit(release=release))
    except DokjaError as error:
        return unusable_record(error)


def _replayed(
    task: RecordTask, source: RecordFolder, release: ReleasedWeights
) -> RecordVerdict | None:
    """What an auditor found of this record and these weights; None where none did."""
    if not task.replays or not task.auditor_keys:
        return None
    tree = read_record(source).tree
    about = (f"sha256:{tree.root().hex()}", len(tree), weights_root(release))
    for statement in task.replays:
        report = read_report(statement.encode(), _keys(task.auditor_keys))
        if report and (report.root, report.events, report.weights) == about:
            return report.verdict
    return None


def _team_key(task: RecordTask) -> Ed25519Verifier | None:
    """The key the team registered, where its manifest names that one."""
    if task.team_key is None:
        return None
    registered = Ed25519Verifier.from_pem_text(task.team_key)
    return registered if registered.key_id == task.declared_key else None


def _keys(texts: Iterable[str]) -> tuple[Ed25519Verifier, ...]:
    return tuple(map(Ed25519Verifier.from_pem_text, texts))
