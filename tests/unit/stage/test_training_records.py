"""A stage with training records: on record, in the report, measured again."""

from __future__ import annotations

import pytest

from dokja.bundle.measure import measure_again
from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.report import render_stage_report
from dokja.stage import StageRecord
from dokja.stage.acts import RECORD
from dokja.submission import parse_manifest
from dokja.submission.values import ComponentKind
from dokja.training.values import Tier
from tests.programme_simulator import SimulatedStage

KEYS = """
[training]
witness_keys = ["a witness"]
[[training.record_keys]]
team = "t1"
key = "a key"
"""
NAMED = """
[[training.records]]
component = "text_decoder"
path = "training/records/text_decoder"
key = "sha256:0"
"""


def stage_with(*teams: str, keys: str = KEYS) -> SimulatedStage:
    """A stage whose teams handed in a record each."""
    stage = SimulatedStage()
    stage.training = keys
    for team in teams:
        stage.folders[team].texts["submission.toml"] += NAMED
    return stage


def checks(stage: SimulatedStage, record: StageRecord) -> dict[str, CheckResult]:
    """What measuring again says of the stage's evidence."""
    found = measure_again(
        record.evidence, folders=stage, instruments=stage.instruments()
    )
    return {check.id: check.result for check in found}


def test_each_record_gets_a_verdict_on_record_and_a_row_in_the_report() -> None:
    """A failed check is named; a team without a record is said to have none."""
    stage = stage_with("t1", "t2")
    stage.tiers["t2"] = Tier.E0
    record = stage.run()
    subjects = [act.subject for act in stage.acts() if act.kind == RECORD]
    assert subjects == ["t1/text_decoder", "t2/text_decoder"]
    assert [
        (each.team, each.component, each.verdict.tier)
        for each in record.evidence.records
    ] == [
        ("t1", ComponentKind.TEXT_DECODER, Tier.E2),
        ("t2", ComponentKind.TEXT_DECODER, Tier.E0),
    ]
    page = render_stage_report(record)
    assert 'id="training"' in page
    assert "V1: set by the test" in page
    assert page.count('<span class="open"><span lang="ko">기록 없음') == 3
    assert "E0 1, E2 1" in record.outcome.unknown[0].en


def test_a_stage_without_registered_keys_takes_no_records() -> None:
    """Whatever the manifests say; its report is the one it always was."""
    stage = stage_with("t1", keys="")
    record = stage.run()
    assert record.evidence.records == ()
    assert not any(act.kind == RECORD for act in stage.acts())
    assert 'id="training"' not in render_stage_report(record)
    assert "B12-records" not in checks(stage, record)


def test_a_run_that_was_stopped_verifies_no_record_twice() -> None:
    """What stands on record is taken from there."""
    stage = stage_with("t1", "t2")
    first = stage.run()
    stage.measured.clear()
    assert stage.run().evidence.records == first.evidence.records
    assert stage.measured == []


def test_a_verdict_that_the_sealed_record_does_not_give_is_named() -> None:
    """Whoever has the submissions can look again."""
    stage = stage_with("t1")
    record = stage.run()
    assert checks(stage, record)["B12-records"] is CheckResult.PASS
    stage.tiers["t1"] = Tier.E1
    assert checks(stage, record)["B12-records"] is CheckResult.FAIL


@pytest.mark.parametrize(
    ("team", "fact"),
    [
        ("t9", "1 keys are registered for team t9"),
        ("t1", "2 keys are registered for team t1"),
    ],
)
def test_keys_are_registered_once_and_by_who_takes_part(team: str, fact: str) -> None:
    """Before anything is frozen."""
    more = f'[[training.record_keys]]\nteam = "{team}"\nkey = "k"\n'
    with pytest.raises(InvalidInput, match=fact):
        stage_with(keys=KEYS + more).inputs()


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        ('path = "training/', 'path = "../', "leaves the submission folder"),
        ('component = "text_decoder"', 'component = "projector"', "1 training records"),
        (NAMED, NAMED + NAMED, "2 training records"),
    ],
)
def test_a_record_that_cannot_be_named_so_is_refused(
    old: str, new: str, fact: str
) -> None:
    """It stands in the folder and belongs to one declared component."""
    text = stage_with("t1").folders["t1"].texts["submission.toml"]
    at = text.index("[[training.records]]") - 1
    changed = text[:at] + text[at:].replace(old, new, 1)
    with pytest.raises(InvalidInput) as caught:
        parse_manifest(changed, where="submission.toml")
    assert fact in caught.value.fact
