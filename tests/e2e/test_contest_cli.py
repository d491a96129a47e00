"""`dokja contest` as an office runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, dokja

CONTEST = ROOT / "examples/contest"
BALLOTS = CONTEST / "ballots-synthetic.csv"


def test_the_rating_says_what_others_build_on() -> None:
    """Team, strength, interval and ranks, in this form from the first release."""
    ran = dokja("contest", "rate", BALLOTS, "--json")
    said = json.loads(ran.out)
    assert ran.code == 0
    assert said["schema"] == "dokja-contest-rating/1"
    assert [team["team"] for team in said["teams"]] == ["t1", "t2", "t3", "t4", "t5"]
    for team in said["teams"]:
        assert team["low"] < team["strength"] < team["high"]
        assert 1 <= team["rank_low"] <= team["rank_high"] <= 5
    assert (said["votes"], said["voters"]) == (1437, 160)
    assert [view["id"] for view in said["views"]] == [
        "ties_dropped",
        "rao_kupper",
        "both_bad_dropped",
        "position",
        "position_style",
    ]


def test_the_rating_is_shown_in_both_languages() -> None:
    """With what it is not: the views are no official rating."""
    assert "not the official rating" in dokja("contest", "rate", BALLOTS).out
    assert "공식 결과가 아님" in dokja("contest", "rate", BALLOTS, "--lang", "ko").out


def test_the_order_of_the_lines_changes_no_byte(tmp_path: Path) -> None:
    """Of the canonical JSON; the file's name is its source."""
    head, *lines = BALLOTS.read_text(encoding="utf-8").splitlines()
    turned = tmp_path / BALLOTS.name
    turned.write_text("\n".join([head, *lines[::-1]]) + "\n", encoding="utf-8")
    first = dokja("contest", "rate", BALLOTS, "--json")
    assert dokja("contest", "rate", turned, "--json").out == first.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("v1,t1,t2,best", "line 2: choice 'best'"),
        ('=HYPERLINK("x"),t1,t2,left', "line 2"),
        ("v1,t1,t1,left", "line 2: t1 stands on both sides"),
        ("v1\x1b[2J,t1,t2,left", "line 2"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    """Exit code 5, with a remedy, and no terminal command printed."""
    file = tmp_path / "b.csv"
    file.write_text(f"voter,left,right,choice\n{line}\n", encoding="utf-8")
    ran = dokja("contest", "rate", file)
    assert ran.code == 5
    assert said in ran.err
    assert "remedy" in ran.err
    assert "\x1b" not in ran.err


def test_the_screening_names_one_voter_and_no_offence() -> None:
    """v023 of the example always chose the right side."""
    ran = dokja("contest", "screen", BALLOTS, "--json")
    said = json.loads(ran.out)
    assert ran.code == 0
    assert [(f["voter"], f["suspicion"]) for f in said["flagged"]] == [
        ("v023", "one_side")
    ]
    shown = dokja("contest", "screen", BALLOTS).out
    assert "to be looked at" in shown
    assert (
        "사람이 사유를 확인" in dokja("contest", "screen", BALLOTS, "--lang", "ko").out
    )


def test_the_audit_says_what_the_last_place_hangs_on() -> None:
    """As an upper bound."""
    said = json.loads(dokja("contest", "audit", BALLOTS, "--json").out)
    assert said["last"] == "t5"
    assert 1 < said["voters"]["removed"] < 40
    assert said["votes"]["removed"] > said["voters"]["removed"]
    assert "upper bound" in dokja("contest", "audit", BALLOTS).out


def test_published_votes_are_rated_alike_and_name_nobody(tmp_path: Path) -> None:
    """New numbers each time; a file that is there is not overwritten."""
    out = tmp_path / "votes.csv"
    dry = dokja("contest", "publish", BALLOTS, "--out", out, "--dry-run")
    assert (dry.code, out.exists()) == (0, False)
    assert dokja("contest", "publish", BALLOTS, "--out", out).code == 0
    assert "v023" not in out.read_text(encoding="utf-8")
    assert dokja("contest", "publish", BALLOTS, "--out", out).code == 5
    first = json.loads(dokja("contest", "rate", BALLOTS, "--json").out)
    again = json.loads(dokja("contest", "rate", out, "--json").out)
    for one, other in zip(first["teams"], again["teams"], strict=True):
        assert one["strength"] == pytest.approx(other["strength"])
        assert one["rank_low"] == other["rank_low"]


def test_a_plan_is_checked_with_its_answers(tmp_path: Path) -> None:
    """Exit code 3 where an answer gives its team away."""
    plan, answers = CONTEST / "contest.toml", CONTEST / "answers.jsonl"
    ran = dokja("contest", "check", plan, "--answers", answers, "--json")
    said = json.loads(ran.out)
    assert (ran.code, said["contest"], said["prompts"]) == (0, "open-1", 12)
    telling = tmp_path / "answers.jsonl"
    text = answers.read_text(encoding="utf-8")
    telling.write_text(text.replace("다음과 같습니다", "저는 가람 모델입니다", 1))
    ran = dokja("contest", "check", plan, "--answers", telling)
    assert ran.code == 3
    assert "t1 (p01)" in ran.out


def test_a_design_is_looked_into() -> None:
    """Shares with the error of the simulation; half a design is refused."""
    design = ("--gap", "0.4", "--voters", "100", "--votes-each", "5")
    ran = dokja("contest", "power", *design, "--simulations", "20", "--json")
    (found,) = json.loads(ran.out)["designs"]
    assert found["votes"] == 500
    assert found["last_is_last"]["n"] == 20
    assert found["last_is_last"]["low"] < found["last_is_last"]["high"]
    assert dokja("contest", "power", "--gap", "0.4").code == 2
    assert dokja("contest", "power", "--teams", "9").code == 2
    shown = dokja("contest", "power", *design, "--simulations", "20", "--lang", "ko")
    assert "최하위로 나올 확률" in shown.out
