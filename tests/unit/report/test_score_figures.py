"""Figures of runs place their marks where the numbers are."""

from __future__ import annotations

import pytest

from dokja.evidence.values import Estimate, Text
from dokja.report.figures import (
    Bounds,
    difference_figure,
    dot_figure,
    dumbbell_figure,
    item_map_figure,
    reach_of,
    score_figure,
)
from dokja.report.figures.scores import INSET
from tests.unit.report.parsed_page import Element, parse

NAME = Text("가", '"><script>')
HALF = Bounds(chance=0.25, ceiling=0.9)
SPAN = 100 - 2 * INSET


def _estimate(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=9, method="m", source="s")


def _marked(figure: Element, name: str, style: str) -> list[Element]:
    return [
        e
        for e in figure.find_all(name)
        if style in e.attributes.get("class", "").split()
    ]


def _at(element: Element, key: str) -> float:
    return float(element.attributes[key].removesuffix("%"))


def test_a_score_lies_in_its_interval_with_chance_and_ceiling() -> None:
    """On one scale from 0 to 100 %."""
    figure = parse(score_figure("k", _estimate(0.5, 0.4, 0.6), HALF, title=NAME))
    (mark,) = _marked(figure, "circle", "mark")
    (band,) = _marked(figure, "rect", "band")
    (chance,) = _marked(figure, "line", "least")
    (ceiling,) = _marked(figure, "line", "ceiling")
    assert _at(mark, "cx") == 50
    assert _at(band, "x") == pytest.approx(INSET + 0.4 * SPAN)
    assert _at(band, "width") == pytest.approx(0.2 * SPAN)
    assert _at(chance, "x1") == pytest.approx(INSET + 0.25 * SPAN)
    assert _at(ceiling, "x1") == pytest.approx(INSET + 0.9 * SPAN)
    assert figure.find_all("script") == []


def test_without_an_interval_no_band_is_drawn() -> None:
    """A band of no width would look like certainty."""
    bounds = Bounds(chance=0.0, ceiling=1.0)
    figure = parse(score_figure("k", _estimate(0.5, None, None), bounds, title=NAME))
    assert _marked(figure, "rect", "band") == []
    assert _marked(figure, "line", "whisker") == []
    assert _marked(figure, "line", "least") == _marked(figure, "line", "ceiling") == []
    assert len(_marked(figure, "circle", "mark")) == 1


def test_a_dumbbell_joins_two_shapes_and_not_two_colours() -> None:
    """Left is a dot and right a diamond; a missing side leaves the other."""
    left, right = _estimate(0.2, 0.1, 0.3), _estimate(0.8, 0.7, 0.9)
    figure = parse(dumbbell_figure("k", (left, right), HALF, title=NAME))
    (link,) = _marked(figure, "line", "link")
    assert _at(link, "x1") == pytest.approx(INSET + 0.2 * SPAN)
    assert _at(link, "x2") == pytest.approx(INSET + 0.8 * SPAN)
    assert len(_marked(figure, "circle", "mark")) == 1
    assert len(_marked(figure, "path", "hollow")) == 1
    alone = parse(dumbbell_figure("k", (None, right), HALF, title=NAME))
    assert _marked(alone, "line", "link") == _marked(alone, "circle", "mark") == []
    assert len(_marked(alone, "path", "hollow")) == 1


def test_a_difference_of_nothing_lies_on_the_heavy_line() -> None:
    """Left of it the right model is better."""
    figure = parse(
        difference_figure("k", _estimate(0.0, -0.1, 0.1), reach=0.2, title=NAME)
    )
    (zero,) = _marked(figure, "line", "zero")
    (mark,) = _marked(figure, "circle", "mark")
    assert _at(zero, "x1") == _at(mark, "cx") == 50
    low, high = (_at(e, "x1") for e in _marked(figure, "line", "whisker")[1:])
    assert (low, high) == (50 - SPAN / 4, 50 + SPAN / 4)


def test_the_scale_holds_every_end_and_steps_by_tenths() -> None:
    """One scale for all suites, or lengths could not be compared."""
    assert reach_of([_estimate(0.05, -0.02, 0.12), None]) == 0.2
    assert reach_of([None]) == 0.1
    assert reach_of([_estimate(0.9, 0.4, 1.4)]) == 1.0


def test_a_dot_needs_no_colour_to_be_read() -> None:
    """The score stands in the description."""
    figure = parse(dot_figure("k", 0.667, HALF, title=NAME))
    assert "66.7%" in figure.find_all("desc")[0].text


def test_every_standing_has_a_shape_of_its_own() -> None:
    """Shapes tell cells apart for those who see no colour."""
    standings = ("right", "partly", "wrong", "unscored")
    shapes = set()
    for standing in standings:
        figure = parse(item_map_figure("k", [standing] * 3, title=NAME))
        (path,) = figure.find_all("path")
        assert path.attributes["class"] == f"cell-{standing}"
        shapes.add(path.attributes["d"])
    assert len(shapes) == len(standings)


def test_cells_go_on_in_the_next_row() -> None:
    """Fifty to a row, in the suite's order."""
    figure = parse(item_map_figure("k", ["right"] * 50 + ["wrong"], title=NAME))
    (box,) = figure.find_all("svg")
    paths = {e.attributes["class"]: e.attributes["d"] for e in figure.find_all("path")}
    assert paths["cell-wrong"].startswith("M0.75 13.75")
    assert box.attributes["viewbox"] == "0 0 647 23"


def test_a_map_of_nothing_is_no_error() -> None:
    """A suite cut to nothing still has its page."""
    figure = parse(item_map_figure("k", [], title=NAME))
    assert figure.find_all("path") == []
