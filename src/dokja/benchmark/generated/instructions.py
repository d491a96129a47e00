"""Instructions whose fulfilment a program checks."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.values import AnswerRule, AnswerRuleKind, Item
from dokja.errors import InvalidInput

_TRIES = 100
"""Draws for every instruction wanted, before it is given up."""

_TOPICS = (
    "바다",
    "도서관",
    "김치",
    "기차",
    "가을",
    "우산",
    "한글",
    "달",
    "시장",
    "나무",
)


def make_instructions(*, count: int, beacon: str = "") -> tuple[Item, ...]:
    """Different instructions in Korean with rules that can be kept together.

    Raises: InvalidInput where there are not so many.
    """
    draws = Draws("ko-instructions/1", "instructions", beacon)
    asked: dict[str, tuple[AnswerRule, ...]] = {}
    for _ in range(_TRIES * count):
        if len(asked) == count:
            break
        asked.setdefault(*_instruction(draws))
    else:
        raise InvalidInput(
            f"there are no {count} different instructions",
            remedy="ask for fewer items",
        )
    return tuple(
        Item(
            id=f"ko-instructions-{number:04d}",
            question=question,
            rules=rules,
            cluster=" + ".join(rule.kind.value for rule in rules),
        )
        for number, (question, rules) in enumerate(asked.items(), start=1)
    )


def _instruction(draws: Draws) -> tuple[str, tuple[AnswerRule, ...]]:
    """The question and its rules: one of the shape, and perhaps one more."""
    topic = draws.pick(_TOPICS)
    kind = AnswerRuleKind
    sentences, words = draws.between(2, 5), draws.between(10, 40)
    shape = draws.pick(
        (
            (AnswerRule(kind=kind.SENTENCES, number=sentences),),
            (AnswerRule(kind=kind.WORDS_AT_LEAST, number=words),),
            (AnswerRule(kind=kind.WORDS_AT_MOST, number=words),),
            (AnswerRule(kind=kind.JSON_ONLY),),
        )
    )
    added = draws.pick(
        (
            (),
            (AnswerRule(kind=kind.INCLUDES, text=topic),),
            (AnswerRule(kind=kind.NO_COMMAS),),
            (AnswerRule(kind=kind.KOREAN_ONLY),),
            (AnswerRule(kind=kind.ENDS_WITH, text="이상입니다."),),
        )
    )
    # An answer that is JSON cannot end in a sentence as well.
    if shape[0].kind is kind.JSON_ONLY:
        added = tuple(rule for rule in added if rule.kind is kind.INCLUDES)
    rules = (*shape, *added)
    wanted = " ".join(_WORDING[rule.kind].format(rule=rule) for rule in rules)
    return f"‘{topic}’에 관해 써 주십시오. {wanted}", rules


_WORDING: Mapping[AnswerRuleKind, str] = {
    AnswerRuleKind.WORDS_AT_LEAST: "{rule.number}어절 이상으로 쓰십시오.",
    AnswerRuleKind.WORDS_AT_MOST: "{rule.number}어절 이하로 쓰십시오.",
    AnswerRuleKind.INCLUDES: "‘{rule.text}’라는 말을 그대로 넣으십시오.",
    AnswerRuleKind.JSON_ONLY: "다른 글 없이 JSON만 쓰십시오.",
    AnswerRuleKind.NO_COMMAS: "쉼표를 쓰지 마십시오.",
    AnswerRuleKind.KOREAN_ONLY: "글자는 한글만 쓰십시오.",
    AnswerRuleKind.SENTENCES: "정확히 {rule.number}문장으로 쓰십시오.",
    AnswerRuleKind.ENDS_WITH: "‘{rule.text}’로 끝내십시오.",
}
