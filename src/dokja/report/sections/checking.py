"""How a reader checks the report without trusting whoever published it."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Text
from dokja.report.names import Names
from dokja.report.numerals import moment
from dokja.report.pieces import Fact, View, same, unique
from dokja.stage.values import StageRecord
from dokja.submission.values import Seal, SealedFile, SealTrust


class FileRow(View, frozen=True, kw_only=True):
    """One sealed file."""

    path: str
    size: str
    digest: str


class SealRow(View, frozen=True, kw_only=True):
    """What was sealed of a team's model or registered of a reference."""

    name: Text
    id: str
    is_reference: bool
    root: str
    files: tuple[FileRow, ...]
    own: Text | None = None
    """What the team's own seal was found to be; None where it made none."""


class CheckingView(View, frozen=True, kw_only=True):
    """The section on checking the report."""

    digests: tuple[Fact, ...]
    seals: tuple[SealRow, ...]
    sealed: Text


def checking_view(record: StageRecord, names: Names) -> CheckingView:
    """Digests and sealed files of the record."""
    evidence = record.evidence
    seals = [
        SealRow(
            name=names.team(seal.manifest.team),
            id=seal.manifest.team,
            is_reference=False,
            root=seal.root,
            files=_files(seal.files),
            own=_own(seal),
        )
        for seal in evidence.seals
    ]
    references = [
        SealRow(
            name=reference.model.name,
            id=reference.model.id,
            is_reference=True,
            root=reference.root,
            files=_files(reference.files),
        )
        for reference in evidence.references
    ]
    return CheckingView(
        digests=_digests(record),
        seals=(*seals, *references),
        sealed=moment(evidence.plan.schedule.sealed),
    )


def _own(seal: Seal) -> Text | None:
    found = seal.team_seal
    if isinstance(found, msgspec.UnsetType):
        return None
    if found.trust is SealTrust.VERIFIED:
        return Text(
            ko=f"팀이 등록한 키로 직접 봉인함 ({found.key_id}): {found.root}",
            en=f"Sealed by the team's registered key ({found.key_id}): {found.root}",
        )
    return Text(
        ko=f"팀이 직접 봉인했으나 등록된 키와 대조하지 못함 ({found.key_id}): "
        f"{found.root}",
        en=f"Sealed by the team with a key that was not checked against a registered "
        f"one ({found.key_id}): {found.root}",
    )


def _files(files: tuple[SealedFile, ...]) -> tuple[FileRow, ...]:
    return tuple(
        FileRow(path=f.path, size=f"{f.size_bytes:,}", digest=f.digest) for f in files
    )


def _digests(record: StageRecord) -> tuple[Fact, ...]:
    evidence = record.evidence
    lineage = unique(report.rules_digest for report in evidence.lineage)
    suites = unique(run.suites_digest for run in evidence.runs)
    labelled = (
        (Text("규정집", "Rulebook"), (record.rules_digest,)),
        (Text("계보 규정", "Lineage rules"), lineage),
        (Text("평가 묶음", "Suites"), suites),
        (Text("봉인 후 추첨값", "Beacon drawn after sealing"), (evidence.plan.beacon,)),
    )
    return tuple(
        Fact(label=label, value=same(value))
        for label, values in labelled
        for value in values
    )
