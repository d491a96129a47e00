"""What the gate is handed on one team, with the places where it stands on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dokja.decision import PolicyMissing
from dokja.independence import Dossier
from dokja.independence.items.evidence import Place
from dokja.independence.items.values import EvidenceKind, EvidencePointer
from dokja.panel import raised_concerns, recusals
from dokja.stage.acts import LINEAGE, PANEL, PAPERS, RECORD, REPLIES, SEAL
from dokja.stage.values import StageEvidence
from dokja.submission.values import Seal


def gate_dossier(
    evidence: StageEvidence, seal: Seal, digests: Mapping[str, str]
) -> Dossier:
    """The dossier of the seal's team. Raises: PolicyMissing without a reply rule."""
    team = seal.manifest.team
    reply = evidence.rulebook.reply
    if reply is None:
        raise PolicyMissing(
            "a gate is to be decided and no rule says how long a team may reply",
            remedy="the rulebook needs [reply]",
        )
    names = [f"{SEAL}/{team}"]
    names += [f"{LINEAGE}/{team}/{reference}" for reference in evidence.plan.references]
    names.append(f"{REPLIES}/{evidence.plan.stage}")
    concerns = raised_concerns(evidence.panel, team)
    if concerns:
        names.append(f"{PANEL}/{evidence.plan.stage}")
    book = evidence.dossier_book or None
    return Dossier(
        seal=seal,
        lineage=tuple(r for r in evidence.lineage if r.candidate == team),
        papers=next((one for one in evidence.papers if one.team == team), None),
        records={
            one.component.value: one.verdict
            for one in evidence.records
            if one.team == team
        },
        places=dict(_places(evidence, team, digests)),
        replies=tuple(r for r in evidence.reply_book.replies if r.team == team),
        reply_requested=evidence.plan.schedule.reply_requested,
        reply_days=reply.days,
        decided=evidence.plan.schedule.decided,
        evidence=tuple(digests[name] for name in names),
        concerns=concerns,
        opinions=()
        if book is None
        else tuple(one for one in book.opinions if one.team == team),
        recused=tuple(
            one.expert for one in recusals(evidence.panel) if one.team == team
        ),
        allegations=()
        if book is None
        else tuple(one for one in book.allegations if one.team == team),
    )


def _places(
    evidence: StageEvidence, team: str, digests: Mapping[str, str]
) -> Iterator[tuple[Place, EvidencePointer]]:
    """Where each piece of the team's evidence stands, as acts of the stage."""
    names: list[tuple[EvidenceKind, str, str, str]] = [
        (EvidenceKind.SEAL, "", f"{SEAL}/{team}", ""),
        (EvidenceKind.LICENCE_REPORT, "", f"{PAPERS}/{team}", "/body/licences"),
        (EvidenceKind.DATA_MANIFEST, "", f"{PAPERS}/{team}", "/body/sources"),
    ]
    names += [
        (EvidenceKind.LINEAGE_REPORT, reference, f"{LINEAGE}/{team}/{reference}", "")
        for reference in evidence.plan.references
    ]
    names += [
        (
            EvidenceKind.TRAINING_RECORD,
            one.component.value,
            f"{RECORD}/{team}/{one.component.value}",
            "/body",
        )
        for one in evidence.records
        if one.team == team
    ]
    for kind, about, name, path in names:
        if name in digests:
            yield (
                (kind, about),
                EvidencePointer(kind=kind, name=name, digest=digests[name], path=path),
            )
