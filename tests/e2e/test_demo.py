"""The README's first command, and what anyone can do with what it leaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import DOKJA, ROOT, Ran, copy_examples, dokja

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def bodies(bundle: Path, kind: str) -> list[dict[str, Any]]:
    """Bodies of the acts of one kind, in the record's order."""
    return [
        json.loads(path.read_text())["body"]
        for path in sorted((bundle / "acts").glob(f"*-{kind}-*.json"))
    ]


def statuses(bundle: Path) -> dict[str, str]:
    """Team to what was decided of it."""
    decision = bodies(bundle, "decision_issued")[0]
    return {team["team"]: team["status"] for team in decision["teams"]}


def points(bundle: Path, component: str) -> dict[str, Decimal]:
    """Team to its points of one component."""
    standing = bodies(bundle, "standing_computed")[0]
    return {
        team["team"]: Decimal(part["points"])
        for team in standing["teams"]
        for category in team["categories"]
        for part in category["components"]
        if part["component"] == component
    }


def contents(bundle: Path) -> dict[str, bytes]:
    """Path to bytes of every file."""
    return {
        str(path.relative_to(bundle)): path.read_bytes()
        for path in sorted(bundle.rglob("*"))
        if path.is_file()
    }


def test_the_demo_says_who_advances_who_is_out_and_why(
    demo: tuple[Path, Ran],
) -> None:
    """One out by rank, one by the gate, three advance, one place stays empty."""
    bundle, ran = demo
    assert statuses(bundle) == {
        "dalyeoul": "advances",
        "sangeuneul": "advances",
        "moraesinae": "advances",
        "galbaramjae": "eliminated_by_gate",
        "cheotnunmaeul": "eliminated_by_rank",
    }
    decision = bodies(bundle, "decision_issued")[0]
    assert (decision["vacancies"], decision["revival_call"]) == (1, True)
    for said in ("Advances", "Out by the gate", "Out by rank"):
        assert said in ran.out
    assert str(bundle / "report.html") in ran.out.replace("\n", "")
    assert "benchmark" in ran.err
    assert "proves nothing" in ran.out


def test_the_copied_encoder_is_derived_though_no_tensor_is_equal(
    demo: tuple[Path, Ran],
) -> None:
    """And nothing else of any team is accused."""
    reports = bodies(demo[0], "lineage_compared")
    found = {
        (report["candidate"], component["name"]): component
        for report in reports
        for component in report["components"]
    }
    encoder = found.pop(("galbaramjae", "vision_encoder"))
    assert encoder["verdict"] == "derived"
    assert encoder["identical_tensors"] == 0
    narrow = found.pop(("cheotnunmaeul", "text_decoder"))
    assert narrow["verdict"] == "untestable", "its streams have another width"
    assert {component["verdict"] for component in found.values()} == {"no_evidence"}


def test_every_suite_tells_at_least_two_teams_apart(demo: tuple[Path, Ran]) -> None:
    """A suite that separates nobody has no place in a total."""
    separations = bodies(demo[0], "benchmark_summarised")[0]["separations"]
    assert len(separations) == 7
    assert all(len(one["separated"]) >= 1 for one in separations)


def test_the_galbaramjae_team_would_have_been_among_the_best_four(
    demo: tuple[Path, Ran],
) -> None:
    """The gate removes a team that its points would have kept."""
    standing = bodies(demo[0], "standing_computed")[0]
    ranks = {team["team"]: team["rank"] for team in standing["teams"]}
    assert ranks["galbaramjae"] <= 4
    assert ranks["cheotnunmaeul"] == 5


def test_the_demo_s_own_report_reads_in_both_languages_and_on_a_phone(
    demo: tuple[Path, Ran], browser: Browser
) -> None:
    """The real report, as the README tells a newcomer to open it."""
    page = browser.new_page(viewport={"width": 360, "height": 740}, locale="en-GB")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((demo[0] / "report.html").as_uri())
    english = page.locator("body").inner_text()
    page.locator("label[for=language-ko]").click()
    korean = page.locator("body").inner_text()
    assert "Galbaramjae" in english
    assert "갈바람재" in korean
    assert "synthetic" in english
    assert "가상" in korean
    wide = "() => document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(wide) <= 0
    assert said == []
    page.close()


def test_anyone_can_verify_the_bundle(demo: tuple[Path, Ran]) -> None:
    """With the key pinned beside the rulebook, and as JSON for a script."""
    bundle, _ = demo
    assert dokja("bundle", "verify", bundle).code == 0
    ran = dokja("bundle", "verify", bundle, "--json")
    assert json.loads(ran.out)["trust"] == "verified"
    key = ROOT / "examples/programme/office.pub"
    assert dokja("bundle", "verify", bundle, "--key", key).code == 0


