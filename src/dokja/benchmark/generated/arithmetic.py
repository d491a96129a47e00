"""Sums in signs and in Korean words, each with three near results.

A wrong result has as many digits as the right one, and the right one is drawn
to be the smallest, the largest or between: neither length nor order tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from dokja.benchmark.generated.drafts import Draft, Maker, draw_items
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.values import Item

CHOICES = 4
_ANSWER = "\n답:"
_STEPS = (1, 2, 3, 9, 10, 11, 20, 90, 100, 110)

Numbers = tuple[Mapping[str, int], int]
"""The numbers of a question by their place in the template, and the result."""


@dataclass(frozen=True)
class Problem:
    """A kind of sum: how it is asked and how its numbers are drawn."""

    template: str
    unit: str
    draw: Callable[[Draws], Numbers]


def _sum(draws: Draws) -> Numbers:
    a, b = draws.between(12, 989), draws.between(12, 989)
    return {"a": a, "b": b}, a + b


def _difference(draws: Draws) -> Numbers:
    b, rest = draws.between(12, 489), draws.between(2, 489)
    return {"a": b + rest, "b": b}, rest


def _product(draws: Draws) -> Numbers:
    a, b = draws.between(12, 98), draws.between(3, 49)
    return {"a": a, "b": b}, a * b


def _quotient(draws: Draws) -> Numbers:
    b, quotient = draws.between(3, 19), draws.between(3, 98)
    return {"a": b * quotient, "b": b}, quotient


def _remainder(draws: Draws) -> Numbers:
    b, quotient = draws.between(6, 19), draws.between(3, 49)
    rest = draws.between(1, b - 1)
    return {"a": b * quotient + rest, "b": b}, rest


def _product_first(draws: Draws) -> Numbers:
    a, b, c = draws.between(11, 99), draws.between(3, 19), draws.between(3, 9)
    return {"a": a, "b": b, "c": c}, a + b * c


def _bracket_first(draws: Draws) -> Numbers:
    a, b, c = draws.between(3, 39), draws.between(3, 39), draws.between(3, 9)
    return {"a": a, "b": b, "c": c}, (a + b) * c


def _share(draws: Draws) -> Numbers:
    b, hundreds = 5 * draws.between(1, 19), draws.between(3, 98)
    return {"a": 100 * hundreds, "b": b}, b * hundreds


PROBLEMS: Mapping[str, Problem] = {
    "sum": Problem("{a} + {b} =", "", _sum),
    "difference": Problem("{a} - {b} =", "", _difference),
    "product": Problem("{a} × {b} =", "", _product),
    "quotient": Problem("{a} ÷ {b} =", "", _quotient),
    "product first": Problem("{a} + {b} × {c} =", "", _product_first),
    "bracket first": Problem("({a} + {b}) × {c} =", "", _bracket_first),
    "added": Problem(
        "사과가 {a}개 있는데 {b}개를 더 샀다. 사과는 모두 몇 개인가?\n답:", "개", _sum
    ),
    "left over": Problem(
        "학생 {a}명 가운데 {b}명이 집에 갔다. 남은 학생은 몇 명인가?\n답:",
        "명",
        _difference,
    ),
    "in boxes": Problem(
        "한 상자에 귤이 {a}개씩 들어 있다. {b}상자에 든 귤은 모두 몇 개인가?\n답:",
        "개",
        _product,
    ),
    "shared": Problem(
        "연필 {a}자루를 {b}명이 똑같이 나누어 가졌다. "
        "한 명이 가진 연필은 몇 자루인가?\n답:",
        "자루",
        _quotient,
    ),
    "remaining": Problem(
        "사탕 {a}개를 {b}명에게 똑같이, 될 수 있는 대로 많이 나누어 주었다. "
        "남은 사탕은 몇 개인가?\n답:",
        "개",
        _remainder,
    ),
    "per cent": Problem("{a}원의 {b}퍼센트는 얼마인가?\n답:", "원", _share),
}
TEMPLATES = {name: problem.template for name, problem in PROBLEMS.items()}


def near_results(value: int, draws: Draws) -> tuple[int, ...]:
    """Three other whole numbers with as many digits, about as often above as below."""
    digits = len(str(value))
    low = 10 ** (digits - 1) if digits > 1 else 0
    steps = draws.shuffled(_STEPS)
    below = [value - step for step in steps if value - step >= low]
    above = [value + step for step in steps if value + step < 10**digits]
    wanted = draws.below(CHOICES)
    wanted = max(wanted, CHOICES - 1 - len(above))
    kept = below[:wanted]
    return (*kept, *above[: CHOICES - 1 - len(kept)])


def _draft(name: str, draws: Draws) -> Draft:
    problem = PROBLEMS[name]
    numbers, result = problem.draw(draws)
    right, *wrong = (
        f" {value}{problem.unit}" for value in (result, *near_results(result, draws))
    )
    question = problem.template.format(**numbers)
    return Draft(question, right, tuple(wrong), cluster=name)


def written_items(suite: str, *, items: int, beacon: str) -> tuple[Item, ...]:
    """The same kinds of sums without choices: the result is the target."""
    drawn = draw_items(MAKERS, suite=suite, items=items, beacon=beacon)
    return tuple(_written(item) for item in drawn)


def _written(item: Item) -> Item:
    right = item.choices[item.answer or 0]
    return Item(
        id=item.id,
        question=item.question.removesuffix(_ANSWER),
        target="".join(sign for sign in right if sign.isdecimal()),
        cluster=item.cluster,
    )


MAKERS: tuple[Maker, ...] = tuple(partial(_draft, name) for name in PROBLEMS)
