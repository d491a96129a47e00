"""The heat map places every effect where its two layers are."""

from __future__ import annotations

import re

import pytest

from dokja.evidence.values import Text
from dokja.report.figures import LEVELS, HeatMap, heat_map_figure
from dokja.report.figures.heat_map import level
from tests.comparison_fixture import layer_effects
from tests.unit.report.parsed_page import Element, parse

NAME = Text("가", "A")


def _figure(
    effects: tuple[tuple[float, ...], ...],
    layers: tuple[int | None, ...] = (),
    threshold: float = 0.05,
) -> Element:
    heat = HeatMap(effects=effects, layers=layers, threshold=threshold)
    return parse(heat_map_figure("k", heat, title=NAME))


def _cells(figure: Element) -> dict[str, Element]:
    return {box.children[0].text: box for box in figure.find_all("rect")}


def _painted(figure: Element) -> dict[tuple[int, int], str]:
    """The shade of every cell as a reader sees it: runs first, cells over them."""
    seen: dict[tuple[int, int], str] = {}
    for path in figure.find_all("path"):
        if path.attributes["class"].startswith("shade"):
            runs = re.findall(r"M(\d+) (\d+)h(\d+)", path.attributes["d"])
            for left, top, width in runs:
                for column in range(int(left), int(left) + int(width)):
                    assert (int(top), column) not in seen
                    seen[int(top), column] = path.attributes["class"]
    for box in figure.find_all("rect"):
        place = (int(box.attributes["y"]), int(box.attributes["x"]))
        seen[place] = box.attributes["class"]
    return seen


def test_a_shade_begins_at_its_level() -> None:
    """The legend names the lower end of each shade."""
    assert [level(least) for least in LEVELS] == list(range(1, len(LEVELS) + 1))
    assert level(-0.3) == level(0.0099) == 0


def test_rows_are_the_candidates_layers_and_columns_the_references() -> None:
    """A map read the wrong way round would name the wrong layers."""
    figure = _figure(((0.0, 0.9, 0.0), (0.0, 0.0, 0.3)))
    (cells,) = [e for e in figure.find_all("svg") if "role" in e.attributes]
    assert cells.attributes["viewbox"] == "0 0 132 88"
    boxes = _cells(figure)
    assert boxes["0 ← 1: 0.900"].attributes["x"] == "45.32"
    assert boxes["1 ← 2: 0.300"].attributes["y"] == "45.32"
    assert boxes["0 ← 1: 0.900"].attributes["class"] == "shade-9"
    assert [e.text for e in figure.find_all("text")][-6:][1] == ".90"


def test_a_large_map_paints_every_cell_in_its_shade() -> None:
    """Runs save space; they must not change what is seen."""
    effects = layer_effects(tuple(range(40)), 40, strength=0.9)
    painted = _painted(_figure(effects, tuple(range(40))))
    assert painted == {
        (row, column): f"shade-{level(effect)}"
        for row, values in enumerate(effects)
        for column, effect in enumerate(values)
    }


def test_every_effect_above_the_threshold_says_its_number() -> None:
    """An engineer points at what stands out and reads it."""
    effects = layer_effects(tuple(range(40)), 40, strength=0.9)
    cells = _cells(_figure(effects, tuple(range(40))))
    above = {
        f"{row} ← {column}: {effect:.3f}"
        for row, values in enumerate(effects)
        for column, effect in enumerate(values)
        if effect >= 0.05
    }
    assert len(above) > 40
    assert above <= set(cells)


def test_a_map_in_which_everything_stands_out_stays_small() -> None:
    """The worst case is a candidate alike in every layer."""
    effects = tuple(
        tuple(0.1 + 0.008 * ((i * j) % 97) for j in range(96)) for i in range(96)
    )
    heat = HeatMap(effects=effects, layers=tuple(range(96)), threshold=0.05)
    assert len(heat_map_figure("k", heat, title=NAME).encode()) < 250_000


@pytest.mark.parametrize("count", [4, 30])
def test_the_layer_map_outlines_exactly_its_cells(count: int) -> None:
    """The outline says which pairs the verdict followed."""
    layers = tuple(None if i == 2 else count - 1 - i for i in range(count))
    figure = _figure(layer_effects(layers, count, strength=0.5), layers)
    (outline,) = [
        e for e in figure.find_all("path") if e.attributes["class"] == "mapped"
    ]
    unit = 44 if count == 4 else 1
    drawn = re.findall(r"M(\d+) (\d+)h", outline.attributes["d"])
    assert {(int(y) // unit, int(x) // unit) for x, y in drawn} == {
        (row, column) for row, column in enumerate(layers) if column is not None
    }


def test_a_very_large_map_has_lines_beside_each_run_of_layers() -> None:
    """Outlines of four pixels would hide the shades they mark."""
    layers = (*range(30), *range(20, 60))
    figure = _figure(layer_effects(layers, 60, strength=0.5), layers)
    (rails,) = [e for e in figure.find_all("path") if e.attributes["class"] == "mapped"]
    assert rails.attributes["d"].split("M")[1:] == [
        "3 0L33 30",
        "-2 0L28 30",
        "23 30L63 70",
        "18 30L58 70",
    ]


def test_a_map_beyond_the_reference_or_without_rows_does_no_harm() -> None:
    """What the page is given was measured elsewhere and may not fit together."""
    figure = _figure(((0.5, 0.1), (0.2,), ()), (5, 1, 0, 7))
    assert [
        e for e in figure.find_all("path") if "mapped" in e.attributes["class"]
    ] == []
    assert sorted(_cells(figure)) == ["0 ← 0: 0.500", "0 ← 1: 0.100", "1 ← 0: 0.200"]


def test_the_picture_names_and_describes_itself_and_the_axes_stay_silent() -> None:
    """Who cannot see it must learn what it shows, and not the axis numbers."""
    figure = _figure(((0.5,),))
    pictures = figure.find_all("svg")
    (cells,) = [e for e in pictures if e.attributes.get("role") == "img"]
    title, description = cells.children[:2]
    assert cells.attributes["aria-labelledby"] == "k-title k-desc"
    assert (title.text, title.attributes["id"]) == ("가 / A", "k-title")
    assert "참조 모델" in description.text
    assert [e.attributes["aria-hidden"] for e in pictures if e is not cells] == [
        "true",
        "true",
    ]
