"""Adam's second averages between two kept states: they can only sink so fast.

A step multiplies them by the second beta and adds a square, so over k steps at least
its k-th power stays. A beta that is named too high, which would widen the bound on
moves, shows in every weight whose gradients grew small.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dokja.evidence.values import Text
from dokja.training.checks.case import Case
from dokja.training.kept_state import KeptState
from dokja.training.values import (
    Gap,
    Optimizer,
    RecordedCheckpoint,
    Resume,
    Rollback,
    Step,
)

_UNIT = 2.0**-22
"""Rounding of two float32 operations, once a step."""
_LEAST = 1e-30
"""Below it float32 has no full digits to compare."""
_EXACT = frozenset({"float32", "float64"})


def sank_too_fast(case: Case, rule: Optimizer) -> Text | None:
    """What second average sank faster than the named beta allows, if one did."""
    beta2 = float.fromhex(rule.beta2 or "nan")
    for before, after, steps in _stretches(case):
        name = _sunk(before[1], after[1], beta2, steps)
        if name is not None:
            one, two = before[0].step, after[0].step
            return Text(
                ko=f"단계 {one}~{two}에서 {name[:80]}이(가) 기록된 베타 값으로 "
                "줄어들 수 있는 것보다 빨리 줄었습니다.",
                en=f"Between steps {one} and {two} {name[:80]} sank faster than the "
                "named beta lets it.",
            )
    return None


Known = tuple[RecordedCheckpoint, KeptState]


def _stretches(case: Case) -> Iterator[tuple[Known, Known, int]]:
    """Neighbouring kept states with the steps taken between, where none was lost."""
    before: Known | None = None
    steps = 0
    for event in case.reading.of(Step, RecordedCheckpoint, Gap, Resume, Rollback):
        if isinstance(event, Step):
            steps += not event.skipped
        elif isinstance(event, RecordedCheckpoint):
            state = case.kept.of(event) if case.kept and event.kept else None
            if state is None or isinstance(state, Text):
                continue
            if before is not None:
                yield before, (event, state), steps
            before, steps = (event, state), 0
        else:
            before, steps = None, 0


def _sunk(before: KeptState, after: KeptState, beta2: float, steps: int) -> str | None:
    there = set(before.names())
    for name in after.names():
        if name not in there or not name.endswith(".exp_avg_sq"):
            continue
        one, two = before.array(name), after.array(name)
        exact = {one.dtype.name, two.dtype.name} <= _EXACT
        if not exact or one.shape != two.shape:
            continue
        with np.errstate(all="ignore"):
            least = one.astype(np.float64) * beta2**steps * (1 - steps * _UNIT)
            sunk = (two.astype(np.float64) < least) & (least > _LEAST)
        if np.any(sunk):
            return name
    return None
