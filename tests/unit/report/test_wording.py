"""The report speaks the words of the glossary."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest

from dokja.evidence.values import Text
from dokja.report import wording

GLOSSARY = Path(__file__).parents[3] / "docs" / "glossary.md"
TABLES: dict[str, tuple[tuple[StrEnum, Text], ...]] = {
    "status": tuple(wording.STATUS.items()),
    "verdict": tuple(wording.VERDICT.items()),
    "relation": tuple(wording.RELATION.items()),
    "tensor class": tuple(wording.TENSOR_CLASS.items()),
    "finding": tuple(wording.FINDING.items()),
    "check": tuple(wording.CHECK.items()),
    "reply": tuple(wording.REPLY.items()),
    "weight state": tuple(wording.WEIGHT_STATE.items()),
    "component": tuple(wording.COMPONENT_KIND.items()),
    "weights": tuple(wording.WEIGHTS.items()),
    "source": tuple(wording.SOURCE.items()),
    "measure": tuple(wording.MEASURE.items()),
}


def _glossary() -> set[tuple[str, str]]:
    rows = re.findall(
        r"^\| (.+?) \| .+? \| `(\w+)` \|$",
        GLOSSARY.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return {(code, korean) for korean, code in rows}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_value_has_its_words(table: str) -> None:
    """A new verdict without words would stop a report from being made."""
    values = [value for value, _ in TABLES[table]]
    assert values == list(type(values[0]))


@pytest.mark.parametrize("table", sorted(TABLES))
def test_korean_words_are_those_of_the_glossary(table: str) -> None:
    """One thing has one word, in the report as in the rulebook's guides."""
    used = {(value.value, text.ko) for value, text in TABLES[table]}
    assert used - _glossary() == set()
