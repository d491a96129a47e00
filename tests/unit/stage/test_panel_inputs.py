"""Interests in a stage: what they recuse, what is shown, what is refused."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Act
from dokja.panel import assign_experts, find_interests, parse_plan
from dokja.panel.plan import needs_of_plan, rules_of_plan
from dokja.panel.values import RecusalBasis
from dokja.programme import parse_rulebook
from dokja.report import render_stage_report
from dokja.stage import StageRecord, read_evidence, read_outcome
from tests.programme_simulator import SimulatedStage
from tests.rulebooks import EXAMPLE

INTERESTS = """
schema = "dokja-panel-plan/1"
on = 2026-01-05
specialists = [
  { expert = "e1", fields = [] }, { expert = "e2", fields = [] },
  { expert = "e3", fields = [] }, { expert = "e4", fields = [] },
  { expert = "e5", fields = [] },
]

[register]
experts = ["e1", "e2", "e3", "e4", "e5"]
organisations = ["o1"]
teams = ["t1", "t2", "t3", "t4", "t5"]
ties = [
  {kind = "employment", left = "e2", right = "o1", source = "a", recorded = 2026-01-02},
  {kind = "consortium", left = "o1", right = "t4", source = "b", recorded = 2026-01-02},
]
declarations = [{ expert = "e1", team = "t5", recorded = 2026-01-02 }]
"""
RULES = """
[interest_rules]
longest_path = 3
ties = [
  { kind = "employment", level = "conflict", cooling_months = 24 },
  { kind = "advice", level = "conflict" },
  { kind = "holding", level = "conflict" },
  { kind = "family", level = "conflict" },
  { kind = "coauthorship", level = "possible" },
  { kind = "ownership", level = "conflict" },
  { kind = "consortium", level = "conflict" },
  { kind = "supply", level = "possible" },
  { kind = "data_deal", level = "possible" },
]

[panel_rules]
experts_per_team = 4
teams_per_expert = 5
quorum = 3
agreement = true
"""
CLAUSE = """
[[clauses]]
number = "2.9"
title = { ko = "평가단 운영", en = "Work of the panel" }
text = { ko = "규칙에 따라 운영한다.", en = "The panel works by rules." }
governs = ["panel"]
published = false
"""


def _bare(text: str) -> str:
    """The example's rulebook without tables of its own for interests."""
    return text.split("\n[interest_rules]", maxsplit=1)[0]


RULEBOOK = _bare(EXAMPLE) + RULES + ("" if '["panel"]' in EXAMPLE else CLAUSE)


def _stage() -> SimulatedStage:
    stage = SimulatedStage()
    stage.rulebook, stage.interests = RULEBOOK, INTERESTS
    return stage


@pytest.fixture(scope="module")
def decided() -> tuple[StageRecord, tuple[Act, ...]]:
    """One run, looked at from several sides."""
    stage = _stage()
    return stage.run(), stage.acts()


def test_a_computed_recusal_leaves_the_sheet_out_and_says_why(
    decided: tuple[StageRecord, tuple[Act, ...]],
) -> None:
    """The sheet is on record, counts nowhere, and the reason names no employer."""
    _, acts = decided
    panel = read_evidence(acts).panel
    assert ("e2", "t4") not in {(s.expert, s.team) for s in panel.sheets}
    (out,) = panel.left_out
    assert (out.sheet.expert, out.sheet.team) == ("e2", "t4")
    bases = {(r.expert, r.team): r.basis for r in read_outcome(acts).recusals}
    assert bases == {
        ("e1", "t5"): RecusalBasis.DECLARED,
        ("e2", "t4"): RecusalBasis.COMPUTED,
    }
    recorded = b"".join(canonical_bytes(act) for act in acts)
    assert b'"o1"' not in recorded


def test_the_report_shows_recusals_left_out_sheets_and_agreement(
    decided: tuple[StageRecord, tuple[Act, ...]],
) -> None:
    """In both languages, the official mean beside the view."""
    page = render_stage_report(decided[0])
    for words in (
        "employment, then membership of the consortium",
        "고용 → 컨소시엄 참여",
        "computed from registered ties",
        "Sheets kept on record and not counted",
        "How far the experts agree",
        "엄격도 보정(참고)",
        "panel-agreement-title",
    ):
        assert words in page, words


def test_the_agreement_is_derived_again_from_the_record(
    decided: tuple[StageRecord, tuple[Act, ...]],
) -> None:
    """What was recorded reads back, with alpha and the left-out sheet."""
    found = read_outcome(decided[1]).agreement
    assert found is not msgspec.UNSET
    assert found.report is not None
    assert found.report.alpha is not None
    assert [one.sheet.expert for one in found.report.left_out] == ["e2"]


def _assignment(interests: str) -> dict[str, Any]:
    rulebook = parse_rulebook(RULEBOOK, where="rules")
    plan = parse_plan(interests, where="interests.toml")
    found = find_interests(plan.register, rules_of_plan(plan, rulebook), on=plan.on)
    made = assign_experts(found, needs_of_plan(plan, rulebook))
    return {
        "schema": "dokja-panel-assignment/1",
        "assignment": msgspec.to_builtins(made),
    }


def test_an_assignment_of_other_interests_is_refused() -> None:
    """A declaration came in after the experts were assigned."""
    stage = _stage()
    earlier = INTERESTS.replace("declarations = [", "declarations = [] #")
    stage.assignment = json.dumps(_assignment(earlier))
    with pytest.raises(NotAllowed, match="assignment was made under the interests"):
        stage.inputs()


def test_a_sheet_of_an_expert_who_was_not_assigned_is_refused() -> None:
    """Four of five were assigned to a team; the fifth sheet is named."""
    stage = _stage()
    stage.assignment = json.dumps(_assignment(INTERESTS))
    with pytest.raises(InvalidInput, match="not assigned to the team"):
        stage.inputs()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda s: setattr(s, "interests", None), "there is no interests.toml"),
        (
            lambda s: setattr(s, "rulebook", RULEBOOK.split("\n[interest_rules]")[0]),
            "no \\[interest_rules\\]",
        ),
        (
            lambda s: setattr(s, "interests", INTERESTS.replace('"e5"]', '"e6"]')),
            "e5 is on the panel and not in the register",
        ),
        (
            lambda s: setattr(
                s, "interests", INTERESTS + "[rules]\nlongest_path = 1\nties = []\n"
            ),
            "not those of the rulebook",
        ),
    ],
)
def test_files_and_rules_that_do_not_belong_together(change: Any, words: str) -> None:
    """Each is named before anything is measured."""
    stage = _stage()
    change(stage)
    with pytest.raises(InvalidInput, match=words):
        stage.inputs()
