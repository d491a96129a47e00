"""An effect beside what the same pass measured on its controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import Axis, diamond, dot, figure, label, line

ROW, FOOT = 48, 26
INSET = 2.5
"""Per cent left at both ends, so that a table's edge cuts no mark."""


class ControlsRow(msgspec.Struct, frozen=True, kw_only=True):
    """One test; `effect` is None where it could not be computed."""

    name: Text
    effect: float | None
    text: str | None
    threshold: float
    negatives: tuple[float, ...]
    positive: float | None


def controls_figure(key: str, rows: Sequence[ControlsRow], *, title: Text) -> Markup:
    """One line a test: negative controls as ticks, positive as a diamond."""
    marks = [
        mark
        for row in rows
        for mark in (*row.negatives, row.effect, row.positive)
        if mark is not None
    ]
    axis = Axis(low=min((-0.1, *marks)), high=max((1.0, *marks)))
    end = len(rows) * ROW
    body: list[Markup] = list(_grid(axis, end))
    for position, row in enumerate(rows):
        body.extend(_row(axis, row, position * ROW))
    description = Text(
        "원은 측정한 효과, 짧은 세로선은 음성 대조군, 마름모는 양성 대조군, "
        "점선은 기준값입니다. 수치는 아래 표와 같습니다.",
        "The dot is the measured effect, short ticks are negative controls, the "
        "diamond is the positive control, the dashed line the threshold. The table "
        "below gives the same figures.",
    )
    return figure(key, end + FOOT, title=title, description=description, body=body)


def standing_figure(key: str, row: ControlsRow, *, title: Text) -> Markup:
    """One effect against its controls, small enough for a table; no words."""
    marks = (*row.negatives, row.effect or 0.0, row.positive or 0.0)
    low, high = min((-0.1, *marks)), max((1.0, *marks))
    axis = Axis(low=low, high=high, start=INSET, end=100 - INSET)
    description = Text(
        "원은 측정한 효과, 짧은 세로선은 무관한 대조군, 마름모는 알려진 후손, "
        "점선은 기준값입니다. 눈금은 0에서 1까지입니다.",
        "The dot is the measured effect, short ticks are known strangers, the "
        "diamond a known descendant, the dashed line the threshold. The scale runs "
        "from 0 to 1.",
    )
    body = [
        *(line((axis.at(v), 12), (axis.at(v), 24), "grid") for v in (0.0, 0.5, 1.0)),
        *_marks(axis, row, 18),
    ]
    return figure(key, 36, title=title, description=description, body=body)


def _row(axis: Axis, row: ControlsRow, top: float) -> Iterator[Markup]:
    yield label((0, top + 14), row.name, style="row-label")
    if row.effect is None or row.text is None:
        words = Text("미정", "undetermined")
        yield label((100, top + 14), words, style="row-open", anchor="end")
    else:
        yield label((100, top + 14), row.text, style="row-total", anchor="end")
    yield from _marks(axis, row, top + 32)


def _marks(axis: Axis, row: ControlsRow, y: float) -> Iterator[Markup]:
    yield line((0, y), (100, y), "base")
    at = axis.at(row.threshold)
    yield line((at, y - 11), (at, y + 11), "least")
    for value in row.negatives:
        place = axis.at(value)
        yield line((place, y - 7), (place, y + 7), "negative")
    if row.positive is not None:
        yield diamond((axis.at(row.positive), y), "hollow")
    if row.effect is not None:
        yield dot((axis.at(row.effect), y), "mark")


def _grid(axis: Axis, end: float) -> Iterator[Markup]:
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = axis.at(value)
        anchor = "end" if value == axis.high else "middle"
        yield line((at, 20), (at, end), "grid")
        yield label((at, end + 16), f"{value:g}", style="tick", anchor=anchor)
