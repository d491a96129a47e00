"""A stage from freeze to decision, on simulated models."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from dokja.decision.values import TeamStatus
from dokja.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Act
from dokja.independence.values import FindingResult, ReplyState
from dokja.lineage.values import LineageVerdict
from dokja.programme import parse_rulebook, rules_digest
from dokja.stage import read_evidence, read_outcome
from dokja.stage.acts import bundled
from tests.programme_simulator import TEAMS, MemoryActLog, SimulatedStage
from tests.rulebooks import EXAMPLE, changed

REPLY: dict[str, object] = {
    "team": "t2",
    "component": "text_decoder",
    "at": "2026-03-08T09:00:00+09:00",
    "text": {"ko": "소명", "en": "reply"},
}


def test_the_best_four_advance_and_the_record_says_all_of_it() -> None:
    """The plain case, read back from the record alone."""
    stage = SimulatedStage()
    record = stage.run()
    decision = record.outcome.decision
    assert decision.teams_with(TeamStatus.ADVANCES) == ("t1", "t2", "t3", "t4")
    assert decision.teams_with(TeamStatus.ELIMINATED_BY_RANK) == ("t5",)
    assert (decision.vacancies, decision.settled_by_data) == (0, True)
    assert read_evidence(stage.acts()) == record.evidence
    assert canonical_bytes(read_outcome(stage.acts())) == canonical_bytes(
        record.outcome
    )


def test_a_team_with_inherited_weights_is_out_and_its_place_stays_empty() -> None:
    """Otherwise among the best four: this is the case the gate exists for."""
    stage = SimulatedStage()
    stage.verdicts["t2"] = LineageVerdict.DERIVED
    stage.replies = [REPLY]
    outcome = stage.run().outcome
    assert outcome.decision.teams_with(TeamStatus.ELIMINATED_BY_GATE) == ("t2",)
    assert (outcome.decision.vacancies, outcome.decision.revival_call) == (1, True)
    finding = next(f for f in outcome.findings if f.team == "t2")
    assert finding.reply_state is ReplyState.REPLIED
    assert finding.replies[0].text.en == "reply"


def test_the_gate_changes_no_points() -> None:
    """A gate can only remove."""
    clean, caught = SimulatedStage(), SimulatedStage()
    caught.verdicts["t2"] = LineageVerdict.DERIVED
    assert clean.run().outcome.standing == caught.run().outcome.standing


def test_no_adverse_finding_before_the_team_was_heard() -> None:
    """Decided inside the reply window without a reply: undetermined, not fail."""
    stage = SimulatedStage()
    stage.verdicts["t2"] = LineageVerdict.DERIVED
    stage.rulebook = changed("[reply]\ndays = 5", "[reply]\ndays = 30")
    outcome = stage.run().outcome
    finding = next(f for f in outcome.findings if f.team == "t2")
    assert finding.reply_state is ReplyState.REQUESTED
    assert finding.result is FindingResult.UNDETERMINED
    assert outcome.decision.teams_with(TeamStatus.ELIMINATED_BY_GATE) == ()


@pytest.mark.parametrize(
    ("verdict", "result"),
    [
        (LineageVerdict.IDENTICAL, FindingResult.FAIL),
        (LineageVerdict.PARTIAL, FindingResult.FAIL),
        (LineageVerdict.REFER, FindingResult.UNDETERMINED),
        (LineageVerdict.UNTESTABLE, FindingResult.UNDETERMINED),
        (LineageVerdict.NO_EVIDENCE, FindingResult.PASS),
    ],
)
def test_only_shown_descent_fails_a_team(
    verdict: LineageVerdict, result: FindingResult
) -> None:
    """Doubt is never a failure, and never a pass."""
    stage = SimulatedStage()
    stage.verdicts["t2"] = verdict
    findings = {f.team: f.result for f in stage.run().outcome.findings}
    assert findings["t2"] is result


def test_missing_training_record_is_undetermined() -> None:
    """Missing evidence is neither a pass nor a fail."""
    stage = SimulatedStage()
    del stage.folders["t1"].texts["training/l"]
    outcome = stage.run().outcome
    finding = next(f for f in outcome.findings if f.team == "t1")
    assert finding.result is FindingResult.UNDETERMINED
    assert "t1" in outcome.decision.teams_with(TeamStatus.ADVANCES)


def test_swapping_two_models_swaps_their_benchmark_points() -> None:
    """Points follow the weights, not the names."""
    plain, swapped = SimulatedStage(), SimulatedStage()
    swapped.skill["t1"], swapped.skill["t3"] = plain.skill["t3"], plain.skill["t1"]
    before, after = (
        {
            team.team: team.categories[0].points
            for team in stage.run().outcome.standing.teams
        }
        for stage in (plain, swapped)
    )
    assert before["t1"] is not None
    assert after["t1"] is not None
    assert before["t1"] > after["t1"]


def test_a_second_run_measures_nothing_again_and_changes_nothing() -> None:
    """A run that was stopped goes on where its record ends."""
    stage = SimulatedStage()
    first = stage.run()
    measured, acts = list(stage.measured), stage.acts()
    again = stage.run()
    assert stage.measured == measured
    assert stage.acts() == acts
    assert canonical_bytes(again) == canonical_bytes(first)


class _PowerCut(BaseException):
    """Stands for a process that ends without a word."""


@pytest.mark.parametrize("cut_at", ["t3", "t2/r1"])
def test_what_was_measured_before_a_power_cut_is_not_measured_again(
    cut_at: str,
) -> None:
    """Each model and each comparison is on record as soon as it is its turn."""
    whole, stage = SimulatedStage(), SimulatedStage()
    record = whole.run()

    def cut(name: str) -> None:
        if name == cut_at and stage.measured.count(name) == 1:
            raise _PowerCut

    stage.on_measured = cut
    with pytest.raises(_PowerCut):
        stage.run()
    assert canonical_bytes(stage.run()) == canonical_bytes(record)
    assert stage.acts() == whole.acts()
    twice = {name for name in stage.measured if stage.measured.count(name) > 1}
    assert twice == {cut_at}


def test_another_submission_of_a_team_is_a_duplicate() -> None:
    """One sealed submission a team and stage; the first one stands."""
    stage = SimulatedStage()
    stage.run()
    acts = stage.acts()
    stage.folders["t1"].weights = stage.folders["t1"].weights * 2
    with pytest.raises(Conflict, match="t1"):
        stage.run()
    assert stage.acts() == acts


def test_rules_cannot_change_after_the_freeze_without_an_exception() -> None:
    """And with one, recorded with reason and consents, they can."""
    stage = SimulatedStage()
    old = rules_digest(parse_rulebook(EXAMPLE, where="old"))
    with pytest.raises(Conflict):
        _stop_after_freeze(stage)
    stage.rulebook = changed("days = 10", "days = 14")
    new = rules_digest(parse_rulebook(stage.rulebook, where="new"))
    with pytest.raises(NotAllowed, match="runs under rules"):
        stage.run()
    stage.exceptions = _exception(old, new, consents=TEAMS[:4])
    with pytest.raises(NotAllowed, match="consent_of_teams"):
        stage.run()
    stage.exceptions = _exception(old, new, consents=TEAMS)
    decision = stage.run().outcome.decision
    assert decision.objection_until == "2026-03-27"
    assert decision.rules_digest == new


@pytest.mark.parametrize(
    ("field", "old", "new", "fact"),
    [
        ("plan", 'batch_size = 1"', 'batch_size = 2"', "plan of this stage changed"),
        ("plan", "T09:00", "T10:00", "plan of this stage changed"),
        ("suites", "question 3", "question three", "s-"),
    ],
)
def test_plan_and_suites_cannot_change_after_the_freeze(
    monkeypatch: pytest.MonkeyPatch, field: str, old: str, new: str, fact: str
) -> None:
    """Questions chosen once the models are known would choose the winner."""
    stage = SimulatedStage()
    with pytest.raises(Conflict):
        _stop_after_freeze(stage)
    texts = stage.texts()
    changes: dict[str, Any] = {
        "plan": texts.plan.replace(old.rstrip('"'), new.rstrip('"')),
        "suites": {
            name: (header, items.replace(old, new))
            for name, (header, items) in texts.suites.items()
        },
    }
    other = replace(texts, **{field: changes[field]})
    monkeypatch.setattr(stage, "texts", lambda: other)
    with pytest.raises((NotAllowed, Conflict), match=fact):
        stage.run()
    assert stage.measured == []


def test_single_votes_and_drafts_in_the_record_reach_no_bundle() -> None:
    """The office's work stands in the same record; a stage is decided without it."""
    plain, busy = SimulatedStage(), SimulatedStage()
    vote = Act(
        programme=busy.inputs().plan.programme,
        stage=busy.inputs().plan.stage,
        kind="vote_cast",
        subject="public/000001/001",
        at="2026-03-05T09:00:00+09:00",
        body={"voter": "v-1", "choice": "left"},
    )
    busy.log.append([vote])
    assert canonical_bytes(busy.run().outcome) == canonical_bytes(plain.run().outcome)
    assert vote in busy.acts()
    assert bundled(busy.acts()) == plain.acts()


