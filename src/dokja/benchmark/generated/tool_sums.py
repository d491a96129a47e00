"""Questions whose answer takes a computation that is too long to do in the head.

For models that may use a tool: what is asked is whether they reach for it, put
the question into a program and read what it prints. Every answer is a whole
number that a few lines of Python give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from math import gcd
from statistics import median

from dokja.benchmark.generated.drafts import Draft, Maker, draw_items
from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.values import Item

_SYLLABLES = "가나다라마바사아자차카타파하"
_FIRST_DAY, _DAYS = date(1900, 1, 1), 54_000

Asked = tuple[Mapping[str, object], int]
"""What stands in the template, and the answer."""


def _numbers(draws: Draws, count: int) -> list[int]:
    return [draws.between(10_000, 99_999) for _ in range(count)]


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))


def _product(draws: Draws) -> Asked:
    a, b = (draws.between(10_000_000, 999_999_999) for _ in range(2))
    return {"a": a, "b": b}, a * b


def _total(draws: Draws) -> Asked:
    numbers = _numbers(draws, draws.between(24, 36))
    return {"numbers": _listed(numbers)}, sum(numbers)


def _middle(draws: Draws) -> Asked:
    numbers = _numbers(draws, 2 * draws.between(12, 18) + 1)
    return {"numbers": _listed(numbers)}, int(median(numbers))


def _above(draws: Draws) -> Asked:
    numbers, bound = _numbers(draws, 40), draws.between(30_000, 70_000)
    high = sum(number for number in numbers if number > bound and number % 3 == 0)
    return {"numbers": _listed(numbers), "bound": bound}, high


def _letters(draws: Draws) -> Asked:
    text = "".join(draws.pick(_SYLLABLES) for _ in range(draws.between(160, 240)))
    sought = draws.pick(_SYLLABLES)
    return {"text": text, "sought": sought}, text.count(sought)


def _days(draws: Draws) -> Asked:
    start = draws.between(0, _DAYS - 10_000)
    first = _FIRST_DAY + timedelta(start)
    length = draws.between(1_000, 10_000)
    last = first + timedelta(length)
    shown = [f"{day.year}년 {day.month}월 {day.day}일" for day in (first, last)]
    return {"first": shown[0], "last": shown[1]}, length


def _power(draws: Draws) -> Asked:
    a, b = draws.between(101, 999), draws.between(1_001, 9_999)
    m = draws.between(100_003, 999_983)
    return {"a": a, "b": b, "m": m}, pow(a, b, m)


def _divisor(draws: Draws) -> Asked:
    shared = draws.between(1_001, 99_999)
    a, b = (shared * draws.between(1_001, 99_999) for _ in range(2))
    return {"a": a, "b": b}, gcd(a, b)


def _digits(draws: Draws) -> Asked:
    a, b = draws.between(11, 99), draws.between(40, 120)
    return {"a": a, "b": b}, sum(map(int, str(a**b)))


_ABOVE = (
    "다음 수 가운데 {bound}보다 큰 3의 배수를 모두 더한 값을 구하십시오. "
    "그런 수가 없으면 0입니다.\n{numbers}"
)
PROBLEMS: Mapping[str, tuple[str, Callable[[Draws], Asked]]] = {
    "product": ("{a} × {b}의 값을 구하십시오.", _product),
    "total": ("다음 수를 모두 더한 값을 구하십시오.\n{numbers}", _total),
    "middle": ("다음 수의 중앙값을 구하십시오.\n{numbers}", _middle),
    "above": (_ABOVE, _above),
    "letters": (
        "다음 글에 ‘{sought}’라는 글자가 몇 번 나옵니까?\n{text}",
        _letters,
    ),
    "days": (
        "그레고리력으로 {first}에서 며칠이 지나면 {last}이 됩니까?",
        _days,
    ),
    "power": (
        "나누는 수가 {m}일 때 {a}의 {b}제곱을 나눈 나머지를 구하십시오.",
        _power,
    ),
    "divisor": ("{a}, {b} 두 수의 최대공약수를 구하십시오.", _divisor),
    "digits": (
        "{a}의 {b}제곱을 십진법으로 썼을 때 각 자리 숫자의 합을 구하십시오.",
        _digits,
    ),
}


def _draft(name: str, draws: Draws) -> Draft:
    template, ask = PROBLEMS[name]
    shown, answer = ask(draws)
    return Draft(template.format(**shown), str(answer), (), cluster=name)


MAKERS: tuple[Maker, ...] = tuple(partial(_draft, name) for name in PROBLEMS)


def tool_sum_items(suite: str, *, items: int, beacon: str) -> tuple[Item, ...]:
    """Different questions, as many of each kind, with their answer as the target."""
    drawn = draw_items(MAKERS, suite=suite, items=items, beacon=beacon)
    return tuple(
        Item(
            id=item.id,
            question=item.question,
            target=item.choices[0],
            cluster=item.cluster,
        )
        for item in drawn
    )
