"""Every model's written answer is read alike: strictly, and again by anyone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from dokja.benchmark.results import adds_up
from dokja.benchmark.values import (
    ANSWER_LETTERS,
    AnswerRule,
    AnswerRuleKind,
    Item,
    SampleRecord,
    SampleStatus,
    Scoring,
)
from dokja.benchmark.written import kept_answer, prompt_of, score_answer
from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from tests.benchmark_fixture import made_up_suite

CHOICE = Item(
    id="c", question="수도는?", choices=("부산", "서울", "대구"), answer=1, cluster="c"
)
NUMBER = Item(id="n", question="12 곱하기 100은?", target="1200", cluster="n")
WORD = Item(id="w", question="수도는?", target="서울", cluster="w")


@pytest.mark.parametrize(
    ("answer", "chosen"),
    [
        ("B", 1),
        (" b ", None),
        ("정답: B", 1),
        ("서울은 한국의 수도이다.\n정답: B", 1),
        ("**Answer: (B)**", 1),
        ("Answer: B. 서울", 1),
        ("정답: A\n아니, 다시 보니\n정답: B", 1),
        ("정답: A", 0),
        ("정답: D", None),
        ("정답: 서울", None),
        ("B일 수도 있고 A일 수도 있다", None),
        ("Because", None),
        ("Both", None),
        ("", None),
    ],
)
def test_a_letter_counts_where_it_was_asked_for(
    answer: str, chosen: int | None
) -> None:
    """The last answer line, or an answer that is nothing else."""
    assert score_answer(Scoring.LETTER, CHOICE, answer) == (chosen, int(chosen == 1))


@pytest.mark.parametrize(
    ("answer", "score"),
    [
        ("1200", 1),
        ("1,200", 1),
        ("1200.0", 1),
        ("12 × 100\n정답: 1200", 1),
        ("답은 12입니다.", 0),
        ("정답: -1200", 0),
        ("정답: 12,00", 1),
        ("모르겠습니다", 0),
        ("정답: 1200.5", 0),
    ],
)
def test_the_last_number_counts(answer: str, score: int) -> None:
    """Thousands' commas and trailing zeros change no number."""
    assert score_answer(Scoring.NUMBER, NUMBER, answer) == (None, score)


@pytest.mark.parametrize(
    ("answer", "score"),
    [("서울", 1), (" 서울. ", 1), ("정답: 서울", 1), ("서울이다", 0), ("부산", 0)],
)
def test_an_exact_answer_is_the_target(answer: str, score: int) -> None:
    """But for space and the mark at its end."""
    assert score_answer(Scoring.EXACT, WORD, answer) == (None, score)


def test_rules_are_all_to_be_kept() -> None:
    """One broken rule is a 0."""
    rules = (
        AnswerRule(kind=AnswerRuleKind.SENTENCES, number=1),
        AnswerRule(kind=AnswerRuleKind.INCLUDES, text="바다"),
    )
    item = structs.replace(WORD, rules=rules)
    assert score_answer(Scoring.RULES, item, "바다는 넓다.") == (None, 1)
    assert score_answer(Scoring.RULES, item, "바다는 넓다. 깊다.") == (None, 0)


@given(st.text(), st.sampled_from(list(Scoring)))
def test_any_text_gets_a_score_and_can_be_published(
    text: str, scoring: Scoring
) -> None:
    """Models write anything: lone surrogates and control characters as well."""
    answer = kept_answer(text)
    canonical_bytes({"answer": answer})
    assert kept_answer(answer) == answer
    item = structs.replace(
        CHOICE,
        target="7",
        rules=(AnswerRule(kind=AnswerRuleKind.NO_COMMAS),),
    )
    scored = score_answer(scoring, item, answer)
    assert scored is None or scored[1] in (0, 1)


def test_a_long_answer_keeps_its_end() -> None:
    """Where the answer line stands."""
    kept = kept_answer("가" * 3 * ANSWER_LETTERS + "\n정답: B")
    assert len(kept) == ANSWER_LETTERS
    assert score_answer(Scoring.LETTER, CHOICE, kept) == (1, 1)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("scoring", [Scoring.LETTER, Scoring.NUMBER, Scoring.EXACT])
def test_the_prompt_asks_for_what_is_scored(scoring: Scoring, language: str) -> None:
    """In the suite's language; an answer as asked for is read."""
    header = structs.replace(
        made_up_suite().header, scoring=scoring, language=language, output_tokens=8
    )
    prompt = prompt_of(header, CHOICE)
    assert CHOICE.question in prompt
    assert ("정답: " if language == "ko" else "Answer: ") in prompt
    assert ("B. 서울" in prompt) == (scoring is Scoring.LETTER)


def test_more_choices_than_letters_are_refused() -> None:
    """Rather than asked without a name."""
    header = structs.replace(made_up_suite().header, scoring=Scoring.LETTER)
    many = structs.replace(CHOICE, choices=tuple(str(n) for n in range(11)))
    with pytest.raises(InvalidInput, match="11 choices"):
        prompt_of(header, many)


def _sample(**given: object) -> SampleRecord:
    blank = SampleRecord(
        suite="s",
        suite_version="1",
        item="c",
        item_digest="",
        cluster="c",
        status=SampleStatus.SCORED,
        chosen=None,
        score=None,
    )
    return structs.replace(blank, **given)


@pytest.mark.parametrize(
    ("scoring", "item", "sample", "holds"),
    [
        (Scoring.CHOICES, CHOICE, _sample(chosen=1, score=1), True),
        (Scoring.CHOICES, CHOICE, _sample(chosen=0, score=1), False),
        (Scoring.LETTER, CHOICE, _sample(chosen=1, score=1, answer="B"), True),
        (Scoring.LETTER, CHOICE, _sample(chosen=1, score=1, answer="A"), False),
        (Scoring.NUMBER, NUMBER, _sample(score=1, answer="1,200"), True),
        (Scoring.NUMBER, NUMBER, _sample(score=1, answer="12"), False),
        (Scoring.JUDGE, WORD, _sample(score=0.7, answer="글"), True),
        (Scoring.JUDGE, WORD, _sample(score=1.7, answer="글"), False),
        (Scoring.JUDGE, WORD, _sample(answer="글"), False),
        (Scoring.NUMBER, NUMBER, _sample(status=SampleStatus.ERROR), True),
        (Scoring.NUMBER, NUMBER, _sample(status=SampleStatus.ERROR, score=0), False),
        (Scoring.CODE, WORD, _sample(status=SampleStatus.NOT_RUN), True),
    ],
)
def test_a_score_is_derived_again_from_what_is_kept(
    scoring: Scoring, item: Item, sample: SampleRecord, *, holds: bool
) -> None:
    """As the verifier of a bundle does."""
    assert adds_up(scoring, item, sample) is holds
