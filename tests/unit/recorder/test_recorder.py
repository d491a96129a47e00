"""The recorder keeps what happened and never stands in the way of training."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import torch

from dokja.adapters.records import RecordWriter
from dokja.errors import Conflict, DokjaError
from dokja.recorder import Recorder, log_writer
from dokja.recorder.lightning_callback import LightningRecorder
from dokja.training.values import RecordVerdict, Tier
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import (
    RUN,
    TEAM,
    make,
    record_run,
    state,
    train_step,
    write_keys,
)


def events(record: Path) -> list[dict[str, Any]]:
    """The lines of a log."""
    return [json.loads(x) for x in (record / "log.jsonl").read_text().splitlines()]


def verdict(record: Path, public: Path) -> RecordVerdict:
    """The verdict by the registered key."""
    return verify_training(VerifyRequest(record=record, team_key=public))


def results(found: RecordVerdict) -> dict[str, str]:
    """Result by check."""
    return {check.id: check.result.value for check in found.checks}


def test_a_step_is_recorded_as_it_was_taken(tmp_path: Path) -> None:
    """Loss, rate and the tokens the model was given; weights as they began."""
    key, _ = write_keys(tmp_path, "team")
    record_run(tmp_path / "record", key, steps=3)
    model, optimizer = make()
    losses = [float(train_step(model, optimizer, step)).hex() for step in (1, 2, 3)]
    steps = [e for e in events(tmp_path / "record") if e["ev"] == "step"]
    assert [e["loss"] for e in steps] == losses
    assert {e["lr"] for e in steps} == {(3e-3).hex()}
    assert [e["tokens"] for e in steps] == [48, 96, 144]
    assert len({e["batch"] for e in steps}) == len({e["rng"] for e in steps}) == 3


def test_two_recordings_of_one_run_hold_the_same_digests(tmp_path: Path) -> None:
    """Else no replay could ever be held against a record."""
    key, _ = write_keys(tmp_path, "team")
    kept = []
    for name in ("one", "two"):
        record_run(tmp_path / name, key, steps=20)
        fields = ("loss", "batch", "rng", "root")
        kept.append(
            [{f: e[f] for f in fields if f in e} for e in events(tmp_path / name)]
        )
    assert kept[0] == kept[1]


def test_a_killed_run_goes_on_in_its_record(tmp_path: Path) -> None:
    """SIGKILL in the middle of a line is nobody's fault and no gap is hidden."""
    key, public = write_keys(tmp_path, "team")
    record, saved = tmp_path / "record", tmp_path / "saved"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.recorded_run", record, key, saved],
        stdout=subprocess.PIPE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"saved\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    with (record / "log.jsonl").open("ab") as log:
        log.write(b'{"at":"2026-11-2')
    assert results(verdict(record, public))["V2"] == "inconclusive"
    model, optimizer = make()
    loaded = torch.load(saved, weights_only=True)
    model.load_state_dict(loaded["model"])
    optimizer.load_state_dict(loaded["optimizer"])
    with Recorder(record, team=TEAM, run=RUN, key=key) as recorder:
        recorder.resume(model, optimizer, step=20, state=state(model, optimizer))
        for step in range(21, 24):
            recorder.step(step, loss=train_step(model, optimizer, step))
    found = verdict(record, public)
    assert found.tier is Tier.E1
    assert results(found)["V2"] == results(found)["V17"] == "pass"
    assert results(found)["V6"] == "inconclusive"
    kinds = [e["ev"] for e in events(record)]
    assert kinds.index("gap") < kinds.index("resume")
    counts = [e["tokens"] for e in events(record) if e["ev"] == "step"]
    assert counts == sorted(set(counts))
    with pytest.raises(Conflict):
        Recorder(record, team=TEAM, run=RUN, key=key)


def test_resuming_from_other_weights_is_found(tmp_path: Path) -> None:
    """A state that the record never saw is what a swapped model looks like."""
    key, public = write_keys(tmp_path, "team")
    model, optimizer = make()
    with Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key) as record:
        record.begin(model, optimizer, recipe="")
        record.step(1, loss=train_step(model, optimizer, 1))
        record.checkpoint(1, state(model, optimizer))
        with torch.no_grad():
            model.head.weight += 1e-3
        record.rollback(1, state(model, optimizer), reason="spike")
        record.step(2, loss=train_step(model, optimizer, 2))
    assert results(verdict(tmp_path / "r", public))["V6"] == "fail"


def test_nothing_that_goes_wrong_stops_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a broken loss, a state that is none: gaps, and the run goes on."""
    key, public = write_keys(tmp_path, "team")
    whole = RecordWriter.append
    full: list[int] = []

    def append(self: RecordWriter, lines: Any) -> None:
        if b'"step":2,' in lines[0] and len(full) < 2:
            full.append(1)
            raise OSError(errno.ENOSPC, "no space")
        whole(self, lines)

    monkeypatch.setattr(RecordWriter, "append", append)
    model, optimizer = make()
    with Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key) as record:
        record.begin(model, optimizer, recipe="")
        for step in range(1, 4):
            record.step(step, loss=train_step(model, optimizer, step))
        record.step(4, loss="not a number")
        record.checkpoint(4, None)  # type: ignore[arg-type]
        record.step(5, loss=train_step(model, optimizer, 5))
    found = verdict(tmp_path / "r", public)
    gaps = [e for e in events(tmp_path / "r") if e["ev"] == "gap"]
    assert [(e["reason"], e["missed"]) for e in gaps] == [
        ("recorder_error", 1),
        ("recorder_error", 1),
        ("not_recorded", 1),
    ]
    assert results(found)["V2"] == "pass"
    # Two of five steps are missing, said so, and held against nobody.
    assert results(found)["V17"] == "inconclusive"


def test_a_queue_without_room_leaves_a_gap_where_the_steps_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A gap elsewhere would look like steps left out without a word."""
    key, public = write_keys(tmp_path, "team")
    monkeypatch.setattr(log_writer.LogWriter.__init__, "__kwdefaults__", {"queued": 3})
    model, optimizer = make()
    record = Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key)
    record.begin(model, optimizer, recipe="")
    slow = torch.tensor(1.0)
    for step in range(1, 200):
        record.step(step, loss=slow)
    record.close(completed=True)
    kinds = [e for e in events(tmp_path / "r") if e["ev"] == "gap"]
    assert {e["reason"] for e in kinds} == {"queue_full"}
    found = results(verdict(tmp_path / "r", public))
    assert found["V2"] == "pass"
    assert found["V17"] == "inconclusive"


