"""Every checker accepts what keeps its rule and rejects what does not."""

from __future__ import annotations

import pytest

from dokja.benchmark.generated import make_instructions
from dokja.benchmark.values import AnswerRule, AnswerRuleKind
from dokja.benchmark.written.rules import broken_rules, follows_rule
from dokja.errors import InvalidInput

K = AnswerRuleKind


@pytest.mark.parametrize(
    ("rule", "kept", "broken"),
    [
        (AnswerRule(kind=K.WORDS_AT_LEAST, number=3), "하나 둘 셋", "하나 둘"),
        (AnswerRule(kind=K.WORDS_AT_MOST, number=2), "하나 둘", "하나 둘 셋"),
        (AnswerRule(kind=K.WORDS_AT_MOST, number=2), "하나", "  "),
        (AnswerRule(kind=K.INCLUDES, text="바다"), "푸른 바다다.", "푸른 산이다."),
        (AnswerRule(kind=K.JSON_ONLY), '{"가": 1}', '답: {"가": 1}'),
        (AnswerRule(kind=K.JSON_ONLY), "[1, 2]", "[NaN]"),
        (AnswerRule(kind=K.JSON_ONLY), '"글"', "```json\n{}\n```"),
        (AnswerRule(kind=K.NO_COMMAS), "산과 바다", "산, 바다"),
        (AnswerRule(kind=K.NO_COMMAS), "산·바다", "산、바다"),
        (AnswerRule(kind=K.KOREAN_ONLY), "한글 3개!", "한글과 abc"),
        (AnswerRule(kind=K.KOREAN_ONLY), "가나다", "漢字와 한글"),
        (AnswerRule(kind=K.KOREAN_ONLY), "예", "123"),
        (AnswerRule(kind=K.SENTENCES, number=2), "갔다. 왔다!", "갔다. 왔다. 잤다."),
        (AnswerRule(kind=K.SENTENCES, number=2), "3.5도다. 춥다", "3.5도다."),
        (AnswerRule(kind=K.ENDS_WITH, text="끝."), "이제 끝.\n", "끝. 아니다"),
    ],
)
def test_a_checker_accepts_and_rejects(
    rule: AnswerRule, kept: str, broken: str
) -> None:
    """Both sides, so that no checker is always content."""
    assert follows_rule(kept, rule)
    assert not follows_rule(broken, rule)


@pytest.mark.parametrize("kind", [K.INCLUDES, K.ENDS_WITH, K.SENTENCES])
def test_a_rule_without_its_text_or_number_is_refused(kind: AnswerRuleKind) -> None:
    """Any answer would keep it."""
    with pytest.raises(InvalidInput, match="lacks"):
        follows_rule("답", AnswerRule(kind=kind))


def _answer(rules: tuple[AnswerRule, ...]) -> str:
    """An answer that keeps all rules of a generated instruction."""
    by_kind = {rule.kind: rule for rule in rules}
    wanted = by_kind[K.INCLUDES].text if K.INCLUDES in by_kind else "글"
    ending = by_kind[K.ENDS_WITH].text if K.ENDS_WITH in by_kind else "좋다."
    if K.JSON_ONLY in by_kind:
        return f'["{wanted}"]'
    if K.SENTENCES in by_kind:
        sentences = by_kind[K.SENTENCES].number
        return " ".join([f"{wanted} 본다."] * (sentences - 1) + [ending])
    if K.WORDS_AT_LEAST in by_kind:
        return " ".join([wanted] * by_kind[K.WORDS_AT_LEAST].number + [ending])
    return f"{wanted} {ending}"


def test_generated_instructions_can_be_kept_and_can_be_broken() -> None:
    """Rules of one instruction never contradict each other."""
    made = make_instructions(count=500)
    assert made == make_instructions(count=500)
    assert made != make_instructions(count=500, beacon="drawn")
    assert {rule.kind for one in made for rule in one.rules} == set(K)
    for instruction in made:
        assert broken_rules(_answer(instruction.rules), instruction) == ()
        assert broken_rules("", instruction) == instruction.rules
