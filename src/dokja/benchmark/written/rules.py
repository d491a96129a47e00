"""Rules of an answer that a program can check."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from dokja.benchmark.values import AnswerRule, AnswerRuleKind, Item
from dokja.errors import InvalidInput

_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)")
_HANGUL = re.compile(r"[가-힣]")
_OTHER_LETTER = re.compile(r"[^\W\d_가-힣ㄱ-ㅎㅏ-ㅣ]")
_COMMAS = frozenset(",，、﹐")

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


def broken_rules(answer: str, item: Item) -> tuple[AnswerRule, ...]:
    """The rules of the item that the answer does not keep."""
    return tuple(r for r in item.rules if not follows_rule(answer, r))
