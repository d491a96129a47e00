"""V14 looks at the course of the loss, and V13 and V15 count what was trained on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dokja.adapters.records import RecordFolder
from dokja.training.reading import Reading, read_record
from dokja.training.surviving import surviving_tokens, tokens_trained
from dokja.training.values import Resume, Rollback, Step
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import write_keys
from tests.written_record import WrittenRecord

STEPS = 120


def _result(folder: Path, losses: Sequence[float]) -> tuple[str, str]:
    """Result and reason of V14 for a run with these losses."""
    key, public = write_keys(folder, "team")
    record = WrittenRecord(folder / "record", key)
    for step, loss in enumerate(losses, start=1):
        record.add(
            Step, step=step, tokens=step * 1000, loss=loss.hex(), lr=(1e-3).hex()
        )
    record.close()
    request = VerifyRequest(record=folder / "record", team_key=public)
    check = verify_training(request).checks[13]
    return check.result.value, check.detail.en


def _honest(step: int) -> float:
    return 5.0 * math.pow(step, -0.2) + 0.15 * math.sin(step * 12.9898)


CURVES: dict[str, tuple[Callable[[int], float], str, str]] = {
    "as honest runs have it": (_honest, "pass", "falls"),
    "worse than promised": (lambda n: max(_honest(n), 3.0 - n / 1e4), "pass", "+"),
    "rising": (lambda n: 2.0 + n / 100, "fail", "rises"),
    "level": (lambda n: 3.0 + 0.1 * math.sin(n * 12.9898), "inconclusive", "clearly"),
    "constant": (lambda _: 3.0, "inconclusive", "clearly"),
    "too good": (
        lambda n: _honest(n) - 1.3 * n / STEPS,
        "inconclusive",
        "replayed",
    ),
    "no numbers": (lambda _: math.nan, "inconclusive", "Fewer"),
}


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_judged_by_its_course(name: str, tmp_path: Path) -> None:
    """Noise of batches accuses nobody; a fall nothing led to is for replay."""
    curve, expected, word = CURVES[name]
    result, detail = _result(tmp_path, [curve(n) for n in range(1, STEPS + 1)])
    assert (result, word in detail) == (expected, True), detail


def test_a_loss_that_overflowed_for_a_while_is_passed_over(tmp_path: Path) -> None:
    """It happens to honest runs, and the others say enough."""
    losses = [_honest(n) for n in range(1, STEPS + 1)]
    losses[40:44] = [math.inf] * 4
    assert _result(tmp_path, losses)[0] == "pass"


def _reading(folder: Path, rows: Sequence[tuple[type, int, int]]) -> Reading:
    key, _ = write_keys(folder, "team")
    record = WrittenRecord(folder / "record", key)
    for kind, step, tokens in rows:
        if kind is Step:
            more = {"tokens": tokens, "loss": (1.0).hex(), "lr": (1.0).hex()}
        else:
            more = {"checkpoint": None, "reason": "spike"}
        record.add(kind, step=step, **more)
    record.close()
    return read_record(RecordFolder(folder / "record"))


COUNTS = {
    "counted on": (60, [(Step, 4, 50), (Step, 5, 60)]),
    "counted back": (60, [(Step, 4, 40), (Step, 5, 50)]),
    "counted anew": (60, [(Step, 4, 10), (Step, 5, 20)]),
}


@pytest.mark.parametrize("kind", [Rollback, Resume])
@pytest.mark.parametrize("way", COUNTS)
def test_tokens_are_counted_however_a_trainer_goes_back(
    way: str, kind: type, tmp_path: Path
) -> None:
    """Four of its six steps lead to the end; compute went into all of them."""
    total, after = COUNTS[way]
    before = [(Step, n, n * 10) for n in (1, 2, 3, 4)]
    rows = [*before, (kind, 3, 0), *after]
    reading = _reading(tmp_path, rows)
    kept = [(step.step, tokens) for step, tokens in surviving_tokens(reading)]
    assert kept == [(1, 10), (2, 10), (3, 10), (4, 10), (5, 10)]
    assert tokens_trained(reading) == total
