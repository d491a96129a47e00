"""V14: loss falls as tokens are trained on, and no faster than it began to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.sketch import Array
from dokja.training.surviving import surviving_steps
from dokja.training.values import Step

FEWEST_STEPS = 60
STRETCHES = 30
"""Parts of the run whose median loss is looked at: batches differ in difficulty, and
single losses of an honest run of 1,400 steps correlate by -0.83 only."""
LEAST_FALL = -0.9
"""Spearman's rank correlation of loss and tokens that a run has at the most."""
RISE = 0.5
"""The same, from which on nothing can have been learned."""
FITTED = 0.3
"""Share of the run that a power law is fitted to."""
BETTER = 0.15
"""Share by which the end may be below the law."""


@dataclass(frozen=True)
class Curve:
    """Median loss of equal stretches of a run, and the tokens at their middle."""

    tokens: Array
    loss: Array
    steps: int


def loss_curve(case: Case) -> Outcome:
    """Fails where loss rises with the tokens trained on; all else is for replay.

    Decay is not cut off, since it only lets loss fall further. A run that ends worse
    than its beginning promised is nobody's gain, so only a better one is noticed.
    The law is a power of the tokens (Kaplan et al. 2020, arXiv:2001.08361).
    """
    curve = curve_of(surviving_steps(case.reading))
    if curve is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"손실이 기록된 단계가 {FEWEST_STEPS}개에 못 미쳐 견줄 수 없습니다.",
            en=f"Fewer than {FEWEST_STEPS} steps have a loss and a growing number of "
            "tokens.",
        )
    rank = rank_correlation(curve.tokens, curve.loss)
    if rank >= RISE:
        return CheckResult.FAIL, Text(
            ko=f"학습량이 늘수록 손실이 커집니다(순위상관 {rank:.2f}, 단계 "
            f"{curve.steps}개). 학습되었다고 볼 수 없습니다.",
            en=f"Loss rises with the tokens trained on (rank correlation {rank:.2f}, "
            f"{curve.steps} steps): nothing was learned.",
        )
    if rank > LEAST_FALL:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"손실이 학습량에 따라 뚜렷이 줄지 않습니다(순위상관 {rank:.2f}, 기준 "
            f"{LEAST_FALL}).",
            en="Loss does not clearly fall with the tokens trained on (rank "
            f"correlation {rank:.2f}, at most {LEAST_FALL} expected).",
        )
    return _against_law(curve, rank)


def _against_law(curve: Curve, rank: float) -> Outcome:
    ratio = float(curve.loss[-1] / promised(curve)) - 1.0
    numbers = f"{rank:.2f}", f"{ratio:+.0%}"
    if ratio < -BETTER:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"마지막 손실이 앞부분의 추세보다 {-ratio:.0%} 낮습니다. 어디서 "
            "나아졌는지 다시 돌려 보아야 합니다.",
            en=f"The last loss is {-ratio:.0%} below what the first 30 % of the run "
            "lead to; where it came from has to be replayed.",
        )
    return CheckResult.PASS, Text(
        ko=f"손실이 학습량에 따라 줄어듭니다(순위상관 {numbers[0]}, 추세 대비 마지막 "
        f"손실 {numbers[1]}, 단계 {curve.steps}개).",
        en=f"Loss falls with the tokens trained on (rank correlation {numbers[0]}, "
        f"last loss {numbers[1]} against its trend, {curve.steps} steps).",
    )


def curve_of(steps: tuple[Step, ...]) -> Curve | None:
    """The curve of a run; None where too few steps say anything."""
    tokens = np.array([step.tokens for step in steps], dtype=np.float64)
    loss = np.array([float.fromhex(step.loss) for step in steps])
    usable = np.isfinite(loss) & (loss > 0) & (tokens > 0)
    tokens, loss = tokens[usable], loss[usable]
    if len(loss) < FEWEST_STEPS or tokens[-1] <= tokens[0]:
        return None
    parts = np.array_split(np.arange(len(loss)), STRETCHES)
    return Curve(
        tokens=np.array([np.median(tokens[part]) for part in parts]),
        loss=np.array([np.median(loss[part]) for part in parts]),
        steps=len(loss),
    )


def promised(curve: Curve) -> float:
    """Loss at the end by the power law of the first part of the run.

    Its first stretch is left out: the rate is still being raised there.
    """
    fitted = slice(1, round(FITTED * len(curve.loss)) + 1)
    x, y = np.log(curve.tokens), np.log(curve.loss)
    slope, height = np.polyfit(x[fitted], y[fitted], 1)
    return float(np.exp(height + min(slope, 0.0) * x[-1]))


def rank_correlation(one: Array, other: Array) -> float:
    """Spearman's rank correlation; 0 where one of them never changes."""
    first, second = _ranks(one), _ranks(other)
    if not (np.ptp(first) and np.ptp(second)):
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _ranks(values: Array) -> Array:
    """(n,) ranks from 0, ties sharing theirs."""
    below = (values[:, None] > values).sum(axis=1)
    level = (values[:, None] == values).sum(axis=1)
    return np.asarray(below + (level - 1) / 2.0)
