"""V7: no stretch between two sketches moved weights further than its steps allow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.sketch_windows import (
    Rates,
    Tensors,
    Window,
    chosen_otherwise,
    windows,
)
from dokja.training.commitments import read_list
from dokja.training.sketch import Array, adam_reach, budget
from dokja.training.values import Optimizer, TensorDigest

BOUNDED = frozenset({"adam", "adamw"})
SLACK = 1.01
SUSPECT_SHARE = 0.4
"""Root mean square of the moves over the budget, above which replay is needed."""
SUSPECT_COSINE = 0.9
_FEWEST_MOVES = 1e-12


class Reach:
    """How far the recorded optimizer may move a weight, over every step of a run."""

    def __init__(self, rule: Optimizer, steps: int) -> None:
        beta1 = float.fromhex(rule.beta1 or "nan")
        beta2 = float.fromhex(rule.beta2 or "nan")
        decay = float.fromhex(rule.weight_decay) if rule.name == "adamw" else 0.0
        self._decay = abs(decay)
        with np.errstate(all="ignore"):
            self._reach = adam_reach(beta1, beta2, steps)

    def allowed(self, start: Array, units: Array | float, rates: Rates) -> Array:
        """(n,) how far each weight may have moved; infinite where a number is none."""
        lr = np.abs(rates.lr)
        reach = self._reach[rates.before : rates.before + len(lr)]
        with np.errstate(all="ignore"):
            moved = budget(start, lr * reach, lr * self._decay) * SLACK
            rounding = len(lr) * units * (np.abs(start) + moved)
        # A number that overflowed says nothing of where the weights came from.
        return np.asarray(np.nan_to_num(moved + rounding, nan=np.inf))


def displacement(case: Case) -> Outcome:
    """Fails where a weight moved further than Adam's own bound on its step.

    A window above 0.4 of its budget, or two in one direction, is not wrong: it has
    to be replayed, so the check cannot tell.
    """
    rules = case.reading.of(Optimizer)
    if len(rules) != 1 or rules[0].name not in BOUNDED or rules[0].beta1 is None:
        names = ", ".join(rule.name for rule in rules) or "-"
        return CheckResult.NOT_RUN, Text(
            ko=f"최적화 방법({names})의 이동 한계식이 없습니다. Adam과 AdamW만 "
            f"다룹니다.",
            en=f"No bound is known for the optimizer ({names}); only one Adam or AdamW "
            "for the whole run has one.",
        )
    tensors = _listed(case)
    misplaced = chosen_otherwise(case, tensors)
    if misplaced is not None:
        return CheckResult.INCONCLUSIVE, misplaced
    found = windows(case, tensors)
    if not found:
        return CheckResult.INCONCLUSIVE, Text(
            ko="견줄 수 있는 스케치가 없습니다.",
            en="There are no two sketches of the same coordinates.",
        )
    return _weighed(found, Reach(rules[0], len(case.reading.steps)))


def _weighed(found: list[Window], reach: Reach) -> Outcome:
    suspects: list[str] = []
    worst = 0.0
    for window in found:
        allowed = reach.allowed(window.start, window.units, window.rates)
        moved = np.abs(window.end - window.start)
        if not np.all(moved <= allowed):
            return CheckResult.FAIL, Text(
                ko=f"단계 {window.first.step}~{window.last.step}에서 가중치가 그 "
                f"구간의 "
                "학습률로 움직일 수 있는 거리보다 더 움직였습니다.",
                en=f"Between steps {window.first.step} and {window.last.step} a weight "
                "moved further than the learning rates of that stretch allow.",
            )
        share = _ratio(moved, allowed)
        worst = max(worst, share)
        if share > SUSPECT_SHARE:
            suspects.append(f"{window.first.step}-{window.last.step}")
    suspects += _straight(found)
    if suspects:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"{len(suspects)}개 구간은 다시 돌려 보아야 합니다({suspects[0]} 등).",
            en=f"{len(suspects)} stretches have to be replayed (such as "
            f"{suspects[0]}).",
        )
    return CheckResult.PASS, Text(
        ko=f"스케치 {len(found)}구간이 모두 이동 한계 안입니다(한계 대비 "
        f"제곱평균제곱근 "
        f"최대 {worst:.3f}). 체크포인트끼리는 견주지 않았습니다.",
        en=f"All {len(found)} stretches between sketches are within their bound "
        f"(root "
        f"mean square at most {worst:.3f} of it). Checkpoints were not compared.",
    )


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
