"""V7: no stretch between two sketches moved weights further than its steps allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.commitments import read_list
from dokja.training.sketch import Array, adam_reach, budget, coordinates
from dokja.training.values import (
    Gap,
    Optimizer,
    Resume,
    Rollback,
    Sketch,
    SketchSet,
    Step,
    TensorDigest,
)

BOUNDED = frozenset({"adam", "adamw"})
SLACK = 1.01
SUSPECT_SHARE = 0.4
"""Root mean square of the moves over the budget, above which replay is needed."""
SUSPECT_COSINE = 0.9
_UNITS = {"float64": 2.0**-52, "float32": 2.0**-23, "float16": 2.0**-10}
_COARSE = 2.0**-7
"""Relative rounding of a stored weight, once a step at the most; of bfloat16, and of
what is not known here, the second."""
_FEWEST_MOVES = 1e-12


Tensors = tuple[TensorDigest, ...]


@dataclass(frozen=True, kw_only=True)
class Window:
    """The same coordinates before and after a stretch of steps."""

    first: Sketch
    last: Sketch
    root: str
    start: Array
    end: Array
    units: Array
    """(n,) relative rounding of each of the weights."""
    lr: Array
    taken: int
    """Steps taken before the window."""


def displacement(case: Case) -> Outcome:
    """Fails where a weight moved further than Adam's own bound on its step.

    A window above 0.4 of its budget, or two in one direction, is not wrong: it has
    to be replayed, so the check cannot tell.
    """
    rules = [e for e in case.reading.events if isinstance(e, Optimizer)]
    if len(rules) != 1 or rules[0].name not in BOUNDED or rules[0].beta1 is None:
        names = ", ".join(rule.name for rule in rules) or "-"
        return CheckResult.NOT_RUN, Text(
            ko=f"최적화 방법({names})의 이동 한계식이 없습니다. Adam과 AdamW만 "
            f"다룹니다.",
            en=f"No bound is known for the optimizer ({names}); only one Adam or AdamW "
            "for the whole run has one.",
        )
    tensors = _listed(case)
    misplaced = _chosen_otherwise(case, tensors)
    if misplaced is not None:
        return CheckResult.INCONCLUSIVE, misplaced
    windows = list(_windows(case, tensors))
    if not windows:
        return CheckResult.INCONCLUSIVE, Text(
            ko="견줄 수 있는 스케치가 없습니다.",
            en="There are no two sketches of the same coordinates.",
        )
    return _weighed(windows, rules[0])


def _weighed(windows: list[Window], rule: Optimizer) -> Outcome:
    suspects: list[str] = []
    for window in windows:
        allowed = _allowed(window, rule)
        moved = np.abs(window.end - window.start)
        if not np.all(moved <= allowed):
            return CheckResult.FAIL, Text(
                ko=f"단계 {window.first.step}~{window.last.step}에서 가중치가 그 "
                f"구간의 "
                "학습률로 움직일 수 있는 거리보다 더 움직였습니다.",
                en=f"Between steps {window.first.step} and {window.last.step} a weight "
                "moved further than the learning rates of that stretch allow.",
            )
        if _ratio(moved, allowed) > SUSPECT_SHARE:
            suspects.append(f"{window.first.step}-{window.last.step}")
    suspects += _straight(windows)
    if suspects:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"{len(suspects)}개 구간은 다시 돌려 보아야 합니다({suspects[0]} 등).",
            en=f"{len(suspects)} stretches have to be replayed (such as "
            f"{suspects[0]}).",
        )
    worst = max(_ratio(np.abs(w.end - w.start), _allowed(w, rule)) for w in windows)
    return CheckResult.PASS, Text(
        ko=f"스케치 {len(windows)}구간이 모두 이동 한계 안입니다(한계 대비 "
        f"제곱평균제곱근 "
        f"최대 {worst:.3f}). 체크포인트끼리는 견주지 않았습니다.",
        en=f"All {len(windows)} stretches between sketches are within their bound "
        f"(root "
        f"mean square at most {worst:.3f} of it). Checkpoints were not compared.",
    )


def _allowed(window: Window, rule: Optimizer) -> Array:
    """(n,) how far each weight may have moved; infinite where a number is none."""
    beta1 = float.fromhex(rule.beta1 or "nan")
    beta2 = float.fromhex(rule.beta2 or "nan")
    decay = float.fromhex(rule.weight_decay) if rule.name == "adamw" else 0.0
    reach = adam_reach(beta1, beta2, window.taken + len(window.lr))[window.taken :]
    lr = np.abs(window.lr)
    allowed = budget(window.start, lr * reach, lr * abs(decay)) * SLACK
    rounding = len(lr) * window.units * (np.abs(window.start) + allowed)
    # A number that overflowed says nothing of where the weights came from.
    return np.asarray(np.nan_to_num(allowed + rounding, nan=np.inf))


def _ratio(moved: Array, allowed: Array) -> float:
    share = moved / np.maximum(allowed, _FEWEST_MOVES)
    return float(np.sqrt(np.mean(share * share)))


def _straight(windows: list[Window]) -> Iterator[str]:
    """Pairs of neighbouring windows on the same coordinates in one direction."""
    for before, after in pairwise(windows):
        follows = before.root == after.root and before.last is after.first
        if not follows:
            continue
        one, two = before.end - before.start, after.end - after.start
        lengths = float(np.linalg.norm(one) * np.linalg.norm(two))
        if lengths > 0 and float(one @ two) / lengths > SUSPECT_COSINE:
            yield f"{before.first.step}-{after.last.step}"


def _windows(case: Case, tensors: Tensors) -> Iterator[Window]:
    """Neighbouring sketches with the steps between them, ordered by coordinates."""
    found: list[Window] = []
    before: Sketch | None = None
    rates: list[float] = []
    taken = 0
    for event in case.reading.events:
        if isinstance(event, Resume | Rollback | Gap):
            before = None
        elif isinstance(event, Step) and not event.skipped:
            rates.append(float.fromhex(event.lr))
            taken += 1
        elif isinstance(event, Sketch):
            if before is not None:
                steps = np.asarray(rates), taken - len(rates)
                found += _shared(before, event, steps, tensors)
            before, rates = event, []
    yield from sorted(found, key=lambda w: (w.root, w.first.seq))


def _shared(
    first: Sketch, last: Sketch, steps: tuple[Array, int], tensors: Tensors
) -> Iterator[Window]:
    after = {each.root: each for each in last.sets}
    for each in first.sets:
        match = after.get(each.root)
        if match is not None and len(match.weights) == len(each.weights) > 0:
            where, _ = coordinates(each.root, _sizes(tensors))
            units = [_UNITS.get(tensors[n].dtype, _COARSE) for n in where]
            yield Window(
                first=first,
                last=last,
                root=each.root,
                start=_numbers(each),
                end=_numbers(match),
                units=np.array(units),
                lr=steps[0],
                taken=steps[1],
            )


def _numbers(each: SketchSet) -> Array:
    return np.array([float.fromhex(text) for text in each.weights])


def _chosen_otherwise(case: Case, tensors: Tensors) -> Text | None:
    """What speaks against the coordinates having been drawn by heads, if anything."""
    if not tensors:
        return Text(
            ko="처음 가중치의 텐서 목록이 없어 스케치 좌표를 알 수 없습니다.",
            en="The list of first weights is missing, so coordinates are not known.",
        )
    known = {s.head.root.hex(): s.head.size for s in case.reading.heads}
    drawn = len(coordinates("", _sizes(tensors))[0])
    for event in case.reading.events:
        if not isinstance(event, Sketch):
            continue
        for each in event.sets:
            size = known.get(each.root)
            if size is None or size > event.seq or len(each.weights) != drawn:
                return Text(
                    ko=f"사건 {event.seq}의 스케치 좌표가 앞선 헤드에서 나온 것이 "
                    f"아닙니다.",
                    en=f"The coordinates of the sketch in event {event.seq} were not "
                    "drawn by an earlier tree head.",
                )
    return None


def _listed(case: Case) -> Tensors:
    """Tensors of the first weights; none where the list is not there."""
    init = case.reading.init
    data = case.source.listed(init.tensors) if init is not None else None
    if data is None:
        return ()
    try:
        return read_list(data, TensorDigest)
    except InvalidInput:
        return ()


def _sizes(tensors: Tensors) -> list[int]:
    return [math.prod(tensor.shape) for tensor in tensors]
