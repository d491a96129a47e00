"""`dokja objection` and `dokja decision`: from an objection to the next stage."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from dokja.cli import commands
from dokja.cli.desk import opened_office
from dokja.decision.objection import FiledObjection, objection_act
from dokja.decision.values import StageDecision
from dokja.errors import NotAllowed
from dokja.evidence.canonical import digest_of
from dokja.wiring.team_portal import file_objection
from tests.after_fixture import decision_act, on_record

ENDS = "2999-01-01T00:00:00+09:00"
REASON = ("--ko", "사유", "--en", "reason")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """An office where a decision stands and a team has objected."""
    act = decision_act()
    decision = msgspec.convert(act.body, StageDecision)
    said = FiledObjection(
        team="galbaramjae", about="gate", text="no", at="2026-11-02T00:00:00+09:00"
    )
    filed = objection_act(decision, said, (), programme="example", stage="stage-1")
    on_record(tmp_path, act, filed)
    return tmp_path


def run(work: Path, *words: str, by: str = "officer") -> Result:
    """The result of an act of somebody."""
    mandate = ["--by", by, "--work", str(work)]
    return CliRunner().invoke(commands, [*words, *mandate])


def shown(work: Path) -> dict[str, Any]:
    """What `decision show` prints."""
    words = ["decision", "show", "--work", str(work), "--json"]
    found: dict[str, Any] = json.loads(CliRunner().invoke(commands, words).output)
    return found


def test_from_an_objection_to_the_next_stage(work: Path) -> None:
    """Heard, answered, confirmed early, called again, filled."""
    mine = "galbaramjae/001"
    early = run(work, "decision", "confirm")
    assert "is not answered" in str(early.exception)
    assert run(work, "objection", "admit", mine, "--reviewer", "r").exit_code == 0
    unknown = run(
        work, "objection", "uphold", mine, "--corrected", "sha256:" + "9" * 64,
        *REASON, by="r",
    )  # fmt: skip
    assert "no decision" in str(unknown.exception)
    assert run(work, "objection", "dismiss", mine, *REASON, by="r").exit_code == 0
    waiting = run(work, "decision", "confirm")
    assert "dalyeoul, sangeuneul may object" in str(waiting.exception)
    for team in ("dalyeoul", "sangeuneul"):
        assert run(work, "objection", "waive", by=team).exit_code == 0
    soon = run(work, "decision", "revival", "extra")
    assert "not final" in str(soon.exception)
    assert run(work, "decision", "confirm").exit_code == 0
    found = shown(work)
    assert found["confirmed"] == {
        "what": "confirmed", "decision": digest_of(decision_act()), "early": True,
    }  # fmt: skip
    assert found["next_teams"] is None
    with (
        opened_office("example", "stage-1", work) as office,
        pytest.raises(NotAllowed, match="final"),
    ):
        file_objection(office, "sangeuneul", "score", "said too late")
    assert run(work, "decision", "revival", "extra").exit_code == 0
    assert run(work, "decision", "fill", "newcomer", "a-1").exit_code == 0
    assert shown(work)["next_teams"] == ["dalyeoul", "newcomer", "sangeuneul"]
    assert run(work, "decision", "withdraw", by="dalyeoul").exit_code == 0
    assert shown(work)["next_teams"] == ["newcomer", "sangeuneul"]
    times = ("--begins", "2026-11-15T00:00:00+09:00", "--ends", ENDS)
    assert run(work, "decision", "next", "stage-2", *times).exit_code == 0
    ended = run(work, "decision", "final")
    assert "silent: no clause is on final" in str(ended.exception)
    again = run(work, "decision", "next", "stage-2", *times)
    assert "stage-2 has its teams" in str(again.exception)
    fair = ["support", "fairness", "--stage", "stage-2", "--json", "--work", str(work)]
    owed = json.loads(CliRunner().invoke(commands, fair).output)
    assert [each["team"] for each in owed["teams"]] == ["newcomer", "sangeuneul"]
    assert [each["team"] for each in owed["newcomers"]] == ["newcomer"]
    assert owed["newcomers"][0]["hours_days"] == "0.00"
    words = ["objection", "list", "--lang", "ko", "--work", str(work)]
    assert "기각: 사유" in CliRunner().invoke(commands, words).output


def test_an_objection_is_seen_by_its_team_and_by_auditors(work: Path) -> None:
    """Where no rule opens it, not by the public."""
    mine = "galbaramjae/001"
    views = {}
    for viewer in ("public", "team:galbaramjae", "auditor"):
        words = ["disclosure", "view", "--as", viewer, "--work", str(work)]
        seen = json.loads(CliRunner().invoke(commands, [*words, "--json"]).output)
        views[viewer] = [fact["id"] for fact in seen["facts"]]
    assert mine not in views["public"]
    assert mine in views["team:galbaramjae"]
    assert mine in views["auditor"]
    korean = CliRunner().invoke(commands, [*words, "--lang", "ko"]).output
    assert "열람 자격: auditor" in korean


def test_nobody_selected_leaves_the_place_empty(work: Path) -> None:
    """And an objection that is not admitted says why."""
    refused = run(work, "objection", "refuse", "galbaramjae/001", *REASON)
    assert refused.exit_code == 0
    for team in ("dalyeoul", "sangeuneul"):
        run(work, "objection", "waive", by=team)
    tried = run(work, "decision", "confirm", "--dry-run")
    assert "dry run" in tried.output
    assert shown(work)["confirmed"] is None
    run(work, "decision", "confirm")
    assert run(work, "decision", "leave-empty", *REASON).exit_code == 0
    assert shown(work)["next_teams"] == ["dalyeoul", "sangeuneul"]


def test_without_a_decision_nothing_follows(tmp_path: Path) -> None:
    """The office is told what to do first."""
    words = ["decision", "show", "--work", str(tmp_path)]
    assert "run the stage" in str(CliRunner().invoke(commands, words).exception)
