"""An invented team's dossier, made of values, and a rulebook's gate to decide on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Check, CheckResult, Text
from dokja.independence import Dossier
from dokja.independence.papers.read import PAPERS_SCHEMA
from dokja.independence.papers.values import DossierDeclaration, DossierPapers
from dokja.independence.values import TeamReply
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageVerdict,
    TokenizerComparison,
)
from dokja.programme.dossier_rules import ItemSet, OpinionRule
from dokja.programme.values import AspectRule, Gate, Requirement, Undetermined
from dokja.submission.bom import make_bill, report_licences
from dokja.submission.bom.values import DeclaredSource
from dokja.submission.seal import files_root
from dokja.submission.values import (
    ComponentKind,
    DeclaredComponent,
    Manifest,
    Seal,
    SealedFile,
    WeightState,
)
from dokja.training import RecordVerdict, Tier
from dokja.training.tier_words import CANNOT_PROVE, MEANING
from dokja.wiring.licence_tables import shipped_tables

TEAM = "han"
DECODER, VISION = ComponentKind.TEXT_DECODER, ComponentKind.VISION_ENCODER
ASKED, DECIDED = "2026-03-06T10:00:00+09:00", "2026-03-13T10:00:00+09:00"
PASS = (CheckResult.PASS,)
SAID = (CheckResult.PASS, CheckResult.DECLARED, CheckResult.NOT_APPLICABLE)


def both(text: str) -> Text:
    """The same words in both languages."""
    return Text(ko=text, en=text)


def part(
    kind: ComponentKind = DECODER,
    state: WeightState = WeightState.INITIALISED,
    licence: str = "Apache-2.0",
) -> DeclaredComponent:
    """A declared component in a folder of its own name."""
    return DeclaredComponent(
        kind=kind, path=kind.value, weight_state=state, origin="", licence=licence
    )


def sealed(*components: DeclaredComponent, files: tuple[str, ...] = ()) -> Seal:
    """The seal of a submission with these components."""
    weights = [f"{component.path}/model.safetensors" for component in components]
    listed = tuple(
        SealedFile(path=path, size_bytes=1, digest=digest_bytes(path.encode()))
        for path in sorted({*weights, *files})
    )
    manifest = Manifest(
        team=TEAM,
        stage="stage-1",
        model="han-1",
        name=both("Han"),
        licence="Apache-2.0",
        individual_suites=(),
        components=components or (part(),),
    )
    return Seal(
        manifest=manifest, rules_digest="", files=listed, root=files_root(listed)
    )


def compared(
    verdicts: Mapping[ComponentKind, LineageVerdict], reference: str = "naru"
) -> LineageReport:
    """A lineage report with a verdict for every component named."""
    return LineageReport(
        candidate=TEAM,
        reference=reference,
        rules_digest="",
        verdict=LineageVerdict.NO_EVIDENCE,
        components=tuple(
            ComponentLineage(
                name=kind.value,
                reference=reference,
                verdict=verdict,
                relation=None,
                explained_share=None,
                layer_map=(),
                detection_limit=0.1,
                tests=(),
                identical_tensors=0,
                tested_tensors=1,
                untested=(),
                reason=both("set by the test"),
            )
            for kind, verdict in verdicts.items()
        ),
        tokenizer=TokenizerComparison(agreement=None, controls=()),
        limits=both("simulated"),
    )


def record(
    tier: Tier = Tier.E3, *, run: str = f"{TEAM}/run-1", **results: CheckResult
) -> RecordVerdict:
    """A verdict on a record: every check passes but those named."""
    checks = tuple(
        Check(
            id=f"V{number}",
            result=results.get(f"V{number}", CheckResult.PASS),
            detail=both("set by the test"),
        )
        for number in range(1, 18)
    )
    failed = CheckResult.FAIL in results.values()
    return RecordVerdict(
        run=run,
        events=9,
        tier=Tier.E0 if failed else tier,
        outcome=CheckResult.FAIL if failed else CheckResult.PASS,
        meaning=MEANING[tier],
        checks=checks,
        cannot_prove=CANNOT_PROVE,
    )


def papers(
    seal: Seal,
    *sources: DeclaredSource,
    declaration: DossierDeclaration | None = None,
    code: tuple[str, ...] = (),
) -> DossierPapers:
    """What the office would read of such a submission, with the shipped tables."""
    tables = shipped_tables()
    bill = make_bill(seal, sources, tables)
    return DossierPapers(
        schema=PAPERS_SCHEMA,
        team=seal.manifest.team,
        root=seal.root,
        licences=report_licences(bill, None, tables),
        sources=bill.sources,
        missing=bill.missing,
        code=code,
        declaration=declaration,
    )


def honest(**changes: Any) -> Dossier:
    """A team with nothing against it: compared, recorded to E3, papers in order."""
    seal: Seal = changes.pop("seal", sealed(part()))
    kinds = [component.kind for component in seal.manifest.components]
    given: dict[str, Any] = {
        "seal": seal,
        "lineage": (compared(dict.fromkeys(kinds, LineageVerdict.NO_EVIDENCE)),),
        "records": {kind.value: record() for kind in kinds},
        "papers": papers(seal),
        "replies": (),
        "reply_requested": ASKED,
        "reply_days": 5,
        "decided": DECIDED,
        "evidence": (),
    }
    return Dossier(**(given | changes))


def unheard(**changes: Any) -> Dossier:
    """The same, decided before the deadline."""
    return honest(**({"decided": "2026-03-07T10:00:00+09:00"} | changes))


def reply(at: str = "2026-03-07T09:00:00+09:00") -> TeamReply:
    """A reply of the team."""
    return TeamReply(team=TEAM, component="text_decoder", at=at, text=both("Ours."))


def gate(**changes: Any) -> Gate:
    """A gate on the items that the example's clauses come down to."""
    needs: dict[str, list[tuple[str, tuple[CheckResult, ...]]]] = {
        "technical": [("tech-01", PASS), ("tech-02", PASS), ("tech-04", PASS)],
        "policy": [("policy-01", SAID), ("policy-03", PASS)],
        "ethical": [("ethic-01", SAID), ("ethic-02", SAID), ("ethic-03", SAID)],
    }
    made = Gate(
        id="independence",
        name=both("Independence"),
        on_undetermined=Undetermined.STAYS_WITH_NOTE,
        dossier=ItemSet.OF_2026_11,
        opinion=OpinionRule(quorum=3, agreement=2),
        aspects=tuple(
            AspectRule(
                id=name,
                name=both(name),
                requires=tuple(Requirement(check=c, accept=a) for c, a in checks),
            )
            for name, checks in needs.items()
        ),
    )
    return msgspec.structs.replace(made, **changes)
