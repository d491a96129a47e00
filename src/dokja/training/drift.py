"""How far a replay ends from where the record says, in units of the way it went.

The relative distance rho = |replayed - claimed| / |claimed - start| over all weights.
An absolute one would let a path of tiny steps pass. Source: this project's own
measurements; the need of a measured floor follows Fang and others, arXiv 2208.03567.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from dokja.training.kept_state import KeptState

CAPS: Mapping[str, float] = {"float32": 1e-3, "float64": 1e-3}
"""Most that a replay may differ by and still pass, whatever its own floor; by the
number type of the arithmetic."""
COARSE_CAP = 2e-2
"""The same of bfloat16, float16 and what is not known here. A batch split otherwise
drifts by 0.022 to 0.039 in bfloat16, so that such a replay stays open: a wider cap
would let a path be bent, a few hundredths of each segment at a time."""
FLOORS: Mapping[str, float] = {"float32": 1e-4, "float64": 1e-4}
"""The least floor, so that a machine on which two configurations happen to agree holds
nothing against anybody: 3e-5 to 1e-4 was measured over 20 steps for another instruction
set or a split batch. Adam makes a whole step of a gradient that is zero but for
rounding, as those of key biases are."""
COARSE_FLOOR = 4.7e-3
LOSS_FLOORS: Mapping[str, float] = {"float32": 2e-6, "float64": 2e-6}
COARSE_LOSS_FLOOR = 6.5e-4
TIMES = 3.0
"""Floors that a difference may reach."""
WRONG = 0.1
"""Above it no arithmetic explains the difference. Wrong data, order or state: 0.44 and
more; a rate wrong by a tenth: 0.13."""
FAINT = 0.1
"""Own drift over the way, above which a segment shows nothing."""


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One segment replayed twice and held against the record."""

    rho: float
    floor: float
    """Distance of the verifier's own two replays, in the same units."""
    loss: float
    """Largest difference from a logged loss, in nats."""
    loss_floor: float
    departs: int | None
    """First step whose loss is not the logged one."""
    way: float
    """Length of the segment's claimed move."""
    dtype: str

    @property
    def allowed(self) -> float:
        """Most that rho may be: three floors, within the cap."""
        least = FLOORS.get(self.dtype, COARSE_FLOOR)
        cap = CAPS.get(self.dtype, COARSE_CAP)
        return min(TIMES * max(self.floor, least), cap)

    @property
    def loss_allowed(self) -> float:
        """Most that a loss may differ by."""
        return loss_allowed(self.loss_floor, self.dtype)

    @property
    def is_faint(self) -> bool:
        """Whether its own drift hides whatever else there may be."""
        return not self.floor <= FAINT

    @property
    def agrees(self) -> bool:
        """Whether the replay ends where the record says and went the same way."""
        return self.rho <= self.allowed and self.loss <= self.loss_allowed

    @property
    def is_wrong(self) -> bool:
        """Whether no arithmetic explains the difference."""
        return not self.is_faint and not self.rho <= WRONG


def loss_allowed(floor: float, dtype: str) -> float:
    """Most that a loss may differ by, given what two own replays differ by."""
    return TIMES * max(floor, LOSS_FLOORS.get(dtype, COARSE_LOSS_FLOOR))


def distance(one: KeptState, two: KeptState, names: Iterable[str]) -> float:
    """Euclidean distance of two states over the named tensors.

    Infinite where one of them holds what is no number, or is of another shape.
    """
    total = 0.0
    for name in names:
        left = one.array(name).astype(np.float64)
        right = two.array(name).astype(np.float64)
        if left.shape != right.shape:
            return float("inf")
        total += float(np.sum((left - right) ** 2))
    return float(np.sqrt(total)) if np.isfinite(total) else float("inf")


def first_departure(
    found: Iterable[float], logged: Iterable[float], allowed: float
) -> int | None:
    """Place of the first loss that differs by more; None where none does."""
    for place, (mine, theirs) in enumerate(zip(found, logged, strict=True)):
        if not abs(mine - theirs) <= allowed:
            return place
    return None
