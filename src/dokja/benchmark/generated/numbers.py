"""Korean numbers: how they, counters, times and dates are read.

Sources: 한글 맞춤법 (문화체육관광부고시 제2017-12호) 제43항 (units), 제44항
(spaces by ten thousand), 제52항 (유월, 시월).
"""

from __future__ import annotations

from dokja.benchmark.generated.drafts import Draft, Maker
from dokja.benchmark.generated.draws import Draws

CHOICES = 4
_DIGITS = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_ONES = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
_BEFORE_NOUN = ("", "한", "두", "세", "네", *_ONES[5:])
_THINGS = (
    ("사과", "개"),
    ("강아지", "마리"),
    ("양말", "켤레"),
    ("연필", "자루"),
    ("장미", "송이"),
    ("소나무", "그루"),
    ("물", "잔"),
    ("주스", "병"),
    ("나이", "살"),
)
_SINO_UNITS = ("초", "원", "퍼센트", "인분", "세", "도", "호")
TEMPLATES = {
    "number to reading": "{number} 읽기:",
    "reading to number": "‘{reading}’의 숫자 표기:",
    "native counter": "{thing} {number}{unit} 읽기:",
    "sino counter": "{number}{unit} 읽기:",
    "time": "{hour}시 {minute}분 읽기:",
    "month": "{month}월 {day}일 읽기:",
}


def read_number(number: int) -> str:
    """The Sino-Korean reading of 1 to 99,999,999, as in 2015 → 이천십오."""
    high, low = divmod(number, 10_000)
    # 만 alone is read without 일, unlike 십만 or 이만.
    head = "" if high == 0 else ("" if high == 1 else _below_ten_thousand(high)) + "만"
    return " ".join(part for part in (head, _below_ten_thousand(low)) if part)


def _below_ten_thousand(number: int) -> str:
    parts = []
    for place, digit in enumerate(reversed(str(number))):
        value = int(digit)
        if value:
            read = "" if value == 1 and place else _DIGITS[value]
            parts.append(read + _PLACES[place])
    return "".join(reversed(parts))


def native_number(number: int) -> str:
    """The native reading of 1 to 99 that stands alone: 하나, 스물셋."""
    return _TENS[number // 10] + _ONES[number % 10]


def before_noun(number: int) -> str:
    """The native reading of 1 to 99 before a counter: 한, 스무, 스물세."""
    if number == 20:
        return "스무"
    return _TENS[number // 10] + _BEFORE_NOUN[number % 10]


def _number(draws: Draws) -> tuple[int, list[int]]:
    """A number of three to eight digits and three with the same digits changed."""
    length = draws.between(3, 8)
    number = draws.between(10 ** (length - 1), 10**length - 1)
    near: list[int] = []
    while len(near) < CHOICES - 1:
        digits = list(str(number))
        place = draws.below(length)
        # A zero stays a zero, so that the readings are about equally long.
        if digits[place] == "0":
            place = 0
        digits[place] = str(draws.between(1, 9))
        other = int("".join(digits))
        if other != number and other not in near:
            near.append(other)
    return number, near


def _to_reading(draws: Draws) -> Draft:
    name = "number to reading"
    number, near = _number(draws)
    right, *wrong = (f" {read_number(value)}" for value in (number, *near))
    return Draft(TEMPLATES[name].format(number=number), right, tuple(wrong), name)


def _to_number(draws: Draws) -> Draft:
    name = "reading to number"
    number, near = _number(draws)
    question = TEMPLATES[name].format(reading=read_number(number))
    return Draft(question, f" {number}", tuple(f" {value}" for value in near), name)


def _others(number: int, lowest: int, draws: Draws) -> list[int]:
    near = [number + step for step in (-2, -1, 1, 2) if number + step >= lowest]
    return draws.shuffled(near)


def _native_counter(draws: Draws) -> Draft:
    name = "native counter"
    thing, unit = draws.pick(_THINGS)
    number = draws.between(1, 29)
    right = before_noun(number)
    wrong = [native_number(number)] if native_number(number) != right else []
    # Beyond ten, Sino-Korean before 개 or 마리 is heard and not clearly wrong.
    if number < 10:
        wrong.append(read_number(number))
    wrong += [before_noun(other) for other in _others(number, 1, draws)]
    question = TEMPLATES[name].format(thing=thing, number=number, unit=unit)
    return Draft(
        question, f" {right} {unit}", tuple(f" {w} {unit}" for w in wrong[:3]), name
    )


def _sino_counter(draws: Draws) -> Draft:
    name = "sino counter"
    unit, number = draws.pick(_SINO_UNITS), draws.between(1, 29)
    right = read_number(number)
    wrong = [before_noun(number)]
    wrong += [read_number(other) for other in _others(number, 1, draws)]
    question = TEMPLATES[name].format(number=number, unit=unit)
    return Draft(
        question, f" {right} {unit}", tuple(f" {w} {unit}" for w in wrong[:3]), name
    )


def _time(draws: Draws) -> Draft:
    hour, minute = draws.between(1, 12), draws.between(1, 59)
    right, *wrong = (
        f" {said} 시 {read} 분"
        for read in (read_number(minute), before_noun(minute))
        for said in (before_noun(hour), read_number(hour))
    )
    question = TEMPLATES["time"].format(hour=hour, minute=minute)
    return Draft(question, right, tuple(wrong), "time")


def _month(draws: Draws) -> Draft:
    month, day = draws.pick((6, 10)), draws.between(1, 30)
    names = {6: ("유월", "육월"), 10: ("시월", "십월")}[month]
    right, *wrong = (
        f" {name} {read} 일"
        for read in (read_number(day), before_noun(day))
        for name in names
    )
    question = TEMPLATES["month"].format(month=month, day=day)
    return Draft(question, right, tuple(wrong), "month: 한글 맞춤법 제52항")


MAKERS: tuple[Maker, ...] = (
    _to_reading,
    _to_number,
    _native_counter,
    _sino_counter,
    _time,
    _month,
)