def test_a_team_may_withdraw_after_the_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without prejudice: no score, no finding, and nobody else leaves by rank."""
    stage = SimulatedStage()
    whole = stage.texts()
    sealed = replace(whole, plan=whole.plan.replace('"after the seal"', '""'))
    with monkeypatch.context() as patched:
        patched.setattr(stage, "texts", lambda: sealed)
        with pytest.raises(Unavailable):
            stage.run()
    people = {
        name: _without_team(getattr(whole, name), "t3") for name in ("panel", "ballots")
    }
    plan = whole.plan.replace("[name]", 'withdrawn = ["t3"]\n[name]', 1)
    changes: dict[str, Any] = {**people, "plan": plan}
    left = replace(whole, **changes)
    monkeypatch.setattr(stage, "texts", lambda: left)
    outcome = stage.run().outcome
    assert outcome.decision.teams_with(TeamStatus.WITHDRAWN) == ("t3",)
    assert outcome.decision.teams_with(TeamStatus.ADVANCES) == ("t1", "t2", "t4", "t5")
    assert {f.team for f in outcome.findings} == {"t1", "t2", "t4", "t5"}


def _without_team(text: str, team: str) -> str:
    document = json.loads(text)
    for entries in ("sheets", "ballots"):
        if entries in document:
            document[entries] = [e for e in document[entries] if e["team"] != team]
    return json.dumps(document)


def test_the_beacon_is_not_in_the_frozen_plan() -> None:
    """Teams must not be able to prepare for the draws it seeds."""
    stage = SimulatedStage()
    stage.run()
    frozen = next(act for act in stage.acts() if act.kind == "rules_frozen")
    assert b"after the seal" not in canonical_bytes(frozen)


def test_nothing_is_measured_before_the_beacon_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Sealed first, drawn afterwards, and the run goes on from the seals."""
    stage = SimulatedStage()
    whole = stage.texts()
    early = replace(whole, plan=whole.plan.replace('"after the seal"', '""'))
    with monkeypatch.context() as patched:
        patched.setattr(stage, "texts", lambda: early)
        with pytest.raises(Unavailable, match="beacon has not been drawn"):
            stage.run()
    assert stage.measured == []
    assert sum(act.kind == "submission_sealed" for act in stage.acts()) == len(TEAMS)
    assert stage.run().outcome.decision.settled_by_data


