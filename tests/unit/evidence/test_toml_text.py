"""Rows written as TOML read back as what they were."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.evidence.canonical import read_as
from dokja.evidence.toml_text import toml_of, toml_values
from dokja.evidence.values import Text


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row with every kind of value that acts have."""

    name: str
    said: Text
    points: Decimal
    ratio: float
    count: int
    is_final: bool
    lines: tuple[str, ...]
    by_name: dict[str, int]
    until: str | None = None


ROWS = st.builds(
    Row,
    name=st.text(),
    said=st.builds(Text, ko=st.text(), en=st.text()),
    points=st.decimals(allow_nan=False, allow_infinity=False, places=3),
    ratio=st.floats(allow_nan=False, allow_infinity=False),
    count=st.integers(-(2**60), 2**60),
    is_final=st.booleans(),
    lines=st.lists(st.text()).map(tuple),
    by_name=st.dictionaries(st.text(), st.integers(0, 9), max_size=3),
    until=st.none() | st.just("2026-08-03"),
)


@given(st.lists(ROWS, max_size=3))
def test_what_is_written_is_read_back(rows: list[Row]) -> None:
    """Whatever stands in the rows, quotes and lines in it too."""
    read = toml_values(toml_of({"rows": rows})).get("rows", [])
    assert read_as(read, list[Row], where="rows") == rows


def test_one_struct_is_lines() -> None:
    """Without a heading, as a form's document shows it."""
    said = Text(ko="가", en='a "b"')
    assert toml_of(said) == 'ko = "가"\nen = "a \\"b\\""\n'


def test_what_is_no_toml_is_refused() -> None:
    """The error is the one a form shows beside the field."""
    with pytest.raises(ValueError, match="Invalid"):
        toml_values("a = ")
