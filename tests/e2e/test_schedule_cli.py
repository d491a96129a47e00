"""`dokja schedule`: dates in versions, teams asked before they change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dokja.cli import commands

DATES = """
reason = { ko = "장비 지연", en = "machines were late" }
notice = { publisher = "office", on = "2026-01-04" }
[[milestones]]
id = "review"
name = { ko = "단계평가", en = "Stage evaluation" }
"""
ASKED = """
about = "schedule"
change = { ko = "한 달 연기", en = "a month later" }
reason = { ko = "지연", en = "delay" }
teams = ["alpha"]
replies_until = "2999-01-01"
[[milestones]]
id = "review"
name = { ko = "단계평가", en = "Stage evaluation" }
at = "2999-02-01"
"""


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command of the office's folder as an officer."""

    def _run(*words: str, acts: bool = True) -> Result:
        mandate = ["--by", "officer-1", "--clause", "2.2"] if acts else []
        where = ["--work", str(tmp_path / "office")]
        return CliRunner().invoke(commands, ["schedule", *words, *mandate, *where])

    return _run


def test_versions_and_consultation_from_the_command_line(
    run: Run, tmp_path: Path
) -> None:
    """A first version, a change, dissent that has to be answered, and the view."""
    for name, at in (("a", "2026-01"), ("b", "2026-02-01")):
        (tmp_path / f"{name}.toml").write_text(f'{DATES}at = "{at}"\n', "utf-8")
    (tmp_path / "c.toml").write_text(ASKED, "utf-8")
    assert run("set", str(tmp_path / "a.toml")).exit_code == 0
    tried = run("set", str(tmp_path / "b.toml"), "--dry-run")
    assert "dry run" in tried.output
    stale = run("set", str(tmp_path / "b.toml"), "--seen", "0")
    assert stale.exit_code != 0
    assert "read what was added" in str(stale.exception)
    assert run("set", str(tmp_path / "b.toml"), "--seen", "1").exit_code == 0
    assert run("propose", "later", str(tmp_path / "c.toml")).exit_code == 0
    refused = run("answer", "later", "--stance", "consent")
    assert "officer-1 was not asked" in str(refused.exception)
    assert run("settle", "later").exit_code != 0, "alpha may still reply"
    found = json.loads(run("show", "--json", acts=False).output)
    assert [len(v["changes"]) for v in found["versions"]] == [0, 1]
    assert found["consultations"][0]["silent"] == ["alpha"]
    shown = run("show", "--lang", "ko", acts=False).output
    assert "변경: 2026-01" in shown
    assert "장비 지연" in shown
    assert "회신 없음: alpha" in shown


def test_unknown_clause_and_broken_file_name_the_remedy(
    run: Run, tmp_path: Path
) -> None:
    """Nothing is filed under a clause that is not there."""
    (tmp_path / "a.toml").write_text(f'{DATES}at = "2026-01"\n', "utf-8")
    wrong = CliRunner().invoke(
        commands,
        [
            *("schedule", "set", str(tmp_path / "a.toml"), "--by", "o"),
            *("--clause", "99.9", "--work", str(tmp_path / "office")),
        ],
    )
    assert "no clause '99.9'" in str(wrong.exception)
    (tmp_path / "a.toml").write_text("milestones = 3", "utf-8")
    assert "a.toml" in str(run("set", str(tmp_path / "a.toml")).exception)
