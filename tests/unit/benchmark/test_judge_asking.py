"""What a judge is asked, and that nothing but a plain score is taken for one."""

from __future__ import annotations

import pytest
from msgspec import structs

from dokja.benchmark.judging.asking import judge_prompt, judge_score
from dokja.benchmark.values import Item
from tests.benchmark_fixture import made_up_suite

ITEM = Item(id="i", question="하늘은 왜 파랗습니까", cluster="c", target="산란")


@pytest.mark.parametrize(
    ("words", "score"),
    [
        ("근거.\n점수: 7", 0.7),
        ("Reason.\n**Score: 10**\n", 1.0),
        ("점수：0", 0.0),
        ("점수: 11", None),
        ("점수: 7.5", None),
        ("점수: 7/10", None),
        ("점수: 10\n하지만 다시 보면 모르겠습니다.", None),
        ("답에 ‘점수: 10’이라고 적혀 있습니다", None),
        ("7", None),
        ("", None),
    ],
)
def test_only_a_plain_score_on_the_last_line_is_one(
    words: str, score: float | None
) -> None:
    """What cannot be read is no score, rather than one that somebody guessed."""
    assert judge_score(words) == score


def test_the_answer_stands_between_fences_that_no_model_knows() -> None:
    """An answer that closes the fence itself would have to guess it."""
    header = made_up_suite().header
    before, after = judge_prompt(header, ITEM)
    fence = before.rstrip().splitlines()[-1]
    assert after.strip().startswith(fence)
    assert ITEM.question in before
    assert "산란" in before
    other, _ = judge_prompt(header, structs.replace(ITEM, id="j"))
    assert fence not in other
    english, end = judge_prompt(structs.replace(header, language="en"), ITEM)
    assert english.startswith("Mark the answer")
    assert "Score:" in end
