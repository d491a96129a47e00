"""`dokja panel` as an office runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, dokja

PLAN = ROOT / "examples/panel/interests.toml"
SHEETS = ROOT / "examples/programme/stage-1/panel.json"


def test_conflicts_show_what_was_found_and_not_declared() -> None:
    """The example's panel, as JSON and in Korean."""
    ran = dokja("panel", "conflicts", PLAN, "--json")
    said = json.loads(ran.out)
    levels = {(i["expert"], i["team"]): i["level"] for i in said["interests"]}
    assert (ran.code, len(levels)) == (0, 32)
    assert levels["e01", "t1"] == "conflict"
    assert levels["e02", "t3"] == "none"
    assert levels["e03", "t1"] == "possible"
    assert ["e03", "t2"] in said["undeclared"]
    assert ["e04", "t4"] not in said["undeclared"]
    korean = dokja("panel", "conflicts", PLAN, "--lang", "ko")
    assert "이해충돌" in korean.out


def test_a_change_shows_what_it_moved(tmp_path: Path) -> None:
    """One tie less frees one expert, and nothing else is listed."""
    text = PLAN.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if 'left = "e01"' not in line]
    earlier = tmp_path / "earlier.toml"
    earlier.write_text("\n".join(lines), encoding="utf-8")
    ran = dokja("panel", "conflicts", PLAN, "--before", earlier, "--json")
    moved = json.loads(ran.out)["interests"]
    assert [(one["expert"], one["team"]) for one in moved] == [("e01", "t1")]


def test_an_assignment_is_made_or_its_lack_named(tmp_path: Path) -> None:
    """Exit code 3 and a remedy where the limit of teams is too low."""
    ran = dokja("panel", "assign", PLAN, "--json")
    teams = json.loads(ran.out)["assignment"]["teams"]
    assert (ran.code, [len(team["experts"]) for team in teams]) == (0, [4] * 4)
    tight = tmp_path / "tight.toml"
    text = PLAN.read_text(encoding="utf-8")
    tight.write_text(
        text.replace("teams_per_expert = 3", "teams_per_expert = 1"), encoding="utf-8"
    )
    refused = dokja("panel", "assign", tight)
    assert refused.code == 3
    assert "Raise the limit of teams per expert" in refused.out


def test_agreement_of_the_example_is_a_view_beside_the_mean() -> None:
    """Figures with their intervals, in both forms."""
    ran = dokja("panel", "agreement", SHEETS, "--json")
    found = json.loads(ran.out)["agreement"]
    assert ran.code == 0
    assert found["alpha"]["low"] < found["alpha"]["value"] < found["alpha"]["high"]
    assert [team["rank"] for team in found["teams"]] == [5, 1, 2, 4, 3]
    assert "official score" in dokja("panel", "agreement", SHEETS).out


@pytest.mark.parametrize(
    ("text", "said"),
    [("schema = 1", "Expected `str`"), ("= =", "cannot be read"), ("\udcff", "UTF-8")],
)
def test_a_file_that_is_no_plan_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    """Exit code 5 with what is wrong."""
    file = tmp_path / "plan.toml"
    file.write_bytes(text.encode(errors="surrogateescape"))
    ran = dokja("panel", "conflicts", file)
    assert ran.code == 5
    assert said in ran.err


def test_rules_come_from_the_rulebook_where_the_file_has_none() -> None:
    """The example's stage: its ties, the rulebook's rules, in one assignment."""
    ties = ROOT / "examples/programme/stage-1/interests.toml"
    bare = dokja("panel", "conflicts", ties)
    assert bare.code == 5
    assert "[interest_rules]" in bare.err
    ran = dokja("panel", "conflicts", ties, "--rulebook", "example", "--json")
    levels = {
        (one["expert"], one["team"]): one["level"]
        for one in json.loads(ran.out)["interests"]
    }
    assert levels["e03", "moraesinae"] == "conflict"
    assert levels["e05", "sangeuneul"] == "possible"
    assigned = dokja("panel", "assign", ties, "--rulebook", "example", "--json")
    assert assigned.code == 0
    teams = json.loads(assigned.out)["assignment"]["teams"]
    assert {len(one["experts"]) for one in teams} == {9}
