"""Accuracy on one suite: every subject with its interval, and chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import (
    Axis,
    diamond,
    dot,
    figure,
    label,
    line,
    whisker,
)

ROW, HEAD, FOOT = 28, 20, 24
AXIS = Axis(low=0, high=1, start=34, end=86)


class AccuracyRow(msgspec.Struct, frozen=True, kw_only=True):
    """One subject; `value` is None while items are missing."""

    name: Text
    is_reference: bool
    value: float | None
    text: str | None
    interval: tuple[float, float] | None


def accuracy_figure(
    key: str, rows: Sequence[AccuracyRow], *, suite: Text, chance: float
) -> Markup:
    """Rows in the order given, chance as a dashed line."""
    end = HEAD + len(rows) * ROW
    at = AXIS.at(chance)
    body: list[Markup] = [
        *_grid(end),
        line((at, HEAD - 4), (at, end), "least"),
        label((at, 12), Text("우연 수준", "chance"), style="tick", anchor="middle"),
    ]
    for position, row in enumerate(rows):
        body.extend(_row(row, HEAD + position * ROW))
    description = Text(
        "점은 정확도, 가로선은 95% 구간, 마름모는 참조 모델, 점선은 우연 수준입니다. "
        "수치는 아래 표와 같습니다.",
        "Marks are accuracies, rules 95% intervals, diamonds reference models, the "
        "dashed line chance. The table below gives the same figures.",
    )
    return figure(key, end + FOOT, title=suite, description=description, body=body)


def _row(row: AccuracyRow, top: float) -> Iterator[Markup]:
    y = top + ROW / 2
    yield label((0, y + 5), row.name, style="row-label")
    yield line((AXIS.start, y), (AXIS.end, y), "base")
    if row.value is None or row.text is None:
        words = Text("미정", "undetermined")
        yield label((100, y + 5), words, style="row-open", anchor="end")
        return
    if row.interval:
        yield whisker(AXIS, row.interval, y)
    place = (AXIS.at(row.value), y)
    yield diamond(place, "hollow") if row.is_reference else dot(place, "mark")
    yield label((100, y + 5), row.text, style="row-figure", anchor="end")


def _grid(end: float) -> Iterator[Markup]:
    for value in (0.0, 0.5, 1.0):
        at = AXIS.at(value)
        yield line((at, HEAD), (at, end), "grid")
        yield label((at, end + 16), f"{value:.0%}", style="tick", anchor="middle")
