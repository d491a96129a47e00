"""How far the recorded optimizer may have moved a weight in a stretch of steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dokja.training.sketch import Array, adam_reach, budget
from dokja.training.values import Optimizer

SLACK = 1.01
"""Rounding of the optimizer's own arithmetic, on top of its bound."""
_FEWEST_MOVES = 1e-12


@dataclass(frozen=True, eq=False)
class Rates:
    """The learning rates of the steps of a stretch; each stretch is its own."""

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
        self._budgets: dict[Rates, tuple[float, float]] = {}

    def allowed(self, start: Array, units: Array | float, rates: Rates) -> Array:
        """(n,) how far each weight may have moved; infinite where a number is none.

        `units` are the relative roundings of the stored weights, once a step.
        """
        if rates not in self._budgets:
            self._budgets[rates] = self._budget(rates)
        moved, carried = self._budgets[rates]
        size = np.abs(start)
        with np.errstate(all="ignore"):
            allowed = (moved + carried * size) * SLACK
            allowed += len(rates.lr) * units * (size + allowed)
        # A number that overflowed says nothing of where the weights came from.
        return np.asarray(np.where(np.isnan(allowed), np.inf, allowed))

    def _budget(self, rates: Rates) -> tuple[float, float]:
        lr = np.abs(rates.lr)
        steps = rates.before + np.arange(len(lr))
        reach = self._reach[np.minimum(steps, len(self._reach) - 1)]
        with np.errstate(all="ignore"):
            return budget(lr * reach, lr * self._decay)


def shares(moved: Array, allowed: Array) -> Array:
    """(n,) each move as a share of its bound."""
    return np.asarray(moved / np.maximum(allowed, _FEWEST_MOVES))
