"""Effects of every candidate layer on every reference layer, as shades.

One path a run of equal shade keeps a map of 96 by 96 layers near 100 KiB,
where a rectangle with its number for each cell would take more than half a
mebibyte. Every cell that stands out is a rectangle of its own, with its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import Attributes, captions, element, named, per_cent
from dokja.report.numerals import fixed

LEVELS: tuple[float, ...] = (0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
"""Effect from which each shade above the palest begins."""
PLACES = 3
LARGEST_CELL, WIDEST, TALLEST = 44, 384, 576
MOST_LETTERED = 6
MOST_NUMBERED = 12
MOST_SPACED = 24
MOST_OUTLINED = 48
"""Reference layers up to which an outline leaves a cell's shade to be seen."""
RAIL = 2
"""Cells between the layer map and the lines beside it in larger maps."""
MOST_WITH_NUMBERS = 2500
"""Cells that carry their number; beyond them only each row's largest does."""
GAP = 0.03


class HeatMap(msgspec.Struct, frozen=True, kw_only=True):
    """One test by layers."""

    effects: tuple[tuple[float, ...], ...]
    """Candidate layers (rows) by reference layers (columns)."""
    layers: tuple[int | None, ...]
    """The layer map, whose cells are outlined."""
    threshold: float

    @property
    def columns(self) -> int:
        """Number of reference layers."""
        return max((len(row) for row in self.effects), default=0)

    def mapped(self) -> tuple[tuple[int, int], ...]:
        """Cells (row, column) that the layer map names."""
        return tuple(
            (row, column)
            for row, column in enumerate(self.layers[: len(self.effects)])
            if column is not None and column < len(self.effects[row])
        )


def heat_map_figure(key: str, heat: HeatMap, *, title: Text) -> Markup:
    """Candidate layers downwards, reference layers across, with both axes.

    The cells are one picture with name and description; the numbers beside it
    stand for those who see it, since the table below says the same.
    """
    rows, columns = len(heat.effects), heat.columns
    return element(
        "div",
        {"class": "lattice"},
        element("div", {"class": "axis-x"}, _axis(columns, across=True)),
        element("div", {"class": "axis-y"}, _axis(rows, across=False)),
        _cells(key, heat, title),
    )


def level(effect: float) -> int:
    """The shade of an effect: how many of the levels it reaches."""
    return sum(effect >= least for least in LEVELS)


def _cells(key: str, heat: HeatMap, title: Text) -> Markup:
    rows, columns = len(heat.effects), heat.columns
    side = min(LARGEST_CELL, WIDEST / columns, TALLEST / rows)
    unit = LARGEST_CELL if columns <= MOST_LETTERED else 1
    description = Text(
        "행은 후보의 층, 열은 참조 모델의 층입니다. 색이 짙을수록(어두운 화면에서는 "
        "밝을수록) 효과가 크며, 붉은 테두리(큰 그림에서는 붉은 두 선 사이)는 층 "
        "대응표가 짝지은 칸입니다. 아래 표와 같은 내용입니다.",
        "Rows are layers of the candidate, columns layers of the reference. The "
        "further a shade lies from the ground, the larger the effect; cells "
        "outlined in red, or between two red lines in a large map, are those of "
        "the layer map. The table below says the same.",
    )
    attributes: Attributes = {
        "class": "cells spaced" if columns <= MOST_SPACED else "cells",
        **named(key),
        "viewBox": f"0 0 {columns * unit} {rows * unit}",
        "width": side * columns,
        "height": side * rows,
    }
    return element(
        "svg",
        attributes,
        *captions(key, title, description),
        *_rows(heat, unit),
        _outlines(heat, unit),
    )


def _rows(heat: HeatMap, unit: int) -> Iterator[Markup]:
    """One group a row; its title answers wherever no cell has its own."""
    apart, mapped = _apart(heat), frozenset(heat.mapped())
    spaced = heat.columns <= MOST_SPACED
    for row, effects in enumerate(heat.effects):
        best = max(range(len(effects)), key=effects.__getitem__, default=0)
        title = said(row, best, effects[best]) if effects else str(row)
        content = [element("title", {}, f"max {title}")]
        alone = {
            column
            for column, effect in enumerate(effects)
            if spaced or effect >= apart or column == best or (row, column) in mapped
        }
        if not spaced:
            content.extend(_runs(row, effects))
        for column in sorted(alone):
            content.extend(_cell((row, column), effects[column], heat.columns, unit))
        yield element("g", {}, *content)


