"""V9: kept optimizer states are what the recorded steps lead to."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.second_averages import sank_too_fast
from dokja.training.checks.v07_displacement import BOUNDED
from dokja.training.kept_state import KeptState
from dokja.training.reach import SLACK
from dokja.training.sketch import Array, adam_reach
from dokja.training.surviving import surviving_steps
from dokja.training.values import (
    Gap,
    Optimizer,
    RecordedCheckpoint,
    Resume,
    Rollback,
    Step,
)

_PART = re.compile(r"(?P<group>.*)\.(?P<part>step|exp_avg|exp_avg_sq)\Z")
_STATE = "optimizer."
_EXACT = frozenset({"float32", "float64"})
"""Types in which the averages follow their rule; coarser ones stand still."""
_SMALLEST = 1e-17
"""Below it a root of float32's own smallest numbers says nothing of a ratio."""
LEAST_COUNTED = 0.5
"""Share of the steps that a state counts at the least: a scaler skips few."""
NORMS_APART = 10.0
_CLIPPED = 1.0
"""Usual bound of a gradient's norm, which the optimizer sees and the log may not."""


@dataclass
class _Seen:
    """What one kept optimizer state shows."""

    steps: frozenset[int]
    negative: str | None = None
    beyond: str | None = None
    """Tensor whose first average is too large for its second."""
    is_zero: bool = True
    coarse: bool = False
    squares: float = 0.0
    """Sum of the second averages, bias taken out: a mean of squared gradients."""


def optimizer_state(case: Case) -> Outcome:
    """Fails where a state could not come of the recorded steps by Adam's own rule.

    An optimizer begun anew is not wrong where training was interrupted before.
    """
    rules = case.reading.of(Optimizer)
    if len(rules) != 1 or rules[0].name not in BOUNDED or rules[0].beta1 is None:
        return CheckResult.NOT_RUN, Text(
            ko="Adam과 AdamW의 상태만 읽습니다.",
            en="Only one Adam or AdamW for the whole run has a state that is read.",
        )
    if case.kept is None:
        return CheckResult.NOT_RUN, Text(
            ko="보관된 최적화 상태를 읽지 않았습니다. 팀이 체크포인트를 공개하여야 "
            "합니다.",
            en="No kept optimizer state was read: it takes the checkpoints, opened by "
            "the team.",
        )
    looked_at = 0
    questions: list[Text] = []
    for event in case.reading.of(RecordedCheckpoint):
        state = case.kept.of(event) if event.kept and event.step else None
        if state is None:
            continue
        if isinstance(state, Text):
            questions.append(state)
            continue
        wrong = _judged(case, event, state, rules[0])
        if wrong is not None and wrong[0] is CheckResult.FAIL:
            return wrong
        questions += [] if wrong is None else [wrong[1]]
        looked_at += 1
    sunk = sank_too_fast(case, rules[0])
    if sunk is not None:
        # Betas that were changed on the way, and not recorded, look the same.
        questions.append(sunk)
    if questions:
        return CheckResult.INCONCLUSIVE, questions[0]
    return _whole(looked_at)


def _whole(looked_at: int) -> Outcome:
    if not looked_at:
        return CheckResult.INCONCLUSIVE, Text(
            ko="보관된 체크포인트가 없습니다.", en="No checkpoint was kept."
        )
    return CheckResult.PASS, Text(
        ko=f"보관된 최적화 상태 {looked_at}개가 기록된 단계와 맞습니다.",
        en=f"{looked_at} kept optimizer states fit the recorded steps.",
    )


def _judged(
    case: Case, event: RecordedCheckpoint, state: KeptState, rule: Optimizer
) -> Outcome | None:
    taken = _taken(case, event)
    seen = _seen(state, rule, len(taken))
    if seen is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"단계 {event.step}의 체크포인트에 읽을 수 있는 최적화 상태가 없습니다.",
            en=f"The checkpoint of step {event.step} holds no optimizer state that is "
            "known here.",
        )
    return (
        _impossible(event, seen)
        or _miscounted(case, event, seen, len(taken))
        or _coarse(event, seen)
        or _norms_apart(event, seen, taken, rule)
    )


def _miscounted(
    case: Case, event: RecordedCheckpoint, seen: _Seen, taken: int
) -> Outcome | None:
    """Steps the state counts against those recorded.

    A weight without a gradient is not counted, nor a step that a scaler skipped
    without a word; but nothing makes a state count more, or begin by itself anew.
    """
    if seen.steps == {taken}:
        return None
    most = max(seen.steps)
    lost = any(e.seq < event.seq for e in case.reading.of(Gap, Resume, Rollback))
    possible = lost or taken * LEAST_COUNTED <= most <= taken
    return CheckResult.INCONCLUSIVE if possible else CheckResult.FAIL, Text(
        ko=f"단계 {event.step}의 최적화 상태는 {most}단계를 거쳤다고 되어 있으나 "
        f"기록은 {taken}단계입니다.",
        en=f"The optimizer state of step {event.step} counts {most} steps and the "
        f"record {taken}.",
    )