def test_a_clock_that_goes_backwards_is_recorded_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wall clock is somebody's to set; the other one shows the order."""
    key, public = write_keys(tmp_path, "team")
    real, calls = log_writer.now_in_utc, []

    def clock() -> Any:
        calls.append(1)
        return real() - timedelta(hours=len(calls))

    monkeypatch.setattr("dokja.recorder.recorder.now_in_utc", clock)
    record_run(tmp_path / "r", key, steps=3)
    kept = events(tmp_path / "r")
    assert [e["at"] for e in kept] == sorted((e["at"] for e in kept), reverse=True)
    assert [e["mono_us"] for e in kept] == sorted(e["mono_us"] for e in kept)
    assert verdict(tmp_path / "r", public).tier is Tier.E1


def test_a_folder_has_one_writer(tmp_path: Path) -> None:
    """Two processes would write two logs into one."""
    key, _ = write_keys(tmp_path, "team")
    record = Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key)
    with pytest.raises(Conflict):
        Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key)
    record.close(completed=True)


def test_what_cannot_be_opened_fails_before_training(tmp_path: Path) -> None:
    """Later nothing could be put right."""
    key, _ = write_keys(tmp_path, "team")
    with pytest.raises(DokjaError):
        Recorder(tmp_path / "r", team=TEAM, run=RUN, key=tmp_path / "none.pem")
    with pytest.raises(DokjaError):
        Recorder(tmp_path / "r", team="a/b", run=RUN, key=key)
    nobody = "http://127.0.0.1:9"
    with pytest.raises(DokjaError):
        Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key, witness=nobody)


def test_a_teleport_between_sketches_is_found(tmp_path: Path) -> None:
    """Weights put in from elsewhere moved further than any step can."""
    key, public = write_keys(tmp_path, "team")
    model, optimizer = make(lr=1e-5)
    with Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key) as record:
        record.begin(model, optimizer, recipe="")
        for step in range(1, 301):
            record.step(step, loss=train_step(model, optimizer, step))
            if step == 250:
                with torch.no_grad():
                    model.head.weight.copy_(model.head.weight.flip(0))
    assert results(verdict(tmp_path / "r", public))["V7"] == "fail"


@pytest.mark.parametrize("rate", [1e-4, 1e-2])
@pytest.mark.parametrize("kind", ["adamw", "adam", "bfloat16"])
def test_no_honest_run_moves_too_far(tmp_path: Path, kind: str, rate: float) -> None:
    """The bound is Adam's own; a false alarm would be an accusation."""
    key, public = write_keys(tmp_path, "team")
    torch.manual_seed(7)
    model = make()[0].to(torch.bfloat16 if kind == "bfloat16" else torch.float32)
    made = torch.optim.Adam if kind == "adam" else torch.optim.AdamW
    optimizer = made(model.parameters(), lr=rate, weight_decay=0.1)
    with Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key) as record:
        record.begin(model, optimizer, recipe="")
        for step in range(1, 301):
            record.step(step, loss=train_step(model, optimizer, step))
    assert results(verdict(tmp_path / "r", public))["V7"] in {"pass", "inconclusive"}


class _LightningTrainer:
    """As much of a Lightning trainer as its callbacks are handed."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        self.optimizers = [optimizer]
        self.global_step = 0


def test_lightning_calls_are_recorded_without_lightning(tmp_path: Path) -> None:
    """Its methods are the contract; two batches make one step here."""
    key, public = write_keys(tmp_path, "team")
    model, optimizer = make()
    trainer = _LightningTrainer(optimizer)
    with Recorder(tmp_path / "r", team=TEAM, run=RUN, key=key) as record:
        callback = LightningRecorder(record, recipe="torch defaults")
        callback.on_train_start(trainer, model)
        for number in range(6):
            callback.on_before_optimizer_step(trainer, model, optimizer)
            loss = train_step(model, optimizer, number)
            trainer.global_step = (number + 1) // 2
            callback.on_train_batch_end(trainer, model, {"loss": loss}, None, number)
        callback.on_save_checkpoint(trainer, model, {})
    kinds = [e["ev"] for e in events(tmp_path / "r")]
    assert kinds.count("step") == 3
    assert kinds.count("checkpoint") == 1
    assert results(verdict(tmp_path / "r", public))["V17"] == "pass"


def test_the_recorder_loads_nothing_that_training_has_not_loaded() -> None:
    """It sits in somebody else's process, whose packages are not ours to choose."""
    heavy = ("torch", "transformers", "lightning", "sqlalchemy", "scipy", "fastapi")
    code = (
        f"import sys, dokja.recorder; print([m for m in {heavy} if m in sys.modules])"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "[]"
