"""The recorded first steps of a training run again to the same weights."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

ROOT = Path(__file__).resolve().parents[2]


def test_first_steps_of_cheotnunmaeul_replay_within_tolerance() -> None:
    """Anyone can run the recorded start of a training again."""
    done = subprocess.run(
        [
            sys.executable,
            "examples/training/train.py",
            "segment",
            "--team",
            "cheotnunmaeul",
        ],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "relative distance" in done.stdout
