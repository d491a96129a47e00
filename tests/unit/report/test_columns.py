"""Counts drawn from zero, one column a day."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from dokja.evidence.values import Text
from dokja.report.figures.columns import HEIGHT, MOST, Column, columns_figure

WORDS = Text(ko="투표", en="votes")


def drawn(*counts: int) -> list[ElementTree.Element]:
    """The columns of the figure of these counts."""
    columns = [Column(name=f"{n}", count=c) for n, c in enumerate(counts, start=1)]
    svg = columns_figure("k", columns, title=WORDS, description=WORDS)
    return ElementTree.fromstring(svg).findall("rect")  # noqa: S314 - our own


def test_heights_are_in_proportion_from_zero() -> None:
    """Twice the votes are twice the column; none is none."""
    heights = [float(box.attrib["height"]) for box in drawn(40, 20, 0)]
    assert heights == [HEIGHT, HEIGHT / 2, 0]


def test_a_long_contest_shows_its_last_days_inside_the_figure() -> None:
    """Columns stay apart and within the width."""
    boxes = drawn(*range(1, MOST + 10))
    assert len(boxes) == MOST
    places = [float(box.attrib["x"].rstrip("%")) for box in boxes]
    width = float(boxes[0].attrib["width"].rstrip("%"))
    assert all(a + width < b for a, b in pairwise(places))
    assert places[-1] + width <= 100


@pytest.mark.parametrize("counts", [(), (0,), (0, 0)])
def test_nothing_to_count_is_drawn_as_nothing(counts: tuple[int, ...]) -> None:
    """Without a division by zero."""
    assert all(box.attrib["height"] == "0" for box in drawn(*counts))
