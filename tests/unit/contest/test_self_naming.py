"""Names are found however they are written, and nothing else is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.battles.self_naming import (
    HIDDEN,
    names_a_team,
    self_namings,
    without_names,
)
from dokja.contest.values import TeamNames

NAMES = (
    TeamNames(team="t1", names=("Nova-1", "노바", "NV")),
    TeamNames(team="t2", names=("Haneul LM", "하늘모델")),
)


@pytest.mark.parametrize(
    "text",
    [
        "I am Nova-1.",
        "i am NOVA 1",
        "I am Ｎｏｖａ－１",
        "I am N.o.v.a 1",
        "I am N\u200bova1",
        "I am Nоvа-1",
        "I am ΝОVА-1",
        "I am Nóva 1",
        "저는 노바입니다",
        "저는 '노바'예요",
        unicodedata.normalize("NFD", "저는 노바입니다"),
        "made by NV",
        "HaneulLM",
        "하늘 모델은 답합니다",
        "**하늘**모델",
    ],
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    """Width, case, spacing, marks, unseen signs, look-alikes, jamo."""
    assert names_a_team(text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "A nova 12 light years away",
        "innovation 1",
        "invoice NVIDIA",
        "캐노바",
        "n v",
        "파란 하늘 아래 모델이 섰다",
        "",
    ],
)
def test_other_words_are_left_alone(text: str) -> None:
    """A word that holds a name's letters is not the name."""
    assert not names_a_team(text, NAMES)


def test_names_are_hidden_and_the_rest_stays() -> None:
    """Letter for letter."""
    text = "저는 노바(Ｎｏｖａ-1)이고 하늘 모델보다 낫습니다. 1+1=2"
    assert without_names(text, NAMES) == (
        f"저는 {HIDDEN}({HIDDEN})이고 {HIDDEN}보다 낫습니다. 1+1=2"
    )
    assert [found.team for found in self_namings(text, NAMES)] == ["t1", "t1", "t2"]


@given(st.text())
def test_hiding_is_complete_and_harmless(text: str) -> None:
    """No name is left; a text without one is not touched."""
    hidden = without_names(text, NAMES)
    assert not names_a_team(hidden, NAMES)
    if not names_a_team(text, NAMES):
        assert hidden == text


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_name_between_any_texts_is_found(before: str, after: str) -> None:
    """Set apart by line breaks, nothing around it hides it."""
    assert names_a_team(f"{before}\n\n\n\n하늘모델\n\n\n\n{after}", NAMES)
