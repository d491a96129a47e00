"""Records of the examples as a stage looks at them: honest, forged, replayed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dokja.adapters.records import RecordFolder, ReleasedWeights
from dokja.adapters.signing import Ed25519Signer
from dokja.evidence.values import CheckResult
from dokja.stage.inputs import parse_plan
from dokja.stage.ports import RecordTask
from dokja.stage.values import TrainingPlan
from dokja.submission import parse_manifest
from dokja.submission.values import ComponentKind
from dokja.training import RecordVerdict
from dokja.training.reading import read_record
from dokja.training.replay_report import ReplayReport, signed_report, weights_root
from dokja.training.values import Tier
from dokja.wiring.handed_in_records import verify_handed_in
from tests.unit.training.test_replay_report import AUDITOR, OTHER, report

EXAMPLES = Path(__file__).parents[3] / "examples"


def task_of(team: str, kind: ComponentKind) -> RecordTask:
    """The record of a component as the example stage looks at it."""
    folder = EXAMPLES / "models" / team
    manifest = parse_manifest(
        (folder / "submission.toml").read_text(encoding="utf-8"), where=team
    )
    assert manifest.training is not None
    record = next(r for r in manifest.training.records or () if r.component is kind)
    plan = parse_plan(
        (EXAMPLES / "programme/stage-1/stage.toml").read_text(encoding="utf-8"),
        where="stage.toml",
    ).training
    assert isinstance(plan, TrainingPlan)
    return RecordTask(
        team=team,
        component=kind,
        location=str(folder),
        record=record.path,
        weights=next(c.path for c in manifest.components if c.kind is kind),
        declared_key=record.key,
        team_key=next(each.key for each in plan.record_keys if each.team == team),
        witness_keys=plan.witness_keys,
        auditor_keys=(),
        replays=(),
    )


def results(verdict: RecordVerdict) -> dict[str, CheckResult]:
    """Result of each check."""
    return {check.id: check.result for check in verdict.checks}


ENCODER = ComponentKind.VISION_ENCODER


def test_an_honest_record_is_witnessed_evidence() -> None:
    """It says which weights came of it; whether they did takes the last state."""
    verdict = verify_handed_in(task_of("sangeuneul", ENCODER))
    assert (verdict.tier, verdict.outcome) == (Tier.E2, CheckResult.PASS)
    assert results(verdict)["V6"] is CheckResult.INCONCLUSIVE


def test_the_forged_record_is_of_another_encoder_than_the_one_handed_in() -> None:
    """A witness saw it grow, and nothing else is wrong with it."""
    verdict = verify_handed_in(task_of("galbaramjae", ENCODER))
    failed = [key for key, found in results(verdict).items() if found == "fail"]
    assert failed == ["V6"]
    assert (verdict.tier, verdict.outcome) == (Tier.E0, CheckResult.FAIL)


@pytest.mark.parametrize("key", [None, "another"])
def test_a_record_counts_by_the_registered_key_alone(key: str | None) -> None:
    """A key that only the manifest knows is the team's own word."""
    task = task_of("sangeuneul", ENCODER)
    other = replace(task, team_key=key and OTHER.verifier.pem)
    assert verify_handed_in(other).tier is Tier.E0


def test_a_record_that_is_not_there_is_a_verdict_and_no_error() -> None:
    """A stage goes on without it."""
    verdict = verify_handed_in(
        replace(task_of("sangeuneul", ENCODER), record="training/none")
    )
    assert (verdict.tier, verdict.outcome) == (Tier.E0, CheckResult.INCONCLUSIVE)
    assert set(results(verdict).values()) == {CheckResult.NOT_RUN}


def replayed(task: RecordTask, auditor: Ed25519Signer, *, weights: str) -> RecordTask:
    """The task with a report on its record, signed by the auditor."""
    tree = read_record(RecordFolder(Path(task.location, task.record))).tree
    about = ReplayReport(
        root=f"sha256:{tree.root().hex()}",
        events=len(tree),
        weights=weights,
        beacon="ab" * 16,
        verdict=report().verdict,
    )
    return replace(
        task,
        replays=(signed_report(about, auditor).decode(),),
        auditor_keys=(AUDITOR.verifier.pem,),
    )


def test_a_replay_counts_for_the_record_and_the_weights_it_is_about() -> None:
    """And where a registered auditor signed it."""
    task = task_of("sangeuneul", ENCODER)
    own = weights_root(ReleasedWeights(Path(task.location, task.weights)))
    tiers = [
        verify_handed_in(replayed(task, auditor, weights=weights)).tier
        for auditor, weights in (
            (AUDITOR, own),
            (OTHER, own),
            (AUDITOR, "sha256:" + "0" * 64),
        )
    ]
    assert tiers == [Tier.E3, Tier.E2, Tier.E2]
