"""The two-sample test on answers: a swap is found, the same model is not accused."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import CheckResult
from dokja.independence.served.answer_distance import (
    answer_kernel,
    discrepancies,
    permutation_p,
)
from dokja.independence.served.compare_served import compare_served
from dokja.independence.served.values import PromptAnswers, ServedRules

RULES = ServedRules(permutations=1_999, letters=24)
ALPHABET = "가나다라마바사아"


def spoken(model: str, prompt: int, draw: str, *, noise: float = 0.0) -> str:
    """An answer of an invented model, whose letters have their own frequencies.

    `noise` is the share of letters at which it speaks as another model would.
    """
    taste = uniform_draws(seed_for(model, f"{prompt}"), 24 * 8).reshape(24, 8) ** 4
    other = uniform_draws(seed_for("noise", f"{prompt}"), 24 * 8).reshape(24, 8) ** 4
    chances = (1 - noise) * taste + noise * other
    chances = chances / chances.sum(axis=1, keepdims=True)
    if draw == "greedy":
        return "".join(ALPHABET[row.argmax()] for row in chances)
    found = uniform_draws(seed_for(draw, f"{model}/{prompt}/{noise}"), 24)
    picked = (chances.cumsum(axis=1) < found[:, None]).sum(axis=1)
    return "".join(ALPHABET[min(place, 7)] for place in picked)


def asked(served: str, *, noise: float = 0.0, prompts: int = 12) -> list[PromptAnswers]:
    """Answers of the sealed model m, of what is served, and of a control."""

    def drawn(model: str, prompt: int, side: str, noise: float) -> tuple[str, ...]:
        return tuple(
            spoken(model, prompt, f"{side}-{n}", noise=noise) for n in range(6)
        )

    return [
        PromptAnswers(
            prompt=str(n),
            sealed_greedy=spoken("m", n, "greedy"),
            served_greedy=spoken(served, n, "greedy", noise=noise),
            control_greedy=spoken("c", n, "greedy"),
            sealed=drawn("m", n, "sealed", 0.0),
            served=drawn(served, n, "served", noise),
            control=drawn("c", n, "control", 0.0),
        )
        for n in range(prompts)
    ]


def word(answers: list[PromptAnswers]) -> CheckResult:
    """The result of the check."""
    return compare_served(answers, RULES, team="t1", control="c", beacon="drawn").result


def test_the_same_model_passes_and_another_is_referred() -> None:
    """Drawn independently, so that no answer is a copy of one."""
    report = compare_served(asked("m"), RULES, team="t1", control="c", beacon="drawn")
    assert report.result is CheckResult.PASS
    assert report.control_p_value <= RULES.refer_p
    assert report.p_value > RULES.same_p
    assert report.limits.en
    assert word(asked("x")) is CheckResult.FAIL


def test_a_model_that_was_changed_a_little_is_inconclusive() -> None:
    """Quantised or set otherwise: near is neither the same nor another."""
    assert word(asked("m", noise=0.35)) is CheckResult.INCONCLUSIVE


def test_a_server_that_ignores_the_temperature_is_not_accused() -> None:
    """Its drawn answers are all alike; at temperature 0 it says the same."""
    stuck = [
        PromptAnswers(
            prompt=one.prompt,
            sealed_greedy=one.sealed_greedy,
            served_greedy=one.served_greedy,
            control_greedy=one.control_greedy,
            sealed=one.sealed,
            served=(one.served_greedy,) * len(one.sealed),
            control=one.control,
        )
        for one in asked("m")
    ]
    assert word(stuck) is CheckResult.INCONCLUSIVE


def test_a_test_that_cannot_tell_the_control_apart_says_nothing() -> None:
    """Neither a pass nor a referral comes from prompts without power."""
    blind = [
        PromptAnswers(
            prompt=one.prompt,
            sealed_greedy=one.sealed_greedy,
            served_greedy=one.served_greedy,
            control_greedy=one.sealed_greedy,
            sealed=one.sealed,
            served=one.served,
            control=one.served,
        )
        for one in asked("m")
    ]
    assert word(blind) is CheckResult.INCONCLUSIVE


def test_the_same_model_is_rarely_told_apart() -> None:
    """p-values of equal models are spread evenly: of 60, few lie below 0.05."""
    low = 0
    for round_ in range(60):
        kernels = np.stack(
            [
                answer_kernel(
                    [spoken("m", n, f"{round_}-{k}") for k in range(12)], letters=24
                )
                for n in range(4)
            ]
        )
        low += permutation_p(kernels, seed=round_, permutations=199) <= 0.05
    assert low <= 9


def test_the_discrepancy_is_that_of_its_definition() -> None:
    """Against the sums written out, and zero on average for equal halves."""
    words = [spoken("m", 0, f"d-{n}") for n in range(8)]
    kernel = answer_kernel(words, letters=24)
    assert np.allclose(np.diag(kernel), 1.0)
    cut = answer_kernel(["가나", "가나다라", "", "x"], letters=2)
    assert cut[0, 1] == pytest.approx(1.0)
    assert cut[0, 3] == cut[0, 2] == 0.0
    near = sum(kernel[i, j] for i in range(4) for j in range(4) if i != j) / 12
    far = sum(kernel[i, j] for i in range(4, 8) for j in range(4, 8) if i != j) / 12
    across = sum(kernel[i, j] for i in range(4) for j in range(4, 8)) / 16
    assert discrepancies(kernel[None])[0] == pytest.approx(near + far - 2 * across)


def test_too_few_prompts_and_uneven_draws_are_refused() -> None:
    """A verdict needs enough to stand on."""
    few = asked("m", prompts=3)
    with pytest.raises(InvalidInput):
        word(few)
    uneven = asked("m")
    first = uneven[0]
    uneven[0] = PromptAnswers(
        prompt="0",
        sealed_greedy="",
        served_greedy="",
        control_greedy="",
        sealed=first.sealed[:3],
        served=first.served,
        control=first.control,
    )
    with pytest.raises(InvalidInput):
        word(uneven)
