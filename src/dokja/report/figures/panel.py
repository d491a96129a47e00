"""What the panel gave each team, beside the share with severity taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.report.figures.svg import (
    Axis,
    diamond,
    dot,
    figure,
    label,
    line,
    whisker,
)
from dokja.report.numerals import percent

ROW, TOP, FOOT = 52, 6, 24
INSET = 4.0
STEP = 0.1


class PanelRow(msgspec.Struct, frozen=True, kw_only=True):
    """One team's official mean and its adjusted share."""

    name: Text
    official: float
    adjusted: Estimate


def panel_figure(rows: Sequence[PanelRow]) -> Markup:
    """Rows in the order given, on one scale of shares of the maximum."""
    axis, end = _axis(rows), TOP + len(rows) * ROW
    body: list[Markup] = []
    for value in _ticks(axis):
        at = axis.at(value)
        body.append(line((at, TOP), (at, end), "grid"))
        words = percent(value, places=0)
        body.append(label((at, end + 16), words, style="tick", anchor="middle"))
    for position, row in enumerate(rows):
        body.extend(_row(axis, row, TOP + position * ROW))
    return figure(
        "panel-agreement",
        end + FOOT,
        title=Text("팀별 전문가 점수", "Expert scores by team"),
        description=Text(
            "원은 공식 점수인 평가표의 평균, 마름모는 위원의 엄격도를 보정한 값, "
            "가로선은 그 95% 구간입니다.",
            "The dot is the official mean of the sheets, the diamond the share with "
            "severity taken out, the rule its 95% interval.",
        ),
        body=body,
    )


def _row(axis: Axis, row: PanelRow, top: float) -> Iterator[Markup]:
    official, adjusted = top + 28, top + 42
    found = row.adjusted
    yield label((0, top + 16), row.name, style="row-label")
    yield label(
        (100, top + 16), percent(row.official), style="row-figure", anchor="end"
    )
    yield line((axis.start, official), (axis.end, official), "base")
    if found.low is not None and found.high is not None:
        yield whisker(axis, (found.low, found.high), adjusted)
    yield dot((axis.at(row.official), official), "mark")
    yield diamond((axis.at(found.value), adjusted), "hollow")


def _axis(rows: Sequence[PanelRow]) -> Axis:
    """A scale of whole tenths that holds every mark and every interval."""
    shown = [row.official for row in rows]
    for row in rows:
        ends = (row.adjusted.value, row.adjusted.low, row.adjusted.high)
        shown += [end for end in ends if end is not None]
    low, high = min(shown) // STEP, -(-max(shown) // STEP)
    return Axis(
        low=low * STEP,
        high=max(high, low + 1) * STEP,
        start=INSET,
        end=100 - INSET,
    )


def _ticks(axis: Axis) -> tuple[float, ...]:
    count = round((axis.high - axis.low) / STEP)
    return tuple(axis.low + STEP * place for place in range(count + 1))
