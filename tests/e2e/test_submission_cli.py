"""`dokja submission` as a team runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dokja.evidence.canonical import canonical_bytes
from tests.e2e.conftest import ROOT, dokja
from tests.key_files import write_keys, write_model_keys

EXAMPLES = ROOT / "examples" / "models"
TEAM = EXAMPLES / "sangeuneul"


def declared(folder: Path, old: str, new: str) -> Path:
    """A copy of the example team that declares something else."""
    copied = Path(shutil.copytree(TEAM, folder / "team"))
    text = (copied / "submission.toml").read_text(encoding="utf-8")
    assert old in text
    (copied / "submission.toml").write_text(text.replace(old, new), encoding="utf-8")
    return copied


@pytest.mark.parametrize("team", sorted(path.name for path in EXAMPLES.iterdir()))
def test_the_licences_of_each_example_team_are_in_order(team: str) -> None:
    """All of them declare their own weights, and data of known terms."""
    ran = dokja("submission", "licences", EXAMPLES / team, "--json")
    assert ran.code == 0, ran.err
    report = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(report) + b"\n"
    assert report["team"] == team
    assert [check["id"] for check in report["checks"]] == [
        "ethic-02",
        "ethic-03",
        "licence-01",
        "licence-02",
        "licence-03",
    ]


def test_a_conflict_exits_3_and_says_why(tmp_path: Path) -> None:
    """An encoder under terms that ask for what Apache-2.0 cannot give."""
    team = declared(
        tmp_path,
        'path = "vision_encoder"\nweight_state = "initialised"\norigin = ""\n'
        'licence = "Apache-2.0"',
        'path = "vision_encoder"\nweight_state = "inherited_frozen"\n'
        'origin = "somebody"\nlicence = "gemma"',
    )
    english = dokja("submission", "licences", team)
    assert english.code == 3
    assert "enforceable provision" in english.out
    korean = dokja("submission", "licences", team, "--lang", "ko")
    assert korean.code == 3
    assert "법률 자문이 아닙니다" in korean.out


def test_a_question_exits_4(tmp_path: Path) -> None:
    """A licence that no table knows is nothing to decide on."""
    team = declared(tmp_path, 'licence = "Apache-2.0"', 'licence = "LicenseRef-x"')
    ran = dokja("submission", "licences", team)
    assert ran.code == 4
    assert "LicenseRef-x" in ran.out


@pytest.mark.parametrize("form", ["cyclonedx", "spdx", "croissant", "eu-summary"])
def test_exports_are_canonical_and_the_same_again(form: str) -> None:
    """Two runs, the same bytes."""
    command = ("submission", "bom", TEAM, "--format", form, "--json")
    created = ("--created", "2026-01-31T09:00:00Z")
    ran = dokja(*command, *created)
    assert ran.code == 0, ran.err
    assert ran.out.encode() == canonical_bytes(json.loads(ran.out)) + b"\n"
    assert dokja(*command, *created).out == ran.out


def test_texts_are_in_the_language_that_was_asked_for() -> None:
    """The two drafts for people."""
    summary = dokja("submission", "bom", TEAM, "--format", "eu-summary", "--lang", "ko")
    assert summary.out.startswith("# 학습 자료 공개 요약")
    notice = dokja("submission", "bom", TEAM, "--format", "notice")
    assert "No inherited component is declared." in notice.out


def test_spdx_without_a_time_is_a_foreseen_failure() -> None:
    """With the remedy, rather than the clock's word."""
    ran = dokja("submission", "bom", TEAM, "--format", "spdx")
    assert ran.code == 5
    assert "--created" in ran.err


def test_a_team_seals_and_anybody_verifies(tmp_path: Path) -> None:
    """0 with the registered key, and 3 with the name of what changed."""
    team = Path(shutil.copytree(TEAM, tmp_path / "team"))
    key, public = write_keys(tmp_path, "team")
    oms, _ = write_model_keys(tmp_path, "model")
    seal = ("submission", "seal", team, "--key", key, "--oms-key", oms, "--json")
    sealed = dokja(*seal)
    assert sealed.out.encode() == canonical_bytes(json.loads(sealed.out)) + b"\n"
    verify = ("submission", "verify", team, "--key", public)
    checked = dokja(*verify, "--json")
    assert checked.code == 0, checked.out
    root = json.loads(sealed.out)["predicate"]["root"]
    assert json.loads(checked.out)["root"] == root
    with (team / "training" / "loss.jsonl").open("a") as file:
        file.write("\n")
    changed = dokja(*verify)
    assert changed.code == 3
    assert "changed  training/loss.jsonl" in changed.out