def test_weights_that_change_while_the_stage_runs_lead_to_no_decision() -> None:
    """What was measured must be what was sealed."""
    stage = SimulatedStage()
    stage.on_measured = lambda subject: stage.folders["t1"].texts.update(note=subject)
    with pytest.raises(Conflict, match="t1: note changed while the stage ran"):
        stage.run()
    assert not any(act.kind == "decision_issued" for act in stage.acts())


def test_totals_are_sums_of_rounded_points() -> None:
    """One rounding rule, applied once, to the component."""
    for team in SimulatedStage().run().outcome.standing.teams:
        parts = [p.points for c in team.categories for p in c.components]
        assert team.total == sum((p for p in parts if p is not None), Decimal(0))
        for points in parts:
            assert points is not None
            assert points == points.quantize(Decimal("0.01"))


def test_what_was_made_up_is_said() -> None:
    """The notes of synthetic files reach the outcome."""
    outcome = SimulatedStage().run().outcome
    assert len(outcome.synthetic) == 3
    assert outcome.unknown


BAD_INPUTS: dict[str, tuple[str, Callable[[Any], object], str]] = {
    "a sheet despite a declared conflict": (
        "panel.json",
        lambda p: p["experts"][1]["conflicts"].append("t1"),
        "e2 for t1: the expert declared a conflict",
    ),
    "a sheet twice": (
        "panel.json",
        lambda p: p["sheets"].append(p["sheets"][0]),
        "has 2 sheets",
    ),
    "a score off the rubric": (
        "panel.json",
        lambda p: p["sheets"][0]["scores"].update(plan=11),
        "plan is 11, not 0 to 10",
    ),
    "a ballot for an unknown team": (
        "ballots.json",
        lambda p: p["ballots"][0].update(team="nobody"),
        "u0 for nobody: no such team",
    ),
    "a ballot twice": (
        "ballots.json",
        lambda p: p["ballots"].append(p["ballots"][0]),
        "has 2 ballots",
    ),
    "an answer off the scale": (
        "ballots.json",
        lambda p: p["ballots"][0]["answers"].update(use=11),
        "use is 11, not 0 to 10",
    ),
    "a reply of an unknown team": (
        "replies.json",
        lambda p: p["replies"].append({**REPLY, "team": "nobody"}),
        "no team 'nobody'",
    ),
    "a key nobody knows": (
        "panel.json",
        lambda p: p.update(weight=2),
        "unknown field `weight`",
    ),
}


