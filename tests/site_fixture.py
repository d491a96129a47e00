"""Publications for the site's tests: one simulated and verified, one made up."""

from __future__ import annotations

from functools import cache

import msgspec

from dokja.adapters.signing import Ed25519Signer
from dokja.bundle import KeyOrigin, TrustedKey, make_bundle
from dokja.bundle.site import read_publication
from dokja.evidence.canonical import act_digest, canonical_bytes
from dokja.evidence.values import Act, Text
from dokja.lineage.values import LineageVerdict
from dokja.programme.freeze import FROZEN
from dokja.report.site import (
    Publication,
    PublishedAct,
    append_correction,
    claim_ids,
    log_start,
)
from dokja.stage.acts import LINEAGE, REFERENCE, SEAL, make_act, outcome_acts
from dokja.stage.values import StageRecord
from tests.index_fixture import indexed_stage
from tests.programme_simulator import SimulatedStage
from tests.report_fixture import stage_record

SIGNER = Ed25519Signer.from_seed(b"s" * 32)
KEY = TrustedKey(verifier=SIGNER.verifier, origin=KeyOrigin.GIVEN)
BREAKOUT = "</script><script>alert(1)</script><!--\u2028"
"""What a file of a bundle must not be able to do to a page that embeds it."""
REPLY = Text("사전에 신고한 구성요소입니다.", "We declared this component beforehand.")


@cache
def simulated_bundle() -> dict[str, bytes]:
    """A signed bundle in which one team's decoder derives from the reference."""
    return _bundle(SimulatedStage())


@cache
def indexed_bundle() -> dict[str, bytes]:
    """The same of a stage that measured both indices and a target."""
    return _bundle(indexed_stage())


def _bundle(stage: SimulatedStage) -> dict[str, bytes]:
    stage.verdicts["t2"] = LineageVerdict.DERIVED
    stage.replies.append(
        {
            "team": "t2",
            "component": "text_decoder",
            "at": "2026-03-09T05:00:00Z",
            "text": msgspec.to_builtins(REPLY),
        }
    )
    record = stage.run()
    return make_bundle(
        stage.acts(),
        rulebook=stage.rulebook,
        report=f"<p>report</p>{BREAKOUT}",
        rules_digest=record.rules_digest,
        made_by="dokja test",
        signer=SIGNER,
    )


def simulated_publication() -> Publication:
    """What the first of these publishes."""
    pem = SIGNER.verifier.pem
    return read_publication(simulated_bundle(), key=KEY, public_key=pem)


def indexed_publication() -> Publication:
    """What the second publishes."""
    pem = SIGNER.verifier.pem
    return read_publication(indexed_bundle(), key=KEY, public_key=pem)


def made_up_publication(record: StageRecord | None = None) -> Publication:
    """The record of the report's tests, published with one correction."""
    record = record or stage_record()
    acts = [
        PublishedAct(
            path=f"acts/{number:04d}-{act.kind}.json", digest=act_digest(act), act=act
        )
        for number, act in enumerate(_acts(record), 1)
    ]
    publication = Publication(
        record=record,
        acts=tuple(acts),
        files={
            "bundle.json": b"{}",
            **{each.path: canonical_bytes(each.act) for each in acts},
        },
        contents="bundle.json",
        envelope="bundle.sig.json",
        payload_type="application/json",
        report="report.html",
        acts_folder="acts/",
    )
    log = append_correction(
        publication.log,
        correction("total.team-a"),
        first=log_start(publication),
        claims=claim_ids(publication),
    )
    return msgspec.structs.replace(publication, log=log)


def correction(claim: str, *, date: str = "2026-02-03") -> str:
    """A correction as somebody writes it."""
    return f"""
date = "{date}"
claim = "{claim}"
wrong = {{ ko = "틀린 내용", en = "What was wrong \\"here\\"" }}
right = {{ ko = "바른 내용", en = "What is right" }}
why = {{ ko = "옮겨 적는 중의 실수", en = "A slip in copying" }}
found_by = {{ ko = "독자", en = "a reader" }}
"""


def _acts(record: StageRecord) -> tuple[Act, ...]:
    plan, evidence = record.evidence.plan, record.evidence
    frozen = {"rulebook": evidence.rulebook}
    at = plan.schedule.sealed
    return (
        make_act(plan, FROZEN, plan.programme, at=at, body=frozen),
        *(make_act(plan, SEAL, s.manifest.team, at=at, body=s) for s in evidence.seals),
        *(
            make_act(plan, REFERENCE, r.model.id, at=at, body=r)
            for r in evidence.references
        ),
        *(
            make_act(plan, LINEAGE, f"{r.candidate}/{r.reference}", at=at, body=r)
            for r in evidence.lineage
        ),
        *outcome_acts(plan, record.outcome),
    )
