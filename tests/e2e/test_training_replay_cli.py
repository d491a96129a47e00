"""`dokja training replay` as an auditor types it; the program runs behind walls."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import torch

from dokja.adapters.sandbox import WalledCommand
from tests.recorded_run import write_keys
from tests.trained_run import BEACON, Recipe, train_and_record

DOKJA = Path(sys.executable).with_name("dokja")


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DOKJA, "training", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_auditor_replays_a_run_and_the_organiser_attests(tmp_path: Path) -> None:
    """Another process, other threads and instructions: the same weights come out."""
    torch.set_num_threads(1)
    run = train_and_record(tmp_path / "run", Recipe(steps=20, dropout=0.1))
    office, public = write_keys(tmp_path, "office")
    said = tmp_path / "said.json"
    basis = ("--basis", "leases", "--out", said)
    assert _run("attest", run.record, "--key", office, *basis).returncode == 0
    done = _run(
        *("replay", run.record, "--materials", run.materials, "--beacon", BEACON),
        *("--key", run.public, "--model", run.release),
        *("--organiser", public, "--attestation", said, "--json"),
    )
    assert done.returncode == 4, done.stderr
    verdict = json.loads(done.stdout)
    found = {check["id"]: check for check in verdict["checks"]}
    expected = "inconclusive" if WalledCommand().missing else "pass"
    for number in ("V4", "V5", "V8", "V10"):
        assert found[number]["result"] == expected, found[number]["detail"]
    assert verdict["tier"] == "E1"  # No witness watched.
    assert "fail" not in {check["result"] for check in verdict["checks"]}


def test_a_program_with_links_is_not_run(tmp_path: Path) -> None:
    """Code 5: the check could not be made, and the link was not followed."""
    run = train_and_record(tmp_path / "run", Recipe(steps=1))
    (run.materials / "program" / "more.py").symlink_to("/etc/passwd")
    done = _run(
        *("replay", run.record, "--materials", run.materials, "--beacon", BEACON)
    )
    assert done.returncode == 5
    assert "link" in done.stderr
