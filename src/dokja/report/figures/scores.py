"""Scores with their intervals on one scale, and differences beside zero.

Each figure is one line high, so that names stand beside it as text that wraps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
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
from dokja.report.numerals import fixed, percent

INSET = 4.0
"""Per cent left at both ends, so that the edge of a table cuts no figure."""
SCALE = Axis(low=0, high=1, start=INSET, end=100 - INSET)
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Bounds(msgspec.Struct, frozen=True, kw_only=True):
    """What guessing brings on a suite, and the best that can be had."""

    chance: float
    ceiling: float


def score_figure(key: str, score: Estimate, bounds: Bounds, *, title: Text) -> Markup:
    """One score, large: its interval as a band, chance and ceiling named."""
    y, end = 44, 66
    body: list[Markup] = [
        *_scale(22, end),
        line((SCALE.start, y), (SCALE.end, y), "base"),
        *_bounds(bounds, 22, end, is_named=True),
        *_band(score, y),
        dot((SCALE.at(score.value), y), "mark", radius=7),
    ]
    description = Text(
        "점은 점수, 띠는 95% 구간, 점선은 우연 수준, 세로선은 얻을 수 있는 최고 "
        "점수입니다.",
        "The dot is the score, the band its 95% interval, the dashed line chance, "
        "the solid line the best score that can be had.",
    )
    return figure(key, end + 22, title=title, description=description, body=body)


def dot_figure(key: str, score: float, bounds: Bounds, *, title: Text) -> Markup:
    """One score without an interval, small enough for a row of a table."""
    body: list[Markup] = [
        line((SCALE.start, 9), (SCALE.end, 9), "base"),
        *_bounds(bounds, 1, 17, is_named=False),
        dot((SCALE.at(score), 9), "mark"),
    ]
    description = Text(
        f"점수 {percent(score)}, 점선은 우연 수준입니다.",
        f"Score {percent(score)}; the dashed line is chance.",
    )
    return figure(key, 18, title=title, description=description, body=body)


def dumbbell_figure(
    key: str,
    sides: tuple[Estimate | None, Estimate | None],
    bounds: Bounds,
    *,
    title: Text,
) -> Markup:
    """Two scores on one scale, each with its interval, joined by a line."""
    heights = (16, 38)
    known = [(side, y) for side, y in zip(sides, heights, strict=True) if side]
    body: list[Markup] = [
        *_scale(2, 52),
        *_bounds(bounds, 2, 52, is_named=False),
    ]
    if len(known) == 2:
        (left, y), (right, below) = known
        body.append(
            line((SCALE.at(left.value), y), (SCALE.at(right.value), below), "link")
        )
    for (side, y), shape in zip(known, _shapes(sides), strict=True):
        if side.low is not None and side.high is not None:
            body.append(whisker(SCALE, (side.low, side.high), y))
        place = (SCALE.at(side.value), y)
        body.append(dot(place, "mark") if shape == "dot" else diamond(place, "hollow"))
    description = Text(
        "원은 왼쪽 모델, 마름모는 오른쪽 모델의 점수, 가로선은 95% 구간, 점선은 우연 "
        "수준입니다.",
        "The dot is the left model's score, the diamond the right one's, rules are "
        "95% intervals, the dashed line is chance.",
    )
    return figure(key, 72, title=title, description=description, body=body)


def difference_figure(
    key: str, found: Estimate, *, reach: float, title: Text
) -> Markup:
    """Left less right with its interval, on a scale from -reach to reach."""
    axis = Axis(low=-reach, high=reach, start=INSET, end=100 - INSET)
    y, end = 18, 34
    body: list[Markup] = []
    for value in (-reach, 0.0, reach):
        style = "zero" if value == 0 else "grid"
        body.append(line((axis.at(value), 2), (axis.at(value), end), style))
        words = ("+" if value > 0 else "") + fixed(100 * value, places=0)
        body.append(_tick(axis, value, words, end + 15))
    body.append(line((axis.start, y), (axis.end, y), "base"))
    if found.low is not None and found.high is not None:
        body.append(whisker(axis, (found.low, found.high), y))
    body.append(dot((axis.at(found.value), y), "mark"))
    description = Text(
        "원은 왼쪽에서 오른쪽을 뺀 차이(%포인트), 가로선은 95% 구간, 굵은 세로선은 "
        "차이 0입니다.",
        "The dot is left less right in percentage points, the rule its 95% "
        "interval, the heavy line no difference.",
    )
    return figure(key, end + 20, title=title, description=description, body=body)


def reach_of(found: Sequence[Estimate | None]) -> float:
    """Half the width of a scale that holds every difference with its interval.

    In steps of a tenth, so that scales of different pages can be compared.
    """
    ends = [0.0]
    for estimate in found:
        if estimate is not None:
            shown = (estimate.value, estimate.low, estimate.high)
            ends += [abs(end) for end in shown if end is not None]
    return min(max(-(-max(ends) * 10 // 1), 1.0), 10.0) / 10


def _shapes(sides: tuple[Estimate | None, Estimate | None]) -> list[str]:
    return [
        shape for side, shape in zip(sides, ("dot", "diamond"), strict=True) if side
    ]


def _band(score: Estimate, y: float) -> Iterator[Markup]:
    if score.low is None or score.high is None:
        return
    low, high = SCALE.at(score.low), SCALE.at(score.high)
    box: Attributes = {
        "x": per_cent(low),
        "y": y - 9,
        "width": per_cent(high - low),
        "height": 18,
        "class": "band",
    }
    yield element("rect", box)
    yield whisker(SCALE, (score.low, score.high), y)


def _bounds(
    bounds: Bounds, top: float, end: float, *, is_named: bool
) -> Iterator[Markup]:
    if bounds.chance > 0:
        at = SCALE.at(bounds.chance)
        yield line((at, top), (at, end), "least")
        if is_named:
            words = Text(
                f"우연 수준 {percent(bounds.chance, places=0)}",
                f"chance {percent(bounds.chance, places=0)}",
            )
            yield label((at, 12), words, style="tick", anchor=_anchor(bounds.chance))
    if bounds.ceiling < 1:
        at = SCALE.at(bounds.ceiling)
        yield line((at, top), (at, end), "ceiling")
        if is_named:
            words = Text(
                f"최고 {percent(bounds.ceiling, places=0)}",
                f"ceiling {percent(bounds.ceiling, places=0)}",
            )
            yield label((at, 12), words, style="tick", anchor="end")


def _scale(top: float, end: float) -> Iterator[Markup]:
    for value in QUARTERS:
        yield line((SCALE.at(value), top), (SCALE.at(value), end), "grid")
        yield _tick(SCALE, value, percent(value, places=0), end + 15)


def _tick(axis: Axis, value: float, words: str, y: float) -> Markup:
    return label((axis.at(value), y), words, style="tick", anchor="middle")


def _anchor(share: float) -> str:
    return "start" if share < 0.15 else "end" if share > 0.85 else "middle"
