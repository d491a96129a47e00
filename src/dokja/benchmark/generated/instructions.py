"""Instructions whose fulfilment a program checks: the checkers and a generator."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from dokja.benchmark.generated.draws import Draws
from dokja.benchmark.values import AnswerRule, AnswerRuleKind, Instruction
from dokja.errors import InvalidInput

_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")
_HANGUL = re.compile(r"[가-힣]")
_OTHER_LETTER = re.compile(r"[^\W\d_가-힣ㄱ-ㅎㅏ-ㅣ]")
_COMMAS = frozenset(",，、﹐")
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

Checker = Callable[[str, AnswerRule], bool]


def count_sentences(text: str) -> int:
    """Number of sentences; a last one without a mark counts as well."""
    parts = _SENTENCE_END.split(text.strip())
    return sum(1 for part in parts if part.strip())


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError):
        return False
    return True


def _no_json(name: str) -> None:
    """Refuses NaN and infinity, which Python reads and JSON does not have."""
    raise ValueError(name)


_CHECKERS: Mapping[AnswerRuleKind, Checker] = {
    AnswerRuleKind.WORDS_AT_LEAST: lambda text, rule: len(text.split()) >= rule.number,
    AnswerRuleKind.WORDS_AT_MOST: lambda text, rule: (
        0 < len(text.split()) <= rule.number
    ),
    AnswerRuleKind.INCLUDES: lambda text, rule: rule.text in text,
    AnswerRuleKind.JSON_ONLY: lambda text, _: _is_json(text),
    AnswerRuleKind.NO_COMMAS: lambda text, _: (
        bool(text.strip()) and not _COMMAS & set(text)
    ),
    AnswerRuleKind.KOREAN_ONLY: lambda text, _: (
        bool(_HANGUL.search(text)) and not _OTHER_LETTER.search(text)
    ),
    AnswerRuleKind.SENTENCES: lambda text, rule: count_sentences(text) == rule.number,
    AnswerRuleKind.ENDS_WITH: lambda text, rule: text.rstrip().endswith(rule.text),
}


def follows_rule(answer: str, rule: AnswerRule) -> bool:
    """Whether the answer keeps the rule.

    Raises: InvalidInput for a rule without the text or the number it needs.
    """
    needs_text = rule.kind in (AnswerRuleKind.INCLUDES, AnswerRuleKind.ENDS_WITH)
    needs_number = rule.kind in (
        AnswerRuleKind.WORDS_AT_LEAST,
        AnswerRuleKind.WORDS_AT_MOST,
        AnswerRuleKind.SENTENCES,
    )
    if (needs_text and not rule.text) or (needs_number and rule.number < 1):
        raise InvalidInput(
            f"rule {rule.kind.value} lacks its text or its number",
            remedy="correct the instruction; an empty rule would be kept by any answer",
        )
    return _CHECKERS[rule.kind](answer, rule)


def broken_rules(answer: str, instruction: Instruction) -> tuple[AnswerRule, ...]:
    """The rules of the instruction that the answer does not keep."""
    return tuple(r for r in instruction.rules if not follows_rule(answer, r))


def make_instructions(*, count: int, beacon: str = "") -> tuple[Instruction, ...]:
    """Instructions in Korean with one or two rules that can be kept together."""
    draws = Draws("ko-instructions/1", "instructions", beacon)
    return tuple(_instruction(number, draws) for number in range(1, count + 1))


def _instruction(number: int, draws: Draws) -> Instruction:
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
    return Instruction(
        id=f"ko-instructions-{number:04d}",
        prompt=f"‘{topic}’에 관해 써 주십시오. {wanted}",
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
