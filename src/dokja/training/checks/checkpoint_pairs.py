"""How far every weight moved from one kept checkpoint to the next: part of V7."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Text
from dokja.training.checks.case import Case
from dokja.training.checks.same_program import other_program
from dokja.training.checks.sketch_windows import unit_of
from dokja.training.drift import Drift
from dokja.training.reach import Rates, Reach, shares
from dokja.training.replaying import Weights
from dokja.training.segments import Segment
from dokja.training.sketch import Array
from dokja.training.values import TensorDigest

BLOCK = 1 << 20
"""Weights worked on at once."""


@dataclass
class Pair:
    """One segment between kept states, and what every weight did in it."""

    segment: Segment
    start: Weights
    end: Weights
    rates: Rates
    beyond: str | None = None
    """First tensor with a weight beyond its bound."""
    squares: float = 0.0
    """Sum of squared moves in shares of their bounds."""
    length: float = 0.0
    """Sum of squared moves."""
    ahead: float = 0.0
    """Inner product with the move of the pair after it."""
    count: int = 0

    @property
    def share(self) -> float:
        """Root mean square of the moves, in shares of their bounds."""
        return float(np.sqrt(self.squares / self.count)) if self.count else 0.0


@dataclass
class Dense:
    """All pairs of a run, and states that were not to be had."""

    pairs: list[Pair] = field(default_factory=list)
    missing: Text | None = None


def dense_moves(case: Case, reach: Reach) -> Dense | None:
    """Every pair of kept checkpoints, weighed; None where no materials were opened."""
    replaying = case.replaying
    if replaying is None:
        return None
    found = Dense()
    for segment in replaying.segments:
        start, end = replaying.weights(segment.start), replaying.weights(segment.end)
        if isinstance(start, Text) or isinstance(end, Text):
            found.missing = start if isinstance(start, Text) else found.missing
            found.missing = end if isinstance(end, Text) else found.missing
        elif segment.is_whole:
            found.pairs.append(
                Pair(segment=segment, start=start, end=end, rates=_rates(segment))
            )
    for tensor in replaying.listed:
        _walk(found.pairs, tensor, reach)
    return found


def straight(pairs: list[Pair], cosine: float) -> Iterator[tuple[int, int]]:
    """First and last step of neighbours that went in nearly the same direction."""
    for one, two in pairwise(pairs):
        lengths = float(np.sqrt(one.length * two.length))
        if _joined(one, two) and lengths > 0 and one.ahead / lengths > cosine:
            yield one.segment.after, two.segment.end.step


def settled(case: Case, first: int, last: int) -> bool:
    """Whether replay, by the recorded program behind walls, agrees with the steps."""
    replaying, machine = case.replaying, case.audit.machine
    if replaying is None or machine is None or machine.open_to:
        return False
    if other_program(case) is not None or not replaying.segments:
        return False
    drifts = case.drifts
    if drifts is None or isinstance(drifts, Text):
        return False
    touched = [s for s in replaying.segments if s.after < last and s.end.step > first]
    found = [drifts.get(segment.shown) for segment in touched]
    whole = bool(touched) and touched[-1].end.step >= last
    return whole and all(isinstance(d, Drift) and d.agrees for d in found)


def _rates(segment: Segment) -> Rates:
    lr = [float.fromhex(step.lr) for step in segment.steps if not step.skipped]
    return Rates(np.asarray(lr, dtype=np.float64), segment.after)


def _walk(pairs: list[Pair], tensor: TensorDigest, reach: Reach) -> None:
    """One tensor through the whole run: each state is read once, block by block."""
    before: tuple[Pair, npt.NDArray[np.float64], npt.NDArray[np.float64]] | None = None
    for pair in pairs:
        follows = before is not None and _joined(before[0], pair)
        start = before[1] if before and follows else _values(pair.start, tensor)
        end = _values(pair.end, tensor)
        moved = end - start
        _weigh(pair, (start, moved), tensor, reach)
        if before and follows:
            before[0].ahead += float(before[2] @ moved)
        before = pair, end, moved


def _joined(one: Pair, two: Pair) -> bool:
    return one.segment.end.root == two.segment.start.root


def _values(weights: Weights, tensor: TensorDigest) -> Array:
    return np.asarray(weights.array(tensor.name), dtype=np.float64).reshape(-1)


def _weigh(
    pair: Pair, move: tuple[Array, Array], tensor: TensorDigest, reach: Reach
) -> None:
    start, moved = move
    for at in range(0, len(start), BLOCK):
        block = np.abs(moved[at : at + BLOCK])
        allowed = reach.allowed(
            start[at : at + BLOCK], unit_of(tensor.dtype), pair.rates
        )
        if pair.beyond is None and not np.all(block <= allowed):
            pair.beyond = tensor.name
        part = shares(block, allowed)
        pair.squares += float(part @ part)
        pair.length += float(block @ block)
        pair.count += len(block)