def test_anyone_with_the_models_can_measure_again(demo: tuple[Path, Ran]) -> None:
    """Digests, lineage and every answer of every model."""
    ran = dokja("bundle", "verify", demo[0], "--models", ROOT / "examples", "--json")
    assert ran.code == 0, ran.out + ran.err
    results = {check["id"]: check["result"] for check in json.loads(ran.out)["checks"]}
    assert results["B7-weights"] == results["B8-lineage"] == "pass"
    assert results["B9-benchmark"] == "pass"


def test_another_weight_file_is_named(demo: tuple[Path, Ran], tmp_path: Path) -> None:
    """A wrong digest fails before anything is measured."""
    place = copy_examples(tmp_path)
    victim = place / "models/dalyeoul/text_decoder/model.safetensors"
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.write_bytes(bytes(data))
    ran = dokja("bundle", "verify", demo[0], "--models", place, "--json")
    assert ran.code == 3
    assert "dalyeoul/text_decoder/model.safetensors" in ran.out


def test_a_changed_byte_fails_and_names_its_file(
    demo: tuple[Path, Ran], tmp_path: Path
) -> None:
    """Exit 3: somebody changed what was published."""
    altered = tmp_path / "altered"
    shutil.copytree(demo[0], altered)
    with (altered / "report.html").open("ab") as file:
        file.write(b" ")
    ran = dokja("bundle", "verify", altered)
    assert ran.code == 3
    assert "report.html" in ran.out


def test_swapped_models_swap_points_and_a_fresh_encoder_passes_the_gate(
    demo: tuple[Path, Ran], tmp_path: Path
) -> None:
    """It measures the weights and recites no names; nothing is held against a team.

    Two changes in one run: two teams' decoders, and a new encoder for the copied one.
    """
    place = copy_examples(tmp_path)
    strong, weak = place / "models/dalyeoul", place / "models/cheotnunmaeul"
    (strong / "text_decoder").rename(tmp_path / "kept")
    (weak / "text_decoder").rename(strong / "text_decoder")
    (tmp_path / "kept").rename(weak / "text_decoder")
    copied = place / "models/galbaramjae/vision_encoder"
    shutil.rmtree(copied)
    shutil.copytree(fresh_encoder(tmp_path / "fresh"), copied)
    out = tmp_path / "changed"
    ran = dokja("stage", "run", place / "programme", "stage-1", "--out", out)
    assert ran.code in (0, 4), ran.err
    for component in ("nia", "common"):
        before, after = points(demo[0], component), points(out, component)
        assert after["dalyeoul"] == before["cheotnunmaeul"]
        assert after["cheotnunmaeul"] == before["dalyeoul"]
        assert after["sangeuneul"] == before["sangeuneul"]
    assert statuses(out)["galbaramjae"] == "advances"
    decision = bodies(out, "decision_issued")[0]
    assert (decision["vacancies"], decision["revival_call"]) == (0, False)


def fresh_encoder(out: Path) -> Path:
    """A vision encoder trained from a seed of its own."""
    trained = subprocess.run(
        [
            sys.executable,
            str(ROOT / "examples/training/train.py"),
            "vision",
            *("--seed", "77031", "--steps", "200", "--out", str(out)),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert trained.returncode == 0, trained.stderr
    return out / "vision_encoder"


def test_a_kill_and_other_workers_and_blocks_change_no_byte(
    demo: tuple[Path, Ran], tmp_path: Path
) -> None:
    """Killed while measuring with two workers, it goes on with one and small blocks."""
    out = tmp_path / "killed"
    command = [str(DOKJA), "stage", "run", "example", "stage-1", "--out", str(out)]
    running = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert running.stderr is not None
    for line in running.stderr:
        if "benchmark" in line:
            break
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(timeout=60)
    time.sleep(0.2)
    assert not out.exists()
    ran = dokja(
        *("stage", "run", "example", "stage-1", "--out", out, "--workers", 1),
        DOKJA_BLOCK_BYTES="4096",
    )
    assert ran.code == 0, ran.err
    assert contents(out) == contents(demo[0])


def test_a_second_bundle_is_not_put_over_the_first(demo: tuple[Path, Ran]) -> None:
    """Only --replace replaces, and only a bundle is ever replaced."""
    before = contents(demo[0])
    ran = dokja("demo", "--out", demo[0])
    assert ran.code == 5
    assert "--replace" in ran.err
    assert contents(demo[0]) == before


def test_a_second_submission_of_a_team_is_refused(
    demo: tuple[Path, Ran], tmp_path: Path
) -> None:
    """The evidence of the demo already holds the team's sealed submission."""
    place = copy_examples(tmp_path)
    note = place / "models/dalyeoul/training/note.txt"
    note.write_text("a second submission")
    evidence = tmp_path / "evidence.sqlite"
    shutil.copy(demo[0].with_name(f"{demo[0].name}.evidence.sqlite"), evidence)
    ran = dokja(
        *("stage", "run", place / "programme", "stage-1", "--out", tmp_path / "out"),
        DOKJA_DATABASE=f"sqlite:///{evidence}",
    )
    assert ran.code == 5
    assert "dalyeoul" in ran.err
    assert "remedy" in ran.err
    assert not (tmp_path / "out").exists()
