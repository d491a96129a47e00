"""Answers lose what gives them away, keep what they say, and appear at one pace."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.battles.equalise import (
    Block,
    equal_form,
    paced,
    plain_text,
    shown_length,
)
from dokja.contest.values import BlockKind, PacingRule

RULE = PacingRule()


def _said(answer: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(block.kind.value, block.lines) for block in equal_form(answer)]


def test_markup_becomes_paragraphs_lists_and_code() -> None:
    """One answer with everything models write."""
    answer = (
        "# 답변 🎉\n\n먼저 **중요한** 것은 [여기](https://a.example)에 있습니다.\n"
        "이어지는 줄입니다.\n\n1. *첫째*\n2) `둘째`\n\n* 셋째\n---\n> 인용\n\n"
        "| 가 | 나 |\n|---|---|\n| 1 | 2 |\n\n"
        "```python\ndef f(x):\n\treturn x**2\n\n```\n"
        "끝 <b>굵게</b> ![그림](x.png)"
    )
    assert _said(answer) == [
        ("paragraph", ("답변",)),
        ("paragraph", ("먼저 중요한 것은 여기에 있습니다. 이어지는 줄입니다.",)),
        ("list", ("첫째", "둘째", "셋째")),
        ("paragraph", ("인용",)),
        ("paragraph", ("가 · 나",)),
        ("paragraph", ("1 · 2",)),
        ("code", ("def f(x):", "    return x**2")),
        ("paragraph", ("끝 굵게 그림",)),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("- a\n- b", "* a\n* b"),
        ("- a\n- b", "1. a\n2. b"),
        ("**Answer**: yes", "Answer: yes"),
        ("## Answer\nyes", "Answer\n\nyes"),
        ("yes 👍🏽", "yes"),
        ("a\nb", "a b"),
        ("a\u200bb\u202e", "ab"),
        ("a<br>", "a"),
        ("~~~\nx\n~~~", "```js\nx\n```"),
    ],
)
def test_the_same_words_set_otherwise_are_equal(one: str, other: str) -> None:
    """So that nobody learns a model's way of setting its answers."""
    assert equal_form(one) == equal_form(other)


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4 = 24", "snake_case_name", "a < b and c > d", "C#", "-3 °C"]
)
def test_what_is_no_markup_stays(text: str) -> None:
    """Products, names, comparisons, numbers."""
    assert _said(text) == [("paragraph", (text,))]


@given(st.text())
def test_any_text_comes_out_safe_and_stays_as_it_is(text: str) -> None:
    """No unseen sign, no empty part; plain text is its own form."""
    blocks = equal_form(text)
    for block in blocks:
        assert block.lines
        assert all(line.isprintable() or line == "" for line in block.lines)
        if block.kind is not BlockKind.CODE:
            assert all(line.strip() == line != "" for line in block.lines)
    assert shown_length(blocks) <= 2 * len(text) * 4


def test_an_unclosed_fence_is_code_to_the_end() -> None:
    """As a streamed answer may leave it."""
    assert equal_form("```\na\n\nb") == (
        Block(kind=BlockKind.CODE, lines=("a", "", "b")),
    )


def test_parts_can_be_read_as_one_text() -> None:
    """For a screen reader."""
    assert plain_text(equal_form("# a\n\n- b\n- c")) == "a\n\nb\nc"


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_both_sides_run_at_one_pace_and_end_in_time(left: int, right: int) -> None:
    """At every tick the sides are level until the shorter one is whole."""
    found = paced(left, right, RULE)
    assert found == paced(left, right, RULE)
    for one, other in zip(found.left, found.right, strict=True):
        assert one in {other, left} or other == right
    if found.left:
        assert (found.left[-1], found.right[-1]) == (left, right)
    last = found.delay_ms + len(found.left) * found.tick_ms
    assert last <= RULE.longest_ms
    assert paced(right, left, RULE).left == found.right


def test_speed_and_delay_of_the_models_are_no_argument() -> None:
    """Equal lengths appear equally, whatever the models took."""
    assert paced(300, 300, RULE).left == paced(300, 300, RULE).right
    assert paced(300, 10, RULE).left == paced(300, 200, RULE).left


@pytest.mark.parametrize(
    "line",
    [
        "-" * 20_000 + "x",
        "# " + " " * 20_000 + "x",
        "# " + "# " * 10_000 + "x",
        "[" * 20_000,
        "![" * 10_000,
        "`" * 20_000 + "x",
        "*" * 20_000 + "x",
        "**a " * 5_000,
        "_a" * 10_000,
        "<a" * 10_000,
        "| " * 10_000 + "x",
        "> " * 10_000 + "x",
        "- - " * 5_000 + "x",
        "```" * 6_000,
    ],
)
@pytest.mark.timeout(5)
def test_no_line_takes_long(line: str) -> None:
    """A line written to make a pattern try everything ends like any other."""
    assert shown_length(equal_form(f"{line}\n\nend")) >= len("end")


def test_a_heading_keeps_what_is_its_own() -> None:
    """Closing signs fall away; a name that ends in one does not."""
    assert _said("## About ##") == [("paragraph", ("About",))]
    assert _said("# C#") == [("paragraph", ("C#",))]
