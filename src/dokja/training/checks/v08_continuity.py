"""V8: kept checkpoints are states that this run went through."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.same_program import not_asked, weighed
from dokja.training.replaying import Further, Replaying, Weights
from dokja.training.segments import Recorded, step_of
from dokja.training.sketch import coordinates
from dokja.training.values import Resume, Rollback, Sketch

NOT_MADE = Text(
    ko="보관된 체크포인트를 다시 평가하지 않았습니다.",
    en="No kept checkpoint was evaluated again.",
)
CLOSE = 0.01
"""Nats by which a loss may differ: what bfloat16 explains."""
WRONG = 0.25
"""Nats that neither arithmetic nor other draws of dropout explain; those made up to
0.02."""


def continuity(case: Case) -> Outcome:
    """Fails where a sketch is not the checkpoint's, or its next loss is far off.

    Each state is taken one step further on the recorded batch, as training did:
    that needs no held-out loss in the log, and dropout draws as it drew then.
    """
    replaying = case.replaying
    if replaying is None:
        return not_asked(NOT_MADE)
    compared = 0
    for sketch, event in _pairs(case, replaying):
        weights = replaying.weights(event)
        if isinstance(weights, Text):
            continue
        compared += 1
        if not _is_of(sketch, weights):
            return CheckResult.FAIL, Text(
                ko=f"단계 {sketch.step}의 스케치가 같은 단계의 체크포인트와 다릅니다.",
                en=f"The sketch after step {sketch.step} is not of the checkpoint "
                "after that step.",
            )
    further = case.further
    if further is None:
        result, said = not_asked(NOT_MADE)
        return result, Text(
            ko=f"스케치 {compared}개는 체크포인트와 같습니다. {said.ko}",
            en=f"{compared} sketches equal their checkpoints. {said.en}",
        )
    if isinstance(further, Text):
        return CheckResult.INCONCLUSIVE, further
    return weighed(case, _losses(further, compared))


def _losses(further: tuple[Further, ...], compared: int) -> Outcome:
    worst = max(further, key=lambda each: _rank(each.difference), default=None)
    if worst is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko="이어서 돌려 볼 보관된 체크포인트가 없습니다.",
            en="There is no kept checkpoint to be taken further.",
        )
    if not worst.difference <= CLOSE:
        gross = worst.difference > WRONG
        return CheckResult.FAIL if gross else CheckResult.INCONCLUSIVE, Text(
            ko=f"단계 {step_of(worst.state)}의 체크포인트로 다음 단계를 계산하면 "
            f"손실이 기록과 {worst.difference:.3g}만큼 다릅니다.",
            en=f"From the checkpoint after step {step_of(worst.state)} the next loss "
            f"comes out {worst.difference:.3g} nats off the log.",
        )
    return CheckResult.PASS, Text(
        ko=f"보관된 상태 {len(further)}개에서 다음 손실이 기록대로 나오고(최대 차이 "
        f"{worst.difference:.2g}), 스케치 {compared}개가 체크포인트와 같습니다.",
        en=f"{len(further)} kept states give the next logged loss (at most "
        f"{worst.difference:.2g} nats off), and {compared} sketches equal their "
        "checkpoints.",
    )


def _rank(difference: float) -> float:
    return float("inf") if math.isnan(difference) else difference


def _pairs(case: Case, replaying: Replaying) -> Iterator[tuple[Sketch, Recorded]]:
    """Sketches with the kept state of the same moment."""
    ends: dict[int, Recorded] = {}
    for segment in replaying.segments:
        ends[segment.start.seq], ends[segment.end.seq] = segment.start, segment.end
    sketch: Sketch | None = None
    for event in case.reading.events:
        if isinstance(event, Sketch):
            sketch = event
        elif isinstance(event, Resume | Rollback):
            sketch = None
        elif event.seq in ends and sketch is not None:
            state = ends[event.seq]
            if step_of(state) == sketch.step:
                yield sketch, state


def _is_of(sketch: Sketch, weights: Weights) -> bool:
    """Whether every sketched weight is the state's, bit for bit."""
    sizes = [int(np.prod(tensor.shape)) for tensor in weights.listed]
    held = [weights.array(name).reshape(-1) for name in weights.names()]
    for each in sketch.sets:
        where, offsets = coordinates(each.root, sizes)
        if len(where) != len(each.weights):
            return False
        found = [
            float(held[tensor][offset]).hex()
            for tensor, offset in zip(where.tolist(), offsets.tolist(), strict=True)
        ]
        if tuple(found) != each.weights:
            return False
    return True
