"""Values with their intervals on one scale, row by row, beside marked levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    diamond,
    dot,
    element,
    figure,
    label,
    line,
    per_cent,
    whisker,
)

ROW, HEAD, FOOT = 46, 22, 24
INSET = 4.0


class IntervalRow(msgspec.Struct, frozen=True, kw_only=True):
    """One value; None where it is undetermined, with neither mark nor interval."""

    name: Text
    value: float | None
    text: str | None
    """The value as printed."""
    interval: tuple[float, float] | None
    inner: tuple[float, float] | None = None
    """A part of the interval that is drawn as a band, such as one of its causes."""
    is_official: bool = True
    """Other values are drawn hollow and in another shape."""


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """A value of the scale that rows are read against."""

    at: float
    name: Text


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """What rows are drawn on; figures that share one can be compared."""

    axis: Axis
    levels: tuple[Level, ...]
    ticks: tuple[tuple[float, str], ...]


def scale_of(
    rows: Sequence[IntervalRow],
    *,
    levels: tuple[Level, ...] = (),
    ticks: tuple[tuple[float, str], ...],
) -> Scale:
    """A scale that holds every value, interval, level and tick."""
    shown = [level.at for level in levels] + [at for at, _ in ticks]
    for row in rows:
        shown += [] if row.value is None else [row.value]
        shown += row.interval or ()
    axis = Axis(low=min(shown), high=max(shown), start=INSET, end=100 - INSET)
    return Scale(axis=axis, levels=levels, ticks=ticks)


def interval_figure(
    key: str,
    rows: Sequence[IntervalRow],
    scale: Scale,
    *,
    title: Text,
    description: Text,
) -> Markup:
    """Rows in the order given, each below its name."""
    axis, end = scale.axis, HEAD + len(rows) * ROW
    body: list[Markup] = []
    for value, words in scale.ticks:
        at = axis.at(value)
        body.append(line((at, HEAD), (at, end), "grid"))
        body.append(label((at, end + 16), words, style="tick", anchor="middle"))
    for level in scale.levels:
        at = axis.at(level.at)
        body.append(line((at, HEAD - 4), (at, end), "least"))
        body.append(label((at, 12), level.name, style="tick", anchor=_anchor(at)))
    for position, row in enumerate(rows):
        body.extend(_row(axis, row, HEAD + position * ROW))
    return figure(key, end + FOOT, title=title, description=description, body=body)


def _row(axis: Axis, row: IntervalRow, top: float) -> Iterator[Markup]:
    y = top + 32
    yield label((0, top + 16), row.name, style="row-label")
    yield line((axis.start, y), (axis.end, y), "base")
    if row.value is None or row.text is None:
        words = Text("미정", "undetermined")
        yield label((100, top + 16), words, style="row-open", anchor="end")
        return
    if row.inner is not None:
        low, high = (axis.at(end) for end in row.inner)
        box: Attributes = {
            "x": per_cent(low),
            "y": y - 7,
            "width": per_cent(high - low),
            "height": 14,
            "class": "band",
        }
        yield element("rect", box)
    if row.interval is not None:
        yield whisker(axis, row.interval, y)
    place = (axis.at(row.value), y)
    yield dot(place, "mark") if row.is_official else diamond(place, "hollow")
    yield label((100, top + 16), row.text, style="row-figure", anchor="end")


def _anchor(place: float) -> str:
    return "start" if place < 15 else "end" if place > 85 else "middle"
