"""`dokja benchmark show` and the pages, as an engineer asks for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dokja.adapters.folders.run_folder import RunFolder
from dokja.benchmark.values import OfficialRun, Suite
from dokja.cli.benchmark_show import show
from dokja.evidence.canonical import canonical_bytes
from dokja.wiring.runs import RUN, SUITES
from tests.e2e.conftest import dokja
from tests.run_pages_fixture import every_scoring, hostile, pair
from tests.unit.report.parsed_page import parse


def _keep(folder: Path, run: OfficialRun, suites: tuple[Suite, ...]) -> Path:
    """A folder as `benchmark run` leaves it, of a made-up run."""
    folder.mkdir()
    RunFolder(folder).publish(
        {RUN: canonical_bytes(run), SUITES: canonical_bytes(suites)}
    )
    return folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over four suites."""
    return _keep(tmp_path_factory.mktemp("kept") / "run", *every_scoring())


def test_a_kept_run_is_shown_again(kept: Path) -> None:
    """What was measured once need not be measured to be looked at."""
    english = dokja("benchmark", "show", kept)
    assert english.code == 0, english.err
    assert "letter: 1 answers without a score" in english.out
    plain = json.loads(dokja("benchmark", "show", kept, "--json").out)
    assert plain["schema"] == "dokja-benchmark-run/1"
    assert [task["task"] for task in plain["tasks"]] == [
        "choices",
        "letter",
        "number",
        "rules",
    ]


def test_an_item_is_shown_with_prompt_answer_target_and_clock(kept: Path) -> None:
    """One item is what a dispute is about."""
    shown = dokja("benchmark", "show", kept, "--item", "number-3")
    assert shown.code == 0, shown.err
    for words in (
        "3 + 3 = ?",
        "마지막 줄에 ‘정답: ’과 수만 쓰십시오.",
        "right answer\n6",
        "계산하면 7",
        "read as the answer: 7",
        "repeat 2 · score 1 · tokens 21 / 7 · 1.25 s",
    ):
        assert words in shown.out
    korean = dokja("benchmark", "show", kept, "--item", "rules-0", "--lang", "ko")
    assert "어김  쉼표 없음" in korean.out
    choices = dokja("benchmark", "show", kept, "--item", "choices/choices-000")
    assert "right answer" in choices.out


def test_an_answer_without_a_score_says_why(kept: Path) -> None:
    """The cause decides whom a rerun is charged to."""
    shown = dokja("benchmark", "show", kept, "--item", "letter-002")
    assert "no score" in shown.out
    assert "error · fault of a machine or a network" in shown.out
    assert "the endpoint said 503, five times" in shown.out


def test_the_json_of_an_item_is_canonical_and_knows_no_clock(kept: Path) -> None:
    """Two runs of the same are equal in bytes, item by item."""
    ran = dokja("benchmark", "show", kept, "--item", "number-3", "--json")
    plain = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(plain) + b"\n"
    assert plain["schema"] == "dokja-benchmark-item/1"
    assert plain["item"]["target"] == "6"
    assert [given["read"] for given in plain["answers"]] == ["7", "6"]
    assert "seconds" not in ran.out


def test_an_unknown_item_is_a_foreseen_failure(kept: Path) -> None:
    """With ids that would do, and nothing on the output."""
    ran = dokja("benchmark", "show", kept, "--item", "number-99")
    assert (ran.code, ran.out) == (5, "")
    assert "number-99" in ran.err
    assert "choices-000" in ran.err


def test_the_page_is_written_and_not_over_another(kept: Path, tmp_path: Path) -> None:
    """A page that somebody was sent must not change under its name."""
    page = tmp_path / "run.html"
    first = dokja("benchmark", "show", kept, "--html", page)
    assert first.code == 0, first.err
    text = page.read_text(encoding="utf-8")
    assert "made-up-model" in parse(text).by_id("decision-title").text
    assert f"dokja benchmark show {kept} --html {page}" in text
    again = dokja("benchmark", "show", kept, "--html", page)
    assert again.code == 5
    assert "--replace" in again.err
    replaced = dokja("benchmark", "show", kept, "--html", page, "--replace")
    assert replaced.code == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_terminal_is_never_told_what_a_model_wrote_to_it(tmp_path: Path) -> None:
    """Control codes move the cursor, clear the screen, turn lines round."""
    run, suites = hostile()
    kept = _keep(tmp_path / "run", run, suites)
    names = [item.id for item in suites[0].items]
    # Not as a process: no argument of one can hold a null.
    for options in (*(("--item", name) for name in names), ()):
        ran = CliRunner().invoke(show, [str(kept), *options])
        assert ran.exit_code == 0, ran.output
        assert {"\N{RIGHT-TO-LEFT OVERRIDE}", "\x1b", "\x00"} & set(ran.output) == set()


def test_two_runs_are_compared_as_a_page(tmp_path: Path) -> None:
    """The table on the screen and the page come from the same comparison."""
    runs, suites = pair()
    left = _keep(tmp_path / "left", runs[0], tuple(suites.values()))
    right = _keep(tmp_path / "right", runs[1], tuple(suites.values())[:2])
    page = tmp_path / "pair.html"
    ran = dokja("benchmark", "compare", left, right, "--html", page)
    assert ran.code == 0, ran.err
    assert f"page  {page}" in ran.err
    parsed = parse(page.read_text(encoding="utf-8"))
    title = parsed.by_id("decision-title").text
    assert "made-up-left" in title
    assert "made-up-right" in title
