"""V7: nowhere did weights move further than the steps between allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.checkpoint_pairs import (
    Dense,
    Pair,
    dense_moves,
    settled,
    straight,
)
from dokja.training.checks.sketch_windows import (
    Tensors,
    Window,
    chosen_otherwise,
    windows,
)
from dokja.training.kept_states import recorded_tensors
from dokja.training.reach import Reach, shares
from dokja.training.values import Optimizer

BOUNDED = frozenset({"adam", "adamw"})
SUSPECT_SHARE = 0.4
"""Root mean square of the moves over the budget, above which replay is needed."""
SUSPECT_COSINE = 0.9


def displacement(case: Case) -> Outcome:
    """Fails where a weight moved further than Adam's own bound on its step.

    At the coordinates of every two sketches and, where materials were opened, at
    every weight of every two kept checkpoints. A stretch above 0.4 of its budget, or
    two in one direction, is not wrong: replay has to agree with it.
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
    reach = Reach(rules[0], len(case.reading.steps))
    tensors = _listed(case)
    misplaced = chosen_otherwise(case, tensors)
    found = [] if misplaced is not None else windows(case, tensors)
    dense = dense_moves(case, reach)
    pairs = [] if dense is None else dense.pairs
    moves = [*_sketched(found, reach), *map(_paired, pairs)]
    beyond = next((move for move in moves if move.beyond), None)
    if beyond is not None:
        return _too_far(beyond)
    open_ = misplaced or _unbounded(case, rules[0])
    if open_ is not None:
        return CheckResult.INCONCLUSIVE, open_
    if dense is not None and dense.missing is not None:
        return CheckResult.INCONCLUSIVE, dense.missing
    if not moves:
        return CheckResult.INCONCLUSIVE, Text(
            ko="견줄 수 있는 스케치도 체크포인트도 없습니다.",
            en="There are no two sketches of the same coordinates, and no two kept "
            "checkpoints.",
        )
    directed = [
        _Move(first=first, last=last) for first, last in straight(pairs, SUSPECT_COSINE)
    ]
    return _weighed(case, moves, [*_straight(found), *directed], dense)


def _unbounded(case: Case, rule: Optimizer) -> Text | None:
    """What makes the bound endless, so that any move would be within it."""
    named = (rule.beta1, rule.beta2, rule.weight_decay)
    betas = [float.fromhex(number or "nan") for number in named]
    rates = (s for s in case.reading.steps if not s.skipped)
    step = next((s for s in rates if not math.isfinite(float.fromhex(s.lr))), None)
    if step is None and all(0 <= beta < 1 for beta in betas[:2]):
        return None if math.isfinite(betas[2]) else _ENDLESS
    if step is None:
        return _ENDLESS
    return Text(
        ko=f"단계 {step.step}의 학습률이 수가 아니어서 그 구간의 이동 한계를 알 수 "
        "없습니다.",
        en=f"The learning rate of step {step.step} is no number, so nothing bounds its "
        "stretch.",
    )


_ENDLESS = Text(
    ko="기록된 최적화 방법의 계수로는 이동 한계가 정해지지 않습니다.",
    en="The numbers recorded of the optimizer bound no move.",
)


@dataclass(frozen=True, kw_only=True)
class _Move:
    """One stretch and how far it went, in shares of its bound."""

    first: int
    last: int
    share: float = 0.0
    beyond: str = ""
    """What was too far: a tensor's name, or `sketch`; empty where nothing was."""


def _sketched(found: list[Window], reach: Reach) -> Iterator[_Move]:
    for window in found:
        allowed = reach.allowed(window.start, window.units, window.rates)
        moved = np.abs(window.end - window.start)
        part = shares(moved, allowed)
        yield _Move(
            first=window.first.step,
            last=window.last.step,
            share=float(np.sqrt(np.mean(part * part))),
            beyond="" if np.all(moved <= allowed) else "sketch",
        )


def _paired(pair: Pair) -> _Move:
    return _Move(
        first=pair.segment.after,
        last=pair.segment.end.step,
        share=pair.share,
        beyond=pair.beyond or "",
    )


def _too_far(move: _Move) -> Outcome:
    return CheckResult.FAIL, Text(
        ko=f"단계 {move.first}~{move.last}에서 가중치({move.beyond[:80]})가 그 구간의 "
        "학습률로 움직일 수 있는 거리보다 더 움직였습니다.",
        en=f"Between steps {move.first} and {move.last} a weight "
        f"({move.beyond[:80]}) moved further than the learning rates of that stretch "
        "allow.",
    )


def _weighed(
    case: Case, moves: list[_Move], directed: list[_Move], dense: Dense | None
) -> Outcome:
    far = [move for move in moves if not move.share <= SUSPECT_SHARE]
    suspects = [
        move for move in (*far, *directed) if not settled(case, move.first, move.last)
    ]
    if suspects:
        where = f"{suspects[0].first}-{suspects[0].last}"
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"{len(suspects)}개 구간은 다시 돌려 보아야 합니다({where} 등).",
            en=f"{len(suspects)} stretches have to be replayed (such as {where}).",
        )
    worst = max(move.share for move in moves)
    pairs = len(dense.pairs) if dense is not None else 0
    sketched = len(moves) - pairs
    replayed = len(far) + len(directed)
    return CheckResult.PASS, Text(
        ko=f"스케치 {sketched}구간과 체크포인트 {pairs}쌍이 모두 이동 한계 "
        f"안입니다(한계 대비 제곱평균제곱근 최대 {worst:.3f}). 의심되는 {replayed}개는 "
        "다시 돌려 확인하였습니다.",
        en=f"{sketched} stretches between sketches and {pairs} pairs of checkpoints "
        f"are within their bound (root mean square at most {worst:.3f} of it); "
        f"{replayed} that look unusual were replayed.",
    )


def _straight(found: list[Window]) -> Iterator[_Move]:
    """Pairs of neighbouring windows on the same coordinates in one direction."""
    for before, after in pairwise(found):
        follows = before.root == after.root and before.last is after.first
        if not follows:
            continue
        one, two = before.end - before.start, after.end - after.start
        lengths = float(np.linalg.norm(one) * np.linalg.norm(two))
        if lengths > 0 and float(one @ two) / lengths > SUSPECT_COSINE:
            yield _Move(first=before.first.step, last=after.last.step)


def _listed(case: Case) -> Tensors:
    """Tensors of the first weights; none where the list is not there."""
    init = case.reading.init
    return () if init is None else recorded_tensors(case.source, init) or ()
