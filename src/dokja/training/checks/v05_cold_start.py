"""V5: training began cold, at the loss of somebody who knows nothing."""

from __future__ import annotations

import math

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.same_program import not_asked, weighed
from dokja.training.materials import MaterialsPlan
from dokja.training.replaying import Further

NOT_MADE = Text(
    ko="첫 단계의 손실을 처음 가중치로 다시 계산하지 않았습니다.",
    en="The first step's loss was not recomputed from the first weights.",
)
RELATIVE = 1e-3
"""Of the first loss, that the recomputed one may differ by."""
WRONG = 0.1
"""The same beyond which no arithmetic explains it."""
KNOWS_NOTHING = 0.9
"""Of ln V, the loss of weights that prefer no token."""


def cold_start(case: Case) -> Outcome:
    """Fails where the first weights do not give the loss that was logged for them."""
    further = case.further
    if further is None:
        return not_asked(NOT_MADE)
    if isinstance(further, Text):
        return CheckResult.INCONCLUSIVE, further
    first = next((each for each in further if each.step.step == 1), None)
    if first is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko="처음 가중치가 보관되지 않아 첫 단계를 다시 계산하지 못했습니다.",
            en="The first weights were not kept, so the first step could not be taken "
            "again.",
        )
    return weighed(case, _first_loss(case, first))


def _first_loss(case: Case, first: Further) -> Outcome:
    logged = float.fromhex(first.step.loss)
    if not first.difference <= RELATIVE * abs(logged):
        gross = first.difference > WRONG * abs(logged)
        return CheckResult.FAIL if gross else CheckResult.INCONCLUSIVE, Text(
            ko=f"첫 단계의 손실은 기록에 {logged:.4f}, 다시 계산하면 "
            f"{first.loss:.4f}입니다.",
            en=f"The first step's loss is logged as {logged:.4f} and recomputed as "
            f"{first.loss:.4f}.",
        )
    plan = case.replaying.plan if case.replaying else None
    if not isinstance(plan, MaterialsPlan) or plan.model.vocabulary < 2:
        return CheckResult.INCONCLUSIVE, Text(
            ko="어휘 크기를 몰라 첫 손실이 처음 상태의 것인지 알 수 없습니다.",
            en="Without the size of the vocabulary nobody can say whether the first "
            "loss is a beginner's.",
        )
    least = KNOWS_NOTHING * math.log(plan.model.vocabulary)
    if logged < least and not plan.model.unigram_init:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"첫 손실 {logged:.3f}이(가) 아무것도 모르는 모형의 것({least:.3f})보다 "
            "낮습니다. 손실을 달리 계산했거나 이미 학습된 가중치일 수 있습니다.",
            en=f"The first loss, {logged:.3f}, is below that of a model that knows "
            f"nothing ({least:.3f}): counted otherwise, or trained before.",
        )
    return CheckResult.PASS, Text(
        ko=f"첫 손실 {logged:.4f}이(가) 처음 가중치에서 다시 나옵니다(ln V = "
        f"{math.log(plan.model.vocabulary):.3f}).",
        en=f"The first loss, {logged:.4f}, comes out of the first weights again (ln V "
        f"= {math.log(plan.model.vocabulary):.3f}).",
    )
