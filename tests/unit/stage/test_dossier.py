"""A stage whose gate is decided on the dossier, up to the bundle that verifies."""

from __future__ import annotations

import json

import msgspec
import pytest

from dokja.adapters.signing import Ed25519Signer
from dokja.bundle import KeyOrigin, Trust, TrustedKey, make_bundle, verify_bundle
from dokja.bundle.measure import measure_again
from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.independence import FindingResult
from dokja.lineage.values import LineageVerdict
from dokja.programme import parse_rulebook
from dokja.report import render_stage_report
from tests.programme_simulator import TEAMS, SimulatedStage
from tests.rulebooks import EXAMPLE

_GATE = 'on_undetermined = "stays_with_note"\n'
_CHECKS = (
    '{ check = "tech-01", accept = ["pass"] }',
    '{ check = "tech-02", accept = ["pass", "declared"] }',
)
ON_ITEMS = (
    EXAMPLE.replace(_GATE, f'{_GATE}dossier = "2026-11"\n')
    .replace(_CHECKS[0], '{ check = "tech-04", accept = ["pass"] }')
    .replace(_CHECKS[1], '{ check = "policy-03", accept = ["pass"] }')
    .replace('"ethic-01", accept = ["pass"]', '"ethic-01", accept = ["declared"]')
)


VOTE = {
    "expert": "e2",
    "team": "t1",
    "aspect": "technical",
    "choice": "pass",
    "reasons": {"ko": "기록 확인", "en": "logs"},
    "at": "2026-03-12T09:00:00+09:00",
}


def staged() -> SimulatedStage:
    """A stage under such rules, its data manifests in order."""
    stage = SimulatedStage()
    stage.rulebook = ON_ITEMS
    for team in TEAMS:
        stage.folders[team].texts["training/d"] = json.dumps({"sources": []})
    return stage


def test_the_finding_rests_on_papers_that_are_acts_and_the_bundle_verifies() -> None:
    """Every pointer of an item leads to an act; the decision is derived again."""
    stage = staged()
    stage.verdicts = {"t2": LineageVerdict.DERIVED}
    record = stage.run()
    found = {one.team: one for one in record.outcome.findings}
    assert found["t1"].result is FindingResult.PASS
    assert found["t1"].aspects[0].result is FindingResult.PASS
    assert found["t2"].aspects[0].result is FindingResult.FAIL
    names = {f"{act.kind}/{act.subject}" for act in stage.acts()}
    pointed = {p.name for item in found["t1"].items for p in item.evidence}
    assert "dossier_filed/t1" in pointed
    assert pointed <= names
    signer = Ed25519Signer.from_seed(b"dossier test key, without a use!")
    files = make_bundle(
        stage.acts(),
        rulebook=stage.rulebook,
        report=render_stage_report(record),
        rules_digest=record.rules_digest,
        made_by="test",
        signer=signer,
    )
    key = TrustedKey(verifier=signer.verifier, origin=KeyOrigin.GIVEN)
    checked = verify_bundle(files, key=key, measure=None)
    assert checked.trust is Trust.VERIFIED, checked.checks


def test_the_office_s_book_reaches_the_finding() -> None:
    """An allegation that is being looked into keeps its aspect open."""
    stage = staged()
    stage.dossier = json.dumps(
        {
            "synthetic": True,
            "note": {"ko": "예시", "en": "made up"},
            "allegations": [
                {"id": "a-1", "team": "t1", "aspect": "technical", "state": "measured"}
            ],
        }
    )
    found = {one.team: one for one in stage.run().outcome.findings}
    assert found["t1"].aspects[0].waits_for == ("a-1",)
    assert found["t3"].aspects[0].result is FindingResult.PASS


@pytest.mark.parametrize(
    "entry",
    [
        {"claims": [{"team": "x"}]},
        {"opinions": [VOTE, VOTE]},
        {"opinions": [VOTE | {"expert": "x"}]},
        {"opinions": [VOTE | {"reasons": {"ko": " ", "en": ""}}]},
        {"allegations": [{"id": "a", "team": "x", "aspect": "p", "state": "measured"}]},
    ],
)
def test_a_book_with_a_stranger_or_a_second_or_empty_opinion_is_refused(
    entry: dict[str, object],
) -> None:
    """Nothing of it is taken."""
    stage = staged()
    note = {"ko": "", "en": ""}
    stage.dossier = json.dumps({"synthetic": True, "note": note, **entry})
    with pytest.raises(InvalidInput):
        stage.inputs()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"tech-04", accept = ["pass"]', '"tech-99", accept = ["pass"]', "tech-99"),
        ('"tech-04", accept = ["pass"]', '"tech-04", accept = ["declared"]', "accept"),
        ('"tech-04", accept = ["pass"]', '"tech-05", accept = ["pass"]', "inherited"),
        ('dossier = "2026-11"\n', "opinion = { quorum = 3, agreement = 2 }\n", "none"),
        (
            'dossier = "2026-11"\n',
            'dossier = "2026-11"\nopinion = { quorum = 4, agreement = 2 }\n',
            "quorum",
        ),
    ],
)
def test_rules_that_could_let_foreign_weights_pass_are_refused(
    old: str, new: str, told: str
) -> None:
    """Before the freeze, with the clause they concern."""
    assert old in ON_ITEMS
    with pytest.raises(InvalidInput, match=told):
        parse_rulebook(ON_ITEMS.replace(old, new, 1), where="rulebook")


def test_papers_are_read_again_where_the_models_are_there() -> None:
    """Changed ones are found; other tables of licences settle nothing."""
    stage = staged()
    evidence = stage.run().evidence

    def again(**changes: object) -> CheckResult:
        first, *others = evidence.papers
        papers = (msgspec.structs.replace(first, **changes), *others)
        checks = measure_again(
            msgspec.structs.replace(evidence, papers=papers),
            folders=stage,
            instruments=stage.instruments(),
        )
        return {check.id: check.result for check in checks}["B11-papers"]

    licences = msgspec.structs.replace(evidence.papers[0].licences, tables=())
    assert again() is CheckResult.PASS
    assert again(code=("hidden.py",)) is CheckResult.FAIL
    assert again(licences=licences) is CheckResult.INCONCLUSIVE
