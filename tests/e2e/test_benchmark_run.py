"""`dokja benchmark run` and `compare` as an engineer runs them, on real models."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from dokja.evidence.canonical import canonical_bytes
from tests.e2e.conftest import DOKJA, ROOT, Ran, dokja, prepared

pytestmark = pytest.mark.slow

MODELS = ROOT / "examples/models"
SUITE = "ko-particle"


def run(out: Path, team: str, *options: object) -> Ran:
    """A run of a team's decoder in shards of 32 items."""
    model = MODELS / team / "text_decoder"
    shard = ("--shard-items", 32)
    return dokja("benchmark", "run", SUITE, model, "--out", out, *shard, *options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A run that nothing stopped, on one worker."""
    out = tmp_path_factory.mktemp("runs") / "whole"
    ran = run(out, "dalyeoul", "--workers", 1, "--json")
    assert ran.code == 0, ran.err
    return out, ran


def test_json_is_canonical_and_holds_what_others_build_on(
    whole: tuple[Path, Ran],
) -> None:
    """Suite, model digest, and an estimate for every task; no clock."""
    plain = json.loads(whole[1].out)
    assert whole[1].out.encode() == canonical_bytes(plain) + b"\n"
    assert plain["suite"] == SUITE
    assert plain["subject"] == "dalyeoul"
    assert plain["model_digest"].startswith("sha256:")
    (task,) = plain["tasks"]
    assert task["task"] == SUITE
    assert task["estimate"].keys() == {"value", "low", "high", "n", "method", "source"}
    assert 0.7 < task["estimate"]["value"] < 0.9
    assert "seconds" not in whole[1].out
    assert "about" in whole[1].err
    assert "left" in whole[1].err


def test_killed_and_run_again_it_ends_in_the_same_bytes(
    whole: tuple[Path, Ran], tmp_path: Path
) -> None:
    """SIGKILL once the first shard is there; then with two workers."""
    out = tmp_path / "killed"
    command = (DOKJA, "benchmark", "run", SUITE, MODELS / "dalyeoul/text_decoder")
    options = ("--out", out, "--shard-items", 32, "--workers", 1)
    running = subprocess.Popen(
        [str(part) for part in (*command, *options)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    give_up_at = time.monotonic() + 240
    while not list(out.glob("shards/*.json")):
        assert running.poll() is None
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    assert not (out / "run.json").exists()
    kept = {path: path.stat().st_mtime_ns for path in out.glob("shards/*.json")}
    again = run(out, "dalyeoul", "--workers", 2, "--json")
    assert again.code == 0, again.err
    assert again.out == whole[1].out
    assert (out / "run.json").read_bytes() == (whole[0] / "run.json").read_bytes()
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    ends = [
        json.loads(path.read_bytes())["end"]
        for path in sorted(out.glob("attempts/*.json"))
    ]
    assert ends == ["interrupted", "completed"]


def test_another_model_is_refused_in_the_same_folder(whole: tuple[Path, Ran]) -> None:
    """Nothing of the first run is touched."""
    before = (whole[0] / "run.json").read_bytes()
    refused = run(whole[0], "cheotnunmaeul")
    assert refused.code == 5
    assert "another run" in refused.err
    assert "weights_root" in refused.err
    assert (whole[0] / "run.json").read_bytes() == before


def test_two_runs_side_by_side(whole: tuple[Path, Ran], tmp_path: Path) -> None:
    """The weakest example model is told apart from a strong one."""
    other = tmp_path / "weak"
    weak = MODELS / "cheotnunmaeul/text_decoder"
    prepared("benchmark", "run", SUITE, weak, "--out", other, "--workers", 1)
    ran = dokja("benchmark", "compare", whole[0], other, "--json")
    assert ran.code == 0, ran.err
    plain = json.loads(ran.out)
    assert ran.out.encode() == canonical_bytes(plain) + b"\n"
    (task,) = plain["tasks"]
    assert task["separated"] is True
    assert task["difference"]["value"] > 0.1
    counted = task["both"] + task["neither"] + task["only_left"] + task["only_right"]
    assert counted == 150
    for lang, word in (("en", "apart"), ("ko", "구별됨")):
        shown = dokja("benchmark", "compare", whole[0], other, "--lang", lang)
        assert word in shown.out.replace("\n", "")
        assert "dalyeoul" in shown.out


def test_an_allowance_that_is_used_up_ends_it(
    whole: tuple[Path, Ran], tmp_path: Path
) -> None:
    """The runs that the subject has beside the new folder count."""
    out = whole[0].with_name("one-more")
    refused = run(out, "dalyeoul", "--allowance", 1, 3)
    assert refused.code == 5
    assert "allowance" in refused.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("no-such-suite", MODELS / "dalyeoul/text_decoder"), "no suite"),
        ((SUITE, "/nowhere"), "no model"),
        ((SUITE, MODELS / "dalyeoul", "--engine", "endpoint"), "served model"),
        (("ko-needle-4k", MODELS / "dalyeoul"), "tokens"),
    ],
)
def test_bad_input_ends_with_the_fact_and_the_remedy(
    arguments: tuple[object, ...], fact: str, tmp_path: Path
) -> None:
    """And leaves no folder behind."""
    out = tmp_path / "out"
    ran = dokja("benchmark", "run", *arguments, "--out", out)
    assert ran.code == 5
    assert fact in ran.err
    assert "remedy" in ran.err
    assert not out.exists()
