"""Instructions whose fulfilment a program checks."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.values import AnswerRule, AnswerRuleKind, Item

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
    """Instructions in Korean with one or two rules that can be kept together."""
    draws = Draws("ko-instructions/1", "instructions", beacon)
    return tuple(_instruction(number, draws) for number in range(1, count + 1))


def _instruction(number: int, draws: Draws) -> Item:
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
    return Item(
        id=f"ko-instructions-{number:04d}",
        question=f"‘{topic}’에 관해 써 주십시오. {wanted}",
        rules=rules,
        cluster=" + ".join(rule.kind.value for rule in rules),
    )


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
