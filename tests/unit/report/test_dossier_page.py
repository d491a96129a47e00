"""The dossier in the report and on the site: items, tiers, what stays unproven."""

from __future__ import annotations

import json

import pytest

from dokja.lineage.values import LineageVerdict
from dokja.report import render_stage_report
from dokja.report.names import Names
from dokja.report.sections.gate import gate_view
from dokja.report.site.gate_claims import GateClaims
from dokja.stage import StageRecord
from tests.unit.report.parsed_page import parse
from tests.unit.stage.test_dossier import staged


@pytest.fixture(scope="module")
def record() -> StageRecord:
    """A stage decided on dossiers, with opinions, a claim and an allegation."""
    stage = staged()
    stage.verdicts = {"t2": LineageVerdict.DERIVED}
    stage.rulebook = stage.rulebook.replace(
        'dossier = "2026-11"\n',
        'dossier = "2026-11"\nopinion = { quorum = 2, agreement = 2 }\n',
    )
    both = {"ko": "처음부터 학습", "en": "trained from scratch"}
    vote = {
        "team": "t2",
        "aspect": "technical",
        "choice": "pass",
        "reasons": both,
        "at": "2026-03-12T09:00:00+09:00",
    }
    stage.dossier = json.dumps(
        {
            "synthetic": True,
            "note": {"ko": "지어낸 장부", "en": "a book made up"},
            "opinions": [{"expert": e, **vote} for e in ("e2", "e3")],
            "allegations": [
                {"id": "a-1", "team": "t3", "aspect": "policy", "state": "reply"}
            ],
            "claims": [
                {
                    "team": "t2",
                    "claim": {
                        "said": both,
                        "topic": "from_scratch",
                        "where": "press",
                        "on": "2026-01-02",
                    },
                }
            ],
        }
    )
    return stage.run()


def test_the_report_shows_every_item_with_its_evidence(record: StageRecord) -> None:
    """29 items a team, the tiers, the limits, and a claim that evidence contradicts."""
    page = parse(render_stage_report(record)).text
    for words in (
        "tech-13",
        "policy-07",
        "ethic-09",
        "dossier_filed/t1#/body/licences",
        "What no training record can prove",
        "Evidence shows otherwise",
        "no opinion turns into a pass",
        "allegations under way",
        "a book made up",
    ):
        assert words in page, words


def test_the_site_cites_clauses_and_what_no_record_proves(record: StageRecord) -> None:
    """A claim on an aspect shows questions, tiers and the acts it rests on."""
    claims = GateClaims(record, Names(record))
    found = {claim.id: claim for claim in claims.of_team("t2")}
    technical = next(c for i, c in found.items() if "technical" in i)
    assert technical.clauses
    assert "dossier_filed/t2" in technical.acts
    assert any("E0" in row.label.en for row in technical.rows)
    assert any("distillation" in text.en for text in technical.does_not_show)


def test_a_gate_of_the_first_checks_shows_no_dossier() -> None:
    """Its pages stay as they were published."""
    stage = staged()
    stage.rulebook = type(stage)().rulebook
    record = stage.run()
    assert all(one.dossier is None for one in gate_view(record, Names(record)).teams)
