"""Probability of being last: every team under three kinds of weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import Axis, diamond, dot, figure, label, line

ROW, HEAD, FOOT = 50, 20, 24
AXIS = Axis(low=0, high=1, start=34, end=82)


class LastPlaceRow(msgspec.Struct, frozen=True, kw_only=True):
    """One team; shares under official, perturbed and uniform weights."""

    name: Text
    text: str
    """The probability under the official weights, as printed."""
    official: float
    perturbed: float
    uniform: float


def last_place_figure(rows: Sequence[LastPlaceRow], *, confidence: float) -> Markup:
    """Rows in the order given; what the rules call certain as a dashed line."""
    end = HEAD + len(rows) * ROW
    at = AXIS.at(confidence)
    words = Text("규정의 확신", "certain by the rules")
    body: list[Markup] = [
        *_grid(end),
        line((at, HEAD - 4), (at, end), "least"),
        label((at, 12), words, style="tick", anchor="end"),
    ]
    for position, row in enumerate(rows):
        body.extend(_row(row, HEAD + position * ROW))
    title = Text("최하위일 확률", "Probability of being last")
    description = Text(
        "점은 공식 배점, 마름모는 흔든 배점, 빈 원은 균등 가중치에서의 확률입니다. "
        "오른쪽 수치는 공식 배점의 확률입니다.",
        "Dots are probabilities under the official weights, diamonds under perturbed, "
        "hollow circles under uniform ones. The figure on the right is the official.",
    )
    return figure(
        "last-place", end + FOOT, title=title, description=description, body=body
    )


def _row(row: LastPlaceRow, top: float) -> Iterator[Markup]:
    y = top + ROW / 2
    yield label((0, y + 5), row.name, style="row-label")
    yield line((AXIS.start, y), (AXIS.end, y), "base")
    # Side by side in height: the three are often equal and would hide each other.
    yield dot((AXIS.at(row.official), y - 14), "mark")
    yield diamond((AXIS.at(row.perturbed), y), "hollow")
    yield dot((AXIS.at(row.uniform), y + 14), "hollow")
    yield label((100, y + 5), row.text, style="row-figure", anchor="end")


def _grid(end: float) -> Iterator[Markup]:
    for value in (0.0, 0.5, 1.0):
        at = AXIS.at(value)
        yield line((at, HEAD), (at, end), "grid")
        yield label((at, end + 16), f"{value:.0%}", style="tick", anchor="middle")
