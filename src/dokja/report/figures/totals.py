"""Totals: stacked category points, their interval and the cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    bilingual,
    element,
    figure,
    label,
    line,
    per_cent,
    whisker,
)

ROW, CUT, FOOT = 64, 30, 24
LEAST_LABELLED_SHARE = 9.0
TINTS = 4


class Segment(msgspec.Struct, frozen=True):
    """The points of one category; `text` is None where they are undetermined.

    `value` is then what the category could give at most.
    """

    value: float
    text: str | None


class TotalsRow(msgspec.Struct, frozen=True, kw_only=True):
    """One team; `total` is None where it is undetermined."""

    name: Text
    status: Text
    total: str | None
    interval: tuple[float, float] | None
    segments: tuple[Segment, ...]
    """In the order of the categories."""


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """The cut: after how many rows, and the least total above it."""

    after: int
    least: float
    text: Text


def totals_figure(
    rows: Sequence[TotalsRow], *, maximum: float, cut: Cut | None
) -> Markup:
    """Rows best first, the cut between the last row inside and the first out."""
    axis = Axis(low=0, high=maximum)
    above = cut.after if cut else len(rows)
    end = len(rows) * ROW + (CUT if cut else 0)
    body: list[Markup] = list(_grid(axis, end))
    if cut:
        body.append(line((axis.at(cut.least), 20), (axis.at(cut.least), end), "least"))
    for position, row in enumerate(rows):
        top = position * ROW + (CUT if position >= above else 0)
        body.extend(_row(axis, row, top))
    if cut:
        body.extend(_cut(cut))
    title = Text("팀별 총점과 95% 구간", "Totals with 95% intervals")
    description = Text(
        "막대는 부문별 점수의 합, 가로선은 총점의 95% 구간입니다. "
        "수치는 아래 표와 같습니다.",
        "Bars add up the categories, the rule below a bar is the 95% interval "
        "of the total. The table below gives the same figures.",
    )
    return figure("totals", end + FOOT, title=title, description=description, body=body)


def _row(axis: Axis, row: TotalsRow, top: float) -> Iterator[Markup]:
    yield _name(row, top + 15)
    if row.total is None:
        words = Text("미정", "undetermined")
        yield label((100, top + 15), words, style="row-open", anchor="end")
    else:
        yield label((100, top + 15), row.total, style="row-total", anchor="end")
    yield _track(top)
    yield from _stack(axis, row.segments, top)
    if row.interval:
        yield whisker(axis, row.interval, top + 52)


def _name(row: TotalsRow, y: float) -> Markup:
    status: Attributes = {"class": "row-status", "dx": 8}
    return element(
        "text",
        {"x": 0, "y": y, "class": "row-name"},
        bilingual(row.name),
        element("tspan", status, bilingual(row.status)),
    )


def _track(top: float) -> Markup:
    box: Attributes = {"x": 0, "y": top + 23, "width": "100%"}
    return element("rect", {**box, "height": 20, "class": "track"})


def _stack(axis: Axis, segments: Sequence[Segment], top: float) -> Iterator[Markup]:
    """Known categories from the left, then what the unknown ones could add."""
    numbered = tuple(enumerate(segments))
    known = [(position, s) for position, s in numbered if s.text is not None]
    unknown = [(position, s) for position, s in numbered if s.text is None]
    reached = 0.0
    for position, segment in (*known, *unknown):
        ends = (axis.at(reached), axis.at(reached + segment.value))
        reached += segment.value
        yield from _segment(segment, position, ends, top)


def _segment(
    segment: Segment, position: int, ends: tuple[float, float], top: float
) -> Iterator[Markup]:
    start, end = ends
    tint = f"tint-{position % TINTS}" if segment.text is not None else "unknown"
    box: Attributes = {
        "x": per_cent(start),
        "y": top + 23,
        "width": per_cent(end - start),
        "height": 20,
        "class": f"segment {tint}",
    }
    yield element("rect", box)
    if end - start >= LEAST_LABELLED_SHARE:
        middle = ((start + end) / 2, top + 37)
        words = segment.text or f"{position + 1}. ?"
        yield label(middle, words, style=f"on-{tint}", anchor="middle")


def _cut(cut: Cut) -> Iterator[Markup]:
    y = cut.after * ROW + CUT / 2
    yield line((0, y), (100, y), "cut")
    yield label((0, y - 5), cut.text, style="cut-label")


def _grid(axis: Axis, end: float) -> Iterator[Markup]:
    for step in range(6):
        value = axis.high * step / 5
        at = axis.at(value)
        anchor = "start" if step == 0 else "end" if step == 5 else "middle"
        yield line((at, 20), (at, end), "grid")
        yield label((at, end + 16), f"{value:g}", style="tick", anchor=anchor)
