"""The callback in a real Trainer: what it records is what was trained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
import transformers

from dokja.recorder import Recorder
from dokja.recorder.transformers_callback import RecorderCallback
from dokja.training.values import Tier
from dokja.wiring.training import VerifyRequest, verify_training
from tests.recorded_run import write_keys


class _Rows(torch.utils.data.Dataset[dict[str, Any]]):
    def __len__(self) -> int:
        return 16

    def __getitem__(self, index: int) -> dict[str, Any]:
        ids = (torch.arange(8) + index) % 32
        return {"input_ids": ids, "labels": ids}


def test_a_trainer_run_is_recorded_and_verified(tmp_path: Path) -> None:
    """Rate of each step, tokens, and a checkpoint where the Trainer saved one."""
    key, public = write_keys(tmp_path, "team")
    config = transformers.GPT2Config(
        vocab_size=32, n_positions=8, n_embd=16, n_layer=1, n_head=2
    )
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path / "out"),
        max_steps=4,
        per_device_train_batch_size=2,
        gradient_accumulation_steps=2,
        learning_rate=1e-3,
        lr_scheduler_type="linear",
        save_steps=4,
        logging_steps=1,
        report_to=[],
        use_cpu=True,
    )
    with Recorder(tmp_path / "r", team="alpha", run="hf", key=key) as record:
        trainer = transformers.Trainer(
            model=transformers.GPT2LMHeadModel(config),
            args=arguments,
            train_dataset=_Rows(),
            callbacks=[RecorderCallback(record, recipe="transformers defaults")],
        )
        trainer.train()
    lines = (tmp_path / "r/log.jsonl").read_text().splitlines()
    steps = [e for e in map(json.loads, lines) if e["ev"] == "step"]
    rates = [round(float.fromhex(e["lr"]) / 1e-3, 6) for e in steps]
    assert rates == [1.0, 0.75, 0.5, 0.25]
    assert [e["tokens"] for e in steps] == [32, 64, 96, 128]
    logged = [e["loss"] for e in trainer.state.log_history if "loss" in e]
    recorded = [float.fromhex(e["loss"]) for e in steps]
    assert all(abs(a - b) < 1e-3 for a, b in zip(logged, recorded, strict=True))
    verdict = verify_training(VerifyRequest(record=tmp_path / "r", team_key=public))
    assert verdict.tier is Tier.E1
    assert verdict.checks[16].result.value == "pass"
