"""The whole programme at a glance: one lane a chapter, one mark a step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.replay.whole.results import Chapter, Step, StepResult
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    element,
    figure,
    label,
    line,
    per_cent,
)
from dokja.report.timeline.days import days_axis, ends, is_exact, ticks
from dokja.report.timeline.words import CHAPTER, RESULT

LEVEL = 17
"""Height of one row of words above the lanes."""
ROW = 17
"""Height of one row of marks."""
LANE = 24
"""What a lane needs beside its marks."""
APART = 3.4
"""Per cent of the width that a mark keeps for itself: its size on a phone."""
WORDS = 40.0
"""Per cent of the width that the words of a turning point take on a phone."""
SHAPES: dict[StepResult, str] = {
    StepResult.REPRODUCED: "M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z",
    StepResult.DIFFERS: "M0-6.5 6.5 0 0 6.5-6.5 0Z",
    StepResult.UNKNOWN: "M-4.5-4.5H4.5V4.5H-4.5Z",
}


def overview_figure(steps: Sequence[Step], *, read_until: str) -> Markup:
    """Every step on its day; what lies after the newest page is hatched."""
    last = max((step.until or step.on for step in steps), key=lambda on: ends(on)[1])
    axis = days_axis(min(steps, key=lambda step: ends(step.on)).on, last)
    turning = [step for step in steps if step.turning_point]
    levels = _levels(turning, axis)
    top = (max(levels.values(), default=0) + 1) * LEVEL + 8
    lanes = [(c, [s for s in steps if s.chapter is c]) for c in Chapter]
    rows = {c: _rows(own, axis) for c, own in lanes}
    heights = {c: LANE + ROW * (max(rows[c].values(), default=0) + 1) for c in rows}
    bottom = top + sum(heights.values())
    body: list[Markup] = [_unread(axis, read_until, top, bottom)]
    body.extend(_grid(axis, top, bottom))
    for step in turning:
        body.extend(_turning(step, axis, levels[step.id], bottom))
    y = top
    for chapter, own in lanes:
        body.extend(_lane(chapter, y))
        marks = y + LANE + 6
        body.extend(_mark(s, axis, marks + ROW * rows[chapter][s.id]) for s in own)
        y += heights[chapter]
    return figure(
        "overview", bottom + 22, title=TITLE, description=DESCRIPTION, body=body
    )


TITLE = Text("과정 한눈에 보기", "The programme at a glance")
DESCRIPTION = Text(
    "가로는 날짜, 세로는 부문입니다. 원은 재현됨, 마름모는 다름, 빈 네모는 알 수 "
    "없음이며 막대의 너비는 공개된 때의 폭입니다. 같은 내용이 아래 연표에 있습니다.",
    "Time runs to the right, one lane a chapter. A disc is reproduced, a diamond "
    "differs, an open square is unknown; a bar is as wide as the published time. The "
    "chronicle below says the same in words.",
)


def _levels(steps: Sequence[Step], axis: Axis) -> dict[str, int]:
    """Rows for the words, so that neighbours do not write over each other."""
    taken: list[tuple[float, float]] = []
    found: dict[str, int] = {}
    for step in steps:
        low, high = _words_at(axis.at(ends(step.on)[0]))
        free = (n for n, (_, used) in enumerate(taken) if used <= low)
        level = next(free, len(taken))
        taken[level : level + 1] = [(low, high)]
        found[step.id] = level
    return found


def _words_at(x: float) -> tuple[float, float]:
    """What the words at a place take: they run to the right, late ones to the left."""
    return (x - WORDS, x) if x > 100 - WORDS else (x, x + WORDS)


def _rows(steps: Sequence[Step], axis: Axis) -> dict[str, int]:
    """Rows for the marks of a lane, so that none hides another."""
    taken: list[float] = []
    found: dict[str, int] = {}
    for step in steps:
        low, high = _extent(step, axis)
        row = next((n for n, used in enumerate(taken) if used <= low), len(taken))
        taken[row : row + 1] = [high]
        found[step.id] = row
    return found


def _extent(step: Step, axis: Axis) -> tuple[float, float]:
    begins, finish = ends(step.on, step.until)
    low, high = axis.at(begins), axis.at(finish)
    return low - APART / 2, max(high, low + APART / 2)


def _mark(step: Step, axis: Axis, y: float) -> Markup:
    """The span of a step, where it has one, and its mark at the beginning."""
    begins, finish = ends(step.on, step.until)
    low, high = axis.at(begins), axis.at(finish)
    parts: list[Markup] = []
    if step.until is not None or not is_exact(step.on):
        vague = "" if is_exact(step.on) else " vague"
        bar: Attributes = {
            "x": per_cent(low),
            "y": y - 3,
            "width": per_cent(max(high - low, 0.4)),
            "height": 6,
            "class": f"span span-{step.result.value}{vague}",
        }
        parts.append(element("rect", bar))
    shape: Attributes = {
        "d": SHAPES[step.result],
        "class": f"step step-{step.result.value}",
    }
    place: Attributes = {"x": per_cent(low), "y": y, "overflow": "visible"}
    words = f"{step.on} {step.title.ko} / {step.title.en} — "
    words += f"{RESULT[step.result].ko} / {RESULT[step.result].en}"
    parts.append(
        element("svg", place, element("path", shape, element("title", {}, words)))
    )
    return Markup().join(parts)


def _turning(step: Step, axis: Axis, level: int, bottom: float) -> Iterator[Markup]:
    x = axis.at(ends(step.on)[0])
    y = level * LEVEL + 13
    anchor = "end" if x > 100 - WORDS else "start"
    yield line((x, y + 4), (x, bottom), "turn")
    yield label((x, y), step.title, style="turn-words", anchor=anchor)


def _lane(chapter: Chapter, y: float) -> Iterator[Markup]:
    yield line((0, y), (100, y), "base")
    yield label((1.2, y + 16), CHAPTER[chapter], style="lane-name")


def _grid(axis: Axis, top: float, bottom: float) -> Iterator[Markup]:
    begins, finish = _iso(axis.low), _iso(axis.high - 1)
    for day, words in ticks(begins, finish):
        x = axis.at(day)
        yield line((x, top), (x, bottom), "grid")
        yield label((x, bottom + 16), words, style="tick", anchor=_anchor(x))


def _anchor(x: float) -> str:
    if x < 8:
        return "start"
    return "end" if x > 92 else "middle"


def _unread(axis: Axis, read_until: str, top: float, bottom: float) -> Markup:
    """Where no page was read any more."""
    x = axis.at(ends(read_until)[1])
    box: Attributes = {
        "x": per_cent(x),
        "y": top,
        "width": per_cent(100 - x),
        "height": bottom - top,
        "class": "unread",
    }
    return element("rect", box)


def _iso(day: float) -> str:
    return date.fromordinal(int(day)).isoformat()
