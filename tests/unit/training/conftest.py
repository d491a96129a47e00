"""One small run, trained once for all tests of replay."""

from __future__ import annotations

import pytest
import torch

from tests.trained_run import Recipe, TrainedRun, train_and_record


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedRun:
    """A hundred witnessed steps, a checkpoint every twenty, no dropout."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("trained")
    return train_and_record(folder, Recipe(steps=100), witnessed=True)


@pytest.fixture(scope="session")
def dropped(tmp_path_factory: pytest.TempPathFactory) -> TrainedRun:
    """Forty steps with dropout, and generators among the recorded state."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("dropped")
    return train_and_record(folder, Recipe(steps=40, dropout=0.1, micro_batch=4))