@pytest.mark.parametrize("mistake", BAD_INPUTS)
def test_bad_people_files_are_refused_and_nothing_is_recorded(
    mistake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named file, named entry, and no half-written stage."""
    file, damage, fact = BAD_INPUTS[mistake]
    stage = SimulatedStage()
    field = file.partition(".")[0]
    document = json.loads(getattr(stage.texts(), field))
    damage(document)
    changes: dict[str, Any] = {field: json.dumps(document)}
    texts = replace(stage.texts(), **changes)
    monkeypatch.setattr(stage, "texts", lambda: texts)
    with pytest.raises(InvalidInput) as caught:
        stage.run()
    assert file in caught.value.fact
    assert fact in caught.value.fact
    assert stage.acts() == ()


def _stop_after_freeze(stage: SimulatedStage) -> None:
    """Leaves the rules frozen and nothing sealed, as a crash would."""
    whole = stage.log
    stage.log = _StoppingLog(whole)
    try:
        stage.run()
    finally:
        stage.log = whole


class _StoppingLog(MemoryActLog):
    """Gives up when the first seal is to be recorded."""

    def __init__(self, kept: MemoryActLog) -> None:
        self._kept = kept

    def append(self, acts: Sequence[Act]) -> None:
        if any(act.kind == "submission_sealed" for act in acts):
            raise Conflict("stopped here by the test", remedy="none")
        self._kept.append(acts)

    def acts(self, programme: str, stage: str) -> tuple[Act, ...]:
        return self._kept.acts(programme, stage)


def _exception(old: str, new: str, *, consents: tuple[str, ...]) -> str:
    names = ", ".join(f'"{team}"' for team in consents)
    return (
        f'[[exceptions]]\nfrom_digest = "{old}"\nto_digest = "{new}"\n'
        f'at = "2026-03-01T12:00:00+09:00"\nconsents = [{names}]\n'
        '[exceptions.reason]\nko = "기간 연장"\nen = "longer window"\n'
    )
