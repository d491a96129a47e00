"""How far the recorded optimizer may have moved a weight in a stretch of steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dokja.training.sketch import Array, adam_reach, budget
from dokja.training.values import Optimizer

SLACK = 1.01
"""Rounding of the optimizer's own arithmetic, on top of its bound."""
_FEWEST_MOVES = 1e-12


@dataclass(frozen=True)
class Rates:
    """The learning rates of the steps of a stretch."""

    lr: Array
    before: int
    """Steps taken before it."""


class Reach:
    """The bound of an Adam over every step of a run."""

    def __init__(self, rule: Optimizer, steps: int) -> None:
        beta1 = float.fromhex(rule.beta1 or "nan")
        beta2 = float.fromhex(rule.beta2 or "nan")
        decay = float.fromhex(rule.weight_decay) if rule.name == "adamw" else 0.0
        self._decay = abs(decay)
        with np.errstate(all="ignore"):
            self._reach = adam_reach(beta1, beta2, max(steps, 1))

    def allowed(self, start: Array, units: Array | float, rates: Rates) -> Array:
        """(n,) how far each weight may have moved; infinite where a number is none.

        `units` are the relative roundings of the stored weights, once a step.
        """
        lr = np.abs(rates.lr)
        steps = rates.before + np.arange(len(lr))
        reach = self._reach[np.minimum(steps, len(self._reach) - 1)]
        with np.errstate(all="ignore"):
            moved = budget(start, lr * reach, lr * self._decay) * SLACK
            rounding = len(lr) * units * (np.abs(start) + moved)
        # A number that overflowed says nothing of where the weights came from.
        return np.asarray(np.nan_to_num(moved + rounding, nan=np.inf))


def shares(moved: Array, allowed: Array) -> Array:
    """(n,) each move as a share of its bound."""
    return np.asarray(moved / np.maximum(allowed, _FEWEST_MOVES))
