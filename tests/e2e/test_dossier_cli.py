"""`dokja independence dossier` on an example team, with what others said of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dokja.cli import commands
from dokja.settings import shipped_folder

TEAM = shipped_folder("examples") / "models" / "dalyeoul"


def run(*words: object) -> Result:
    """The command's result."""
    arguments = ["independence", "dossier", *map(str, words)]
    return CliRunner().invoke(commands, arguments)


def test_a_submission_alone_leaves_its_dossier_open() -> None:
    """All 29 items are there, each with a word, and what is unproven is said."""
    found = run(TEAM, "--json")
    assert found.exit_code == 4, found.output
    report = json.loads(found.stdout)
    results = {one["id"]: one["result"] for one in report["items"]}
    assert len(results) == 29
    assert results["tech-04"] == "not_run"
    assert results["policy-03"] == "pass"
    assert report["unproven"]
    korean = run(TEAM, "--lang", "ko")
    assert "독자성 판단이 아닙니다" in korean.output


def test_what_lineage_found_makes_it_adverse(tmp_path: Path) -> None:
    """The report of `lineage compare --json` is evidence, and 3 its exit code."""
    compared = CliRunner().invoke(
        commands, ["lineage", "compare", str(TEAM), str(TEAM), "--json"]
    )
    path = tmp_path / "lineage.json"
    path.write_text(compared.stdout, encoding="utf-8")
    found = run(TEAM, "--lineage", path, "--json")
    assert found.exit_code == 3, found.output
    items = {one["id"]: one for one in json.loads(found.stdout)["items"]}
    assert items["tech-04"]["result"] == "fail"
    assert any(place["name"] == path.name for place in items["tech-04"]["evidence"])


@pytest.mark.parametrize(
    "words", [("--record", "nothing=/tmp"), ("--rulebook", "k-ai")]
)
def test_what_does_not_fit_is_a_foreseen_failure(words: tuple[str, ...]) -> None:
    """A record of no component, and a rulebook without a gate on a dossier."""
    found = run(TEAM, *words)
    assert found.exit_code == 1
    assert "DokjaError" in str(type(found.exception).__mro__)