def _taken(case: Case, event: RecordedCheckpoint) -> list[Step]:
    """Steps that led to the checkpoint and were not skipped."""
    upto = case.reading.before(event.seq)
    return [step for step in surviving_steps(upto) if not step.skipped]


def _seen(state: KeptState, rule: Optimizer, taken: int) -> _Seen | None:
    parts = list(_parts(state))
    if not parts:
        return None
    counts = [_count(state.array(names["step"])) for names in parts]
    seen = _Seen(frozenset(counts))
    betas = float.fromhex(rule.beta1 or "nan"), float.fromhex(rule.beta2 or "nan")
    with np.errstate(all="ignore"):
        reach = adam_reach(*betas, max(taken, 1))
        for count, names in zip(counts, parts, strict=True):
            first = state.array(names["exp_avg"])
            second = state.array(names["exp_avg_sq"])
            if first.shape != second.shape:
                return None
            seen.coarse |= not {first.dtype.name, second.dtype.name} <= _EXACT
            mean = first.astype(np.float64).reshape(-1)
            square = second.astype(np.float64).reshape(-1)
            seen.is_zero &= not (mean.any() or square.any())
            if np.any(square < 0):
                seen.negative = names["exp_avg_sq"]
            elif 0 < count <= taken and not seen.coarse:
                unbiased = square / (1 - betas[1] ** count)
                allowed = reach[count - 1] * SLACK * (np.sqrt(unbiased) + _SMALLEST)
                if np.any(np.abs(mean) / (1 - betas[0] ** count) > allowed):
                    seen.beyond = names["exp_avg"]
                seen.squares += float(unbiased.sum())
    return seen


def _count(steps: npt.NDArray[Any]) -> int:
    """The number of steps a state says; -1 where that is none."""
    most = float(steps.astype(np.float64).max(initial=-1.0))
    return int(most) if 0 <= most < 2**53 else -1


def _parts(state: KeptState) -> Iterator[Mapping[str, str]]:
    """Each parameter's averages and count, where the state has all three."""
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for name in state.names():
        found = _PART.fullmatch(name) if name.startswith(_STATE) else None
        if found:
            groups[found["group"]][found["part"]] = name
    yield from (names for names in groups.values() if len(names) == 3)


def _impossible(event: RecordedCheckpoint, seen: _Seen) -> Outcome | None:
    if seen.negative is not None:
        ko, en = "제곱 평균에 음수가 있습니다", "holds a negative mean of squares"
    elif seen.is_zero:
        ko, en = "모두 0입니다", "is all zeros"
    elif seen.beyond is not None:
        ko = "기울기 평균이 제곱 평균에 견주어 Adam에서 나올 수 없는 크기입니다"
        en = "holds a mean of gradients too large for its mean of squares"
    else:
        return None
    return CheckResult.FAIL, Text(
        ko=f"단계 {event.step}의 최적화 상태: {ko}.",
        en=f"The optimizer state of step {event.step} {en}.",
    )


def _coarse(event: RecordedCheckpoint, seen: _Seen) -> Outcome | None:
    if not seen.coarse:
        return None
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"단계 {event.step}의 최적화 상태가 32비트보다 거친 수로 보관되어 한계식을 "
        "적용할 수 없습니다.",
        en=f"The optimizer state of step {event.step} is kept in numbers coarser than "
        "32 bits, for which no bound holds.",
    )


def _norms_apart(
    event: RecordedCheckpoint, seen: _Seen, taken: list[Step], rule: Optimizer
) -> Outcome | None:
    """Mean squares against the recorded gradient norms, of which they are a mean."""
    norms = [s.grad_norm for s in taken]
    if not norms or any(norm is None for norm in norms):
        return None
    beta2 = float.fromhex(rule.beta2 or "nan")
    squares: Array = np.array([float.fromhex(n or "nan") for n in norms]) ** 2
    weights = (1 - beta2) * beta2 ** np.arange(len(squares))[::-1]
    total = weights.sum()
    if not np.all(np.isfinite(squares)) or total <= 0:
        return None
    most = float(weights @ squares) / total
    least = float(weights @ np.minimum(squares, _CLIPPED**2)) / total
    if least / NORMS_APART <= seen.squares <= most * NORMS_APART:
        return None
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"단계 {event.step}의 최적화 상태에 든 기울기의 크기가 기록된 기울기와 10배 "
        "넘게 다릅니다.",
        en=f"The gradients that the optimizer state of step {event.step} averages are "
        "more than ten times off the recorded norms.",
    )
