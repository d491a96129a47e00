"""What people write for a licence is read, or said not to be understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.licence.expressions import DEEPEST, LONGEST, MOST_ALTERNATIVES
from tests.licence_fixture import TABLES, read

KNOWN = {
    "Apache-2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "mit license": "MIT",
    "GPL-2.0": "GPL-2.0-only",
    "GPL-2.0-or-later or MIT": "GPL-2.0-or-later OR MIT",
    "Llama 3.1": "LicenseRef-Llama-3.1",
    "llama3.1": "LicenseRef-Llama-3.1",
    "gemma": "LicenseRef-Gemma",
    "Qwen License": "LicenseRef-Qwen",
    "tongyi-qianwen": "LicenseRef-Tongyi-Qianwen",
    "deepseek-license": "LicenseRef-DeepSeek-Model-1.0",
    "bigscience-openrail-m": "LicenseRef-BigScience-OpenRAIL-M",
    "openrail": "LicenseRef-OpenRAIL",
    "falcon-llm-license": "LicenseRef-Falcon-LLM-2.0",
    "jamba-open-model-license": "LicenseRef-Jamba-Open-Model",
    "KOGL-Type-1": "LicenseRef-KOGL-1",
    "공공누리 제4유형": "LicenseRef-KOGL-4",
    "공공누리  3유형 AND MIT": "LicenseRef-KOGL-3 AND MIT",
    "mit or (apache 2.0 and gemma)": "MIT OR (Apache-2.0 AND LicenseRef-Gemma)",
    "GPL-2.0-only WITH Classpath-exception-2.0": (
        "GPL-2.0-only WITH Classpath-exception-2.0"
    ),
}


@pytest.mark.parametrize("text", KNOWN)
def test_usual_names_mean_one_licence(text: str) -> None:
    """Hub tags, page titles and Korean marks lead to one canonical id."""
    expression = read(text)
    assert expression.canonical == KNOWN[text]
    assert expression.is_understood
    assert expression.declared == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "NOASSERTION",
        "other",
        "((",
        "MIT AND",
        "MIT/Apache-2.0",
        "a" * (LONGEST + 1),
        "(" * (DEEPEST + 1) + "MIT" + ")" * (DEEPEST + 1),
    ],
)
def test_what_means_nothing_has_a_problem(text: str) -> None:
    """The reason stands in both languages, and nothing is guessed."""
    expression = read(text)
    assert expression.problem is not None
    assert expression.problem.ko
    assert expression.problem.en
    assert expression.alternatives == ()
    assert not expression.is_understood


@pytest.mark.parametrize("family", ["qwen", "DeepSeek", "exaone", "falcon", "llama"])
def test_the_name_of_a_family_is_no_licence(family: str) -> None:
    """Its members come under different ones, and a guess may accuse somebody."""
    assert not read(family).is_understood


def test_a_name_nobody_knows_is_named() -> None:
    """A private licence is an expression, but not an understood one."""
    expression = read("MIT AND LicenseRef-our-own")
    assert expression.unknown == ("LicenseRef-our-own",)
    assert not expression.is_understood


def test_alternatives_are_what_the_expression_offers() -> None:
    """OR gives alternatives, AND holds together, whatever the nesting."""
    expression = read("(MIT OR gemma) AND (ISC OR MIT)")
    assert expression.alternatives == (
        ("ISC", "MIT"),
        ("MIT",),
        ("ISC", "LicenseRef-Gemma"),
        ("LicenseRef-Gemma", "MIT"),
    )


def test_an_expression_that_explodes_is_refused() -> None:
    """Seven pairs are 128 alternatives: memory is not the team's to spend."""
    names = [f"(MIT OR LicenseRef-{n})" for n in range(7)]
    expression = read(" AND ".join(names))
    assert expression.problem is not None
    assert str(MOST_ALTERNATIVES) in expression.problem.en


@given(st.text(max_size=LONGEST + 10))
def test_no_text_crashes_the_reader(text: str) -> None:
    """Whatever was handed in, there is a value with the text in it."""
    expression = read(text)
    assert expression.declared == text
    assert (expression.problem is None) == bool(expression.alternatives)


_WORDS = st.sampled_from(
    [*sorted(TABLES.terms), "MIT", "and", "OR", "with", "(", ")", "+", ",", "/", "x"]
)


@given(st.lists(_WORDS, max_size=14))
def test_no_heap_of_licence_words_crashes_the_reader(words: list[str]) -> None:
    """Near misses of the grammar are where a parser breaks."""
    expression = read(" ".join(words))
    assert (expression.problem is None) == bool(expression.alternatives)


@given(st.lists(_WORDS, min_size=1, max_size=6))
def test_canonical_text_reads_as_itself(words: list[str]) -> None:
    """Reading twice changes nothing."""
    once = read(" ".join(words))
    if once.problem is None:
        again = read(once.canonical)
        assert again.canonical == once.canonical
        assert again.alternatives == once.alternatives
