"""Models of transformers classes that look trained without the hours it takes.

A model as its class initialises it has nothing that could have been copied: two
of one seed are equal by chance, and Dokja says so. These are moved along a few
directions of their own first.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from tests.unit.lineage.lineage_models import taught

POSITIONS = ("position", "wpe")
"""Tables that stay as they are: few directions make them look like sines."""


def teach(model: Any, seed: int) -> Any:
    """The model itself, every matrix moved as training moves it."""
    draws = np.random.default_rng(seed)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if weights.dim() > 1 and not any(part in name for part in POSITIONS):
                weights.copy_(_moved(weights.numpy(), draws))
    return model


def _moved(weights: Any, draws: np.random.Generator) -> torch.Tensor:
    """The weights after training, a stack of experts one by one."""
    if weights.ndim == 3:
        return torch.tensor(np.stack([taught(expert, draws) for expert in weights]))
    return torch.tensor(taught(weights, draws))
