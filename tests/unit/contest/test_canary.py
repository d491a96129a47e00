"""An answer in disorder keeps its words, its length and its layout."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.battles.canary import can_be_broken, canary_texts, in_disorder
from dokja.contest.values import Battle, CanaryKind, Choice

ANSWER = "하나 둘 셋 넷\n\n다섯 여섯 일곱 여덟 아홉"


def _battle(kind: CanaryKind, broken: Choice | None = None) -> Battle:
    return Battle(
        voter=3,
        number=4,
        prompt="p01",
        left="t1",
        right="t1",
        canary=kind,
        broken=broken,
    )


def test_the_same_answer_stands_on_both_sides() -> None:
    """Nothing tells the sides apart."""
    assert canary_texts(5, _battle(CanaryKind.SAME), ANSWER) == (ANSWER, ANSWER)


def test_the_broken_side_is_the_one_that_was_drawn() -> None:
    """The other side is the real answer."""
    left, right = canary_texts(5, _battle(CanaryKind.BROKEN, Choice.LEFT), ANSWER)
    assert right == ANSWER
    assert left != ANSWER
    assert canary_texts(5, _battle(CanaryKind.BROKEN, Choice.RIGHT), ANSWER) == (
        right,
        left,
    )


@given(st.integers(0, 2**64), st.text(alphabet="가나 다\nab\t", min_size=1))
def test_disorder_moves_words_only(seed: int, answer: str) -> None:
    """Same words and white space; another order wherever there is one."""
    found = in_disorder(seed, answer)
    assert sorted(found.split()) == sorted(answer.split())
    assert re.findall(r"\s+", found) == re.findall(r"\s+", answer)
    if len(answer.split()) > 1 and len(set(answer.split())) == len(answer.split()):
        assert found != answer


def test_a_short_answer_is_no_canary() -> None:
    """`yes yes yes` in another order is the same answer."""
    assert can_be_broken(ANSWER)
    assert not can_be_broken("네 " * 20)
