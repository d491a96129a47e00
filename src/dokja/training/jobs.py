"""What the team's program is asked to do again, and on which kind of machine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.training.kept_state import KeptState
from dokja.training.values import Init, Optimizer

Tokens = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """How arithmetic is done, which may change last digits and nothing else."""

    threads: int = 1
    instruction_set: str = ""
    """The machine's own where empty; else a lesser one, such as avx2."""
    micro_batches: int = 1
    """Parts that a batch is worked on in."""

    @property
    def shown(self) -> str:
        """The configuration in one line."""
        own = self.instruction_set or "own instruction set"
        return f"{self.threads} threads, {own}, batch in {self.micro_batches}"


@dataclass(frozen=True, kw_only=True)
class TrainStep:
    """One step to be taken again: its rate from the log, its data from the verifier."""

    step: int
    lr: float
    sequences: tuple[Tokens, ...]


@dataclass(frozen=True, kw_only=True)
class TrainJob:
    """Steps to be taken again from a state; where they should lead is not told."""

    start: KeptState
    after: int
    """Step that the state stands after; 0 for the first weights."""
    steps: tuple[TrainStep, ...]
    rule: Optimizer | None
    init: Init | None
    """Seed and recipe, for what the first weights alone do not hold."""


@dataclass(frozen=True, kw_only=True)
class TrainResult:
    """Where the steps led, and the loss of each."""

    end: KeptState
    losses: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class LossJob:
    """Sequences whose loss is asked for, without dropout, one number each."""

    state: KeptState
    sequences: tuple[Tokens, ...]
