"""`dokja training` as it is typed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.recorded_run import record_run, write_keys

DOKJA = Path(sys.executable).with_name("dokja")


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DOKJA, "training", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a record and its keys."""
    folder = tmp_path_factory.mktemp("training")
    key, _ = write_keys(folder, "team")
    record_run(folder / "record", key, steps=20)
    return folder


def test_the_verdict_is_printed_for_people_in_both_languages(folder: Path) -> None:
    """With the tier and what it cannot prove; below E2 it is code 4."""
    key = folder / "team.pub.pem"
    english = _run("verify", folder / "record", "--key", key)
    korean = _run("verify", folder / "record", "--key", key, "--lang", "ko")
    assert english.returncode == korean.returncode == 4
    assert "tier E1" in english.stdout
    assert "cannot prove" in english.stdout
    assert "증거 등급 E1" in korean.stdout


def test_the_json_has_the_promised_fields(folder: Path) -> None:
    """Others build on it."""
    key = folder / "team.pub.pem"
    printed = _run("verify", folder / "record", "--key", key, "--json")
    verdict = json.loads(printed.stdout)
    assert verdict["tier"] == "E1"
    assert [check["id"] for check in verdict["checks"]][:3] == ["V1", "V2", "V3"]
    assert {"id", "result", "detail"} <= set(verdict["checks"][0])


def test_a_forged_record_is_adverse_and_a_missing_one_an_error(folder: Path) -> None:
    """3 is a finding, 5 is a check that could not be made."""
    log = folder / "record" / "log.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole.replace(b'"step":7', b'"step":8', 1))
    try:
        key = folder / "team.pub.pem"
        assert _run("verify", folder / "record", "--key", key).returncode == 3
    finally:
        log.write_bytes(whole)
    missing = _run("verify", folder / "nothing")
    assert missing.returncode == 5
    assert "remedy" in missing.stderr
