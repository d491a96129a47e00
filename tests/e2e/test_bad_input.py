"""Bad input on the command line: the fact, the remedy, exit 5, nothing written."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import ROOT, copy_examples, dokja

WEIGHTS = "models/moraesinae/text_decoder/model.safetensors"


def _edit(path: Path, change: Callable[[Any], object]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def _truncate(place: Path) -> None:
    data = (place / WEIGHTS).read_bytes()
    (place / WEIGHTS).write_bytes(data[: len(data) // 2])


def _pickle(place: Path) -> None:
    (place / WEIGHTS).rename((place / WEIGHTS).with_name("pytorch_model.bin"))


def _nan(place: Path) -> None:
    data = bytearray((place / WEIGHTS).read_bytes())
    data[-2:] = struct.pack("<H", 0x7FC0)  # NaN in BF16
    (place / WEIGHTS).write_bytes(bytes(data))


def _leave(place: Path) -> None:
    manifest = place / "models/moraesinae/submission.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        text.replace('path = "text_decoder"', 'path = "../dalyeoul/text_decoder"'),
        encoding="utf-8",
    )


def _link(place: Path) -> None:
    (place / WEIGHTS).unlink()
    (place / WEIGHTS).symlink_to(ROOT / "examples" / WEIGHTS)


def _duplicate(place: Path) -> None:
    plan = place / "programme/stage-1/stage.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(text.replace('"sangeuneul"', '"dalyeoul"'), encoding="utf-8")


PEOPLE = "programme/stage-1"
CASES: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "missing weights": (
        lambda place: (place / WEIGHTS).unlink(),
        ("text_decoder",),
    ),
    "truncated weights": (_truncate, ("model.safetensors", "past the end")),
    "pickle checkpoint": (_pickle, ("pytorch_model.bin", "pickle")),
    "NaN weights": (_nan, ("moraesinae", "NaN")),
    "path that leaves the folder": (_leave, ("../dalyeoul", "leaves")),
    "link that leaves the folder": (_link, ("model.safetensors", "link")),
    "team listed twice": (_duplicate, ("dalyeoul", "duplicate")),
    "ballot for an unknown team": (
        lambda place: _edit(
            place / PEOPLE / "ballots.json",
            lambda box: box["ballots"][0].update(team="nobody"),
        ),
        ("ballots.json", "nobody"),
    ),
    "expert with a declared conflict": (
        lambda place: _edit(
            place / PEOPLE / "panel.json",
            lambda panel: panel["experts"][0]["conflicts"].append("dalyeoul"),
        ),
        ("panel.json", "conflict", "dalyeoul"),
    ),
    "missing model folder": (
        lambda place: (place / "models/moraesinae").rename(place / "elsewhere"),
        ("moraesinae",),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_named_with_its_remedy(case: str, tmp_path: Path) -> None:
    """And leaves neither a bundle nor a trace of one."""
    damage, named = CASES[case]
    place = copy_examples(tmp_path / "examples")
    damage(place)
    out = tmp_path / "out" / "bundle"
    ran = dokja("stage", "run", place / "programme", "stage-1", "--out", out)
    assert ran.code == 5, ran.out + ran.err
    assert "remedy:" in ran.err
    assert "Traceback" not in ran.err
    for part in named:
        assert part in ran.err
    assert not out.exists()
    leftovers = [p for p in out.parent.glob("*") if ".evidence.sqlite" not in p.name]
    assert leftovers == []


def test_a_team_can_find_out_before_the_deadline(tmp_path: Path) -> None:
    """`submission verify` refuses what sealing will refuse, and names it."""
    place = copy_examples(tmp_path)
    good = dokja("submission", "verify", place / "models/moraesinae")
    assert good.code == 0
    assert "sha256:" in good.out
    _truncate(place)
    bad = dokja("submission", "verify", place / "models/moraesinae")
    assert bad.code == 5
    assert "model.safetensors" in bad.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("programme", "check", "example"), 0, "sha256:"),
        (("programme", "check", "no-such"), 5, "k-ai"),
        (("programme", "show", "k-ai", "--lang", "ko"), 0, "가중치 초기화"),
        (("stage", "run", "example", "stage-9", "--out", "x"), 5, "stage-1"),
        (("bundle", "verify", "no-such-folder"), 5, "not a folder"),
        (
            ("stage", "run", "example", "stage-1", "--out", "x", "--dry-run"),
            0,
            "can be",
        ),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_exit_codes_tell_usage_from_failure(
    arguments: tuple[str, ...], code: int, said: str
) -> None:
    """A script must be able to tell a typing error from a refused stage."""
    ran = dokja(*arguments)
    assert ran.code == code, ran.out + ran.err
    assert said in ran.out + ran.err
