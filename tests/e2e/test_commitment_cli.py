"""`dokja commitment`: a promise entered, measured and shown."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from dokja.cli import commands

PROMISE = """
team = "dalyeoul"
text = { ko = "3년 안에 이용자 천만 명", en = "Ten million users in three years" }
target = { ko = "천만 명", en = "ten million" }
source = { publisher = "dalyeoul", on = "2025-08-04" }
rule = { measure = "count", at_least = 10000000, unit = "users" }
reporter = "team"
due = "2028-08"
"""
FIGURES = {
    "by": "team",
    "figures": [
        {
            "name": "count",
            "estimate": {
                "value": 2e6, "low": None, "high": None, "n": 1,
                "method": "reported", "source": "report",
            },
        }
    ],
}  # fmt: skip
JUDGED = """
by = "office"
met = true
reason = { ko = "사유", en = "reason" }
source = { publisher = "o", on = "2026-01-01" }
"""


def test_promise_is_entered_measured_and_shown(tmp_path: Path) -> None:
    """Short of its target it is missed once its day has passed, and due before."""
    (tmp_path / "p.toml").write_text(PROMISE, "utf-8")
    (tmp_path / "f.json").write_text(json.dumps(FIGURES), "utf-8")
    (tmp_path / "j.toml").write_text(JUDGED, "utf-8")
    work = ["--work", str(tmp_path / "office")]

    def run(command: str, file: str, *more: str) -> Result:
        words = ["commitment", command, "users", str(tmp_path / file), *more]
        mandate = ["--by", "officer", "--clause", "1.1"]
        return CliRunner().invoke(commands, [*words, *mandate, *work])

    assert run("register", "p.toml").exit_code == 0
    assert run("measure", "f.json", "--seen", "1").exit_code == 0
    wrong = run("judge", "j.toml")
    assert "measured, not judged" in str(wrong.exception)
    for day, status in (("2028-08-31", "due"), ("2028-09-01", "missed")):
        words = ["commitment", "show", "--on", day, *work, "--json"]
        found = json.loads(CliRunner().invoke(commands, words).output)
        assert found["commitments"][0]["status"] == status
    words = ["commitment", "show", "--on", "2028-09-01", *work, "--lang", "ko"]
    shown = CliRunner().invoke(commands, words).output
    assert "미이행" in shown
    assert "2e+06" in shown


def test_published_promises_of_the_programme_are_entered_together(
    tmp_path: Path,
) -> None:
    """Every one with its source, none with a status that nobody found; all or none."""
    work = ["--programme", "k-ai", "--work", str(tmp_path / "office")]
    acts = ["--by", "officer", "--clause", "1.1"]

    def run(*words: str) -> Result:
        return CliRunner().invoke(commands, ["commitment", *words, *work])

    tried = run("load", *acts, "--dry-run")
    assert "(dry run)" in tried.output
    assert json.loads(run("show", "--json").output)["commitments"] == []
    assert run("load", *acts).exit_code == 0
    found = json.loads(run("show", "--on", "2026-11-28", "--json").output)
    by_id = {each["id"]: each for each in found["commitments"]}
    assert {each["team"] for each in by_id.values()} == {
        "lg", "motif", "naver", "ncai", "skt", "upstage",
    }  # fmt: skip
    assert {each["status"] for each in by_id.values()} == {"due"}
    assert all(each["source"]["publisher"] for each in by_id.values())
    assert by_id["upstage-ten-million-users"]["rule"]["at_least"] == 1e7
    assert by_id["ncai-domainops"]["rule"]["at_least"] == 40
    again = run("load", *acts)
    assert "1 entries" in str(again.exception)
    listed = run("list", "--lang", "ko").output
    assert "upstage-ten-million-users: 기한까지" in listed
