"""The act of the check: does the endpoint serve the sealed weights?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import CheckResult, Estimate, Text
from dokja.independence.served.answer_distance import (
    answer_kernel,
    discrepancies,
    permutation_p,
)
from dokja.independence.served.values import PromptAnswers, ServedReport, ServedRules
from dokja.statistics.bayesian_bootstrap import percentile_interval, shared_weights
from dokja.statistics.proportion import wilson_interval

LIMITS = Text(
    ko="물어본 문항에 대한 답변만 비교합니다. 점검할 때에만 봉인한 모델로 답하는 "
    "서버는 드러나지 않으며, 차이가 드러나도 원인은 사람이 확인해야 합니다.",
    en="Only answers to the prompts asked are compared. A server that uses the sealed "
    "model while it is being checked is not found, and why answers differ is for "
    "people to see.",
)
_WORDS = {
    "blind": Text(
        ko="대조 모델의 답변과도 구별되지 않아 이 문항들로는 판단할 수 없음",
        en="These prompts tell not even the control model apart, so nothing follows.",
    ),
    "same": Text(
        ko="봉인한 가중치의 답변과 구별되지 않음(대조 모델은 구별됨)",
        en="Not told apart from the sealed weights, while the control model is.",
    ),
    "other": Text(
        ko="봉인한 가중치의 답변과 다름: 사람이 확인할 것",
        en="Answers are not those of the sealed weights: people must look.",
    ),
    "near": Text(
        ko="봉인한 가중치에 가깝지만 같다고 볼 수 없음(양자화, 설정 차이 등일 수 있음)",
        en="Near to the sealed weights and not the same: quantised, or set otherwise.",
    ),
}
_DRAWS = 2_000


def compare_served(
    answers: Sequence[PromptAnswers],
    rules: ServedRules,
    *,
    team: str,
    control: str,
    beacon: str,
    missing: int = 0,
) -> ServedReport:
    """The report on the answers. `beacon` was drawn after the weights were sealed.

    Raises: InvalidInput for fewer prompts than the rules need, and for answers that
    are not equally many.
    """
    draws = _draws(answers, rules)
    digest = digest_of(rules)
    letters = rules.letters
    to_served = np.stack(
        [answer_kernel((*a.sealed, *a.served), letters=letters) for a in answers]
    )
    to_control = np.stack(
        [answer_kernel((*a.sealed, *a.control), letters=letters) for a in answers]
    )
    p_values = [
        permutation_p(
            kernels,
            seed=seed_for(digest, f"served/{team}/{name}", beacon),
            permutations=rules.permutations,
        )
        for name, kernels in (("served", to_served), ("control", to_control))
    ]
    agreement = _agreement([(a.sealed_greedy, a.served_greedy) for a in answers])
    distance = _distance(
        discrepancies(to_served),
        discrepancies(to_control),
        seed=seed_for(digest, f"served/{team}/interval", beacon),
    )
    result, reason = _decide(rules, p_values, agreement.value, distance.value)
    return ServedReport(
        team=team,
        control=control,
        rules_digest=digest,
        result=result,
        reason=reason,
        limits=LIMITS,
        agreement=agreement,
        control_agreement=_agreement(
            [(a.sealed_greedy, a.control_greedy) for a in answers]
        ),
        distance=distance,
        p_value=p_values[0],
        control_p_value=p_values[1],
        prompts=len(answers),
        draws=draws,
        missing=missing,
    )


def _decide(
    rules: ServedRules, p_values: Sequence[float], agreement: float, distance: float
) -> tuple[CheckResult, Text]:
    """The word and why: adverse only where every measure says the same."""
    p_value, control_p = p_values
    if control_p > rules.refer_p:
        return CheckResult.INCONCLUSIVE, _WORDS["blind"]
    if (
        p_value > rules.same_p
        and distance < rules.same_distance
        and agreement >= rules.same_agreement
    ):
        return CheckResult.PASS, _WORDS["same"]
    if (
        p_value <= rules.refer_p
        and distance >= rules.refer_distance
        and agreement <= rules.refer_agreement
    ):
        return CheckResult.FAIL, _WORDS["other"]
    return CheckResult.INCONCLUSIVE, _WORDS["near"]


def _draws(answers: Sequence[PromptAnswers], rules: ServedRules) -> int:
    if len(answers) < rules.least_prompts:
        raise InvalidInput(
            f"{len(answers)} prompts were answered by all three models",
            remedy=f"ask at least {rules.least_prompts}",
        )
    counts = {len(side) for a in answers for side in (a.sealed, a.served, a.control)}
    if len(counts) != 1 or min(counts) < 2:
        raise InvalidInput(
            f"answers drawn for a prompt number {sorted(counts)}",
            remedy="draw the same number of each model, two at the least",
        )
    return counts.pop()


def _agreement(pairs: Sequence[tuple[str, str]]) -> Estimate:
    share = sum(left == right for left, right in pairs) / len(pairs)
    low, high = wilson_interval(share, len(pairs))
    return Estimate(
        value=share,
        low=low,
        high=high,
        n=len(pairs),
        method="share of equal answers at temperature 0, Wilson 95 %",
        source="answers",
    )


def _distance(
    served: npt.NDArray[np.float64], control: npt.NDArray[np.float64], *, seed: int
) -> Estimate:
    """The ratio of the mean discrepancies, prompts reweighted for its interval."""
    weights = shared_weights(seed, draws=_DRAWS, units=len(served))
    value = float(served.mean() / control.mean()) if control.mean() > 0 else 0.0
    bottom = (weights * control).sum(axis=1)
    top = (weights * served).sum(axis=1)
    drawn = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
    low, high = percentile_interval(drawn)
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=len(served),
        method=f"ratio of squared MMD (spectrum kernel), {_DRAWS} Bayesian bootstraps",
        source="answers",
    )
