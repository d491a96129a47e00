"""Training records in a submission, checked with keys registered beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from dokja.adapters.records import RecordFolder, ReleasedWeights
from dokja.adapters.signing import Ed25519Verifier
from dokja.errors import DokjaError
from dokja.stage.ports import RecordTask
from dokja.stage.values import StagePlan
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
    trusted = Trusted(team=_team_key(task), witnesses=_keys(task.witness_keys))
    auditors = _keys(task.auditor_keys)
    try:
        source = RecordFolder(Path(task.location, task.record))
        release = ReleasedWeights(Path(task.location, task.weights))
        replayed = _replayed(task.replays, auditors, (source, release))
        if replayed is not None:
            return replayed
        return verify_record(source, trusted, Audit(release=release))
    except DokjaError as error:
        return unusable_record(error)


def require_keys(plan: StagePlan) -> None:
    """Nothing. Raises: InvalidInput where a registered key is none.

    So that a run ends here and not after the seals.
    """
    if plan.training is not msgspec.UNSET:
        _keys(each.key for each in plan.training.record_keys)
        _keys((*plan.training.witness_keys, *plan.training.auditor_keys))


def _replayed(
    replays: Sequence[str],
    auditors: Sequence[Ed25519Verifier],
    about_what: tuple[RecordFolder, ReleasedWeights],
) -> RecordVerdict | None:
    """What an auditor found of this record and these weights; None where none did."""
    if not replays or not auditors:
        return None
    source, release = about_what
    tree = read_record(source).tree
    about = (f"sha256:{tree.root().hex()}", len(tree), weights_root(release))
    for statement in replays:
        report = read_report(statement.encode(), auditors)
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