def said(row: int, column: int, effect: float) -> str:
    """A cell in figures: candidate layer, reference layer, effect."""
    return f"{row} \N{LEFTWARDS ARROW} {column}: {fixed(effect, places=PLACES)}"


def _apart(heat: HeatMap) -> float:
    """Least effect whose cell carries its number."""
    reached = sum(e >= heat.threshold for row in heat.effects for e in row)
    return heat.threshold if reached <= MOST_WITH_NUMBERS else float("inf")


def _runs(row: int, effects: Sequence[float]) -> Iterator[Markup]:
    """The row's shades, one path each, equal neighbours drawn as one."""
    paths: dict[int, list[str]] = {}
    column = 0
    for shade, cells in groupby(effects, key=level):
        width = len(tuple(cells))
        paths.setdefault(shade, []).append(f"M{column} {row}h{width}v1h-{width}z")
        column += width
    for shade in sorted(paths):
        yield element("path", {"class": f"shade-{shade}", "d": "".join(paths[shade])})


def _cell(
    place: tuple[int, int], effect: float, columns: int, unit: int
) -> Iterator[Markup]:
    row, column = place
    gap = GAP if columns <= MOST_SPACED else 0.0
    shade = level(effect)
    side = (1 - 2 * gap) * unit
    box: Attributes = {
        "class": f"shade-{shade}",
        "x": (column + gap) * unit,
        "y": (row + gap) * unit,
        "width": side,
        "height": side,
    }
    yield element("rect", box, element("title", {}, said(row, column, effect)))
    if columns <= MOST_LETTERED:
        at: Attributes = {
            "x": (column + 0.5) * unit,
            "y": (row + 0.5) * unit,
            "dy": ".36em",
            "class": f"on-shade-{shade}",
        }
        yield element("text", at, fixed(effect, places=2).replace("0.", "."))


def _outlines(heat: HeatMap, unit: int) -> Markup:
    """The layer map: outlines over a halo, or lines beside it in a large map."""
    if not heat.mapped():
        return Markup()
    if heat.columns > MOST_OUTLINED:
        path = "".join(_rails(heat.mapped()))
        return element("path", {"class": "mapped", "d": path})
    path = "".join(
        f"M{column * unit} {row * unit}h{unit}v{unit}h-{unit}z"
        for row, column in heat.mapped()
    )
    return element("path", {"class": "mapped-halo", "d": path}) + element(
        "path", {"class": "mapped", "d": path}
    )


def _rails(cells: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Two lines along each run of layers that follow one another in both models."""
    for _, run in groupby(enumerate(cells), key=_in_step):
        reached = [cell for _, cell in run]
        (top, left), (bottom, right) = reached[0], reached[-1]
        for start, end in (
            (left + 1 + RAIL, right + 2 + RAIL),
            (left - RAIL, right + 1 - RAIL),
        ):
            yield f"M{start} {top}L{end} {bottom + 1}"


def _in_step(numbered: tuple[int, tuple[int, int]]) -> tuple[int, int]:
    """Equal for cells that follow each other down a diagonal."""
    position, (row, column) = numbered
    return row - position, column - position


def _axis(count: int, *, across: bool) -> Markup:
    """Layer numbers, as many as have room."""
    step = -(-count // MOST_NUMBERED)
    numbers = []
    for position in range(0, count, step or 1):
        place = per_cent(100 * (position + 0.5) / count)
        at: Attributes = (
            {"x": place, "y": "100%", "dy": "-.4em", "text-anchor": "middle"}
            if across
            else {"x": "100%", "dx": "-.5em", "y": place, "dy": ".36em"}
        )
        numbers.append(element("text", {**at, "class": "tick"}, str(position)))
    return element("svg", {"class": "axis", "aria-hidden": "true"}, *numbers)
