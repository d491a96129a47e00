"""Which segments are replayed: drawn by a beacon, and those that look worst.

Nobody can know the draw before the record closed; what would be hidden in one forged
segment is looked for where it would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import permutation, seed_for
from dokja.training.kept_state import KeptState
from dokja.training.segments import Segment

Array = npt.NDArray[np.float64]
SAMPLED = 1 << 16
"""Weights of a state that are looked at to rank segments."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The segments to replay and why."""

    segments: tuple[Segment, ...]
    drawn: int
    """How many of them the beacon chose."""
    of: int


def choose(
    segments: Sequence[Segment],
    risk: Array,
    *,
    seed: int,
    count: int,
    riskiest: int,
) -> Choice:
    """The choice: `count` at random, first, last, each resume, and the riskiest.

    `risk` is (2, n): how far each segment moved for its rates, and how straight it
    went on from the one before.
    """
    n = len(segments)
    drawn = set(permutation(seed, n)[:count].tolist())
    also = {0, n - 1} if n else set()
    for number, segment in enumerate(segments):
        if segment.at_resume:
            also |= {number, max(number - 1, 0)}
    for row in risk:
        also |= set(np.argsort(-row, kind="stable")[:riskiest].tolist())
    numbers = sorted(drawn | also)
    return Choice(
        segments=tuple(segments[number] for number in numbers), drawn=len(drawn), of=n
    )


def seed_of(root: str, beacon: str) -> int:
    """Seed of the draw, bound to the whole log by its root."""
    return seed_for("dokja-segments/1", root, beacon)


def escaped(share: float, count: int, of: int) -> float:
    """Chance that none of `count` draws meets a forged share of the segments."""
    return 0.0 if count >= of else (1 - share) ** count


def risks(segments: Sequence[Segment], moves: Sequence[Array | None]) -> Array:
    """(2, n) how far each segment moved for its rates, and how straight it went on.

    Root mean square move over the sum of rates; cosine with the move before. What
    cannot be told is riskiest.
    """
    found = np.full((2, len(segments)), np.inf)
    for number, (segment, move) in enumerate(zip(segments, moves, strict=True)):
        rates = sum(abs(float.fromhex(s.lr)) for s in segment.steps if not s.skipped)
        if move is not None and rates > 0:
            found[0, number] = float(np.sqrt(np.mean(move * move))) / rates
        before = moves[number - 1] if number else None
        if move is None or (number and before is None):
            continue
        found[1, number] = -1.0 if before is None else _cosine(before, move)
    return np.where(np.isnan(found), np.inf, found)


def _cosine(one: Array, two: Array) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(two))
    return float(one @ two) / lengths if lengths > 0 else 1.0


def sample(state: KeptState, names: Sequence[str], sizes: Sequence[int]) -> Array:
    """Weights of the state at evenly spaced places, the same for every state."""
    stride = max(1, sum(sizes) // SAMPLED)
    parts = [
        state.array(name).reshape(-1)[size % stride :: stride].astype(np.float64)
        for name, size in zip(names, sizes, strict=True)
    ]
    return np.concatenate(parts) if parts else np.empty(0)
