"""How announced dates drifted: a row an announcement, as wide as it was vague."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.replay.whole.results import DatedVersion, StepResult
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    element,
    figure,
    label,
    line,
    per_cent,
)
from dokja.report.timeline.days import days_axis, ends, is_exact, shown, span, ticks

ROW = 40
HEAD = 34
LEAST_WIDTH = 0.9
"""Per cent of the width below which a day could not be seen."""


def drift_figure(versions: Sequence[DatedVersion]) -> Markup:
    """Every date that was announced more than once, from announcement to another."""
    groups = tuple(drifting(versions))
    every = [each for _, own in groups for each in own]
    axis = days_axis(
        min((each.at for each in every), key=ends),
        max((each.until or each.at for each in every), key=lambda at: ends(at)[1]),
    )
    height = sum(HEAD + ROW * len(own) for _, own in groups)
    body: list[Markup] = list(_grid(axis, every, height))
    y = 0.0
    for name, own in groups:
        body.append(label((0, y + 20), name, style="row-name"))
        y += HEAD
        for position, version in enumerate(own):
            following = own[position + 1] if position + 1 < len(own) else None
            body.extend(_row(axis, version, following, y + ROW * position))
        y += ROW * len(own)
    return figure("drift", height + 24, title=TITLE, description=DESCRIPTION, body=body)


TITLE = Text("공표된 날짜의 이동", "How announced dates drifted")
DESCRIPTION = Text(
    "줄마다 한 번의 공표이며 막대의 너비는 공표된 때의 폭입니다. 채운 막대는 처음 "
    "공표되었거나 사유와 함께 옮겨진 날짜, 빈 막대는 사유 없이 달라진 날짜입니다. 같은 "
    "내용이 아래 표에 있습니다.",
    "A row is one announcement, and a bar is as wide as the announced time. Filled "
    "bars were announced first or moved with a published reason, open ones differ "
    "without. The table below says the same.",
)


def drifting(
    versions: Sequence[DatedVersion],
) -> Iterator[tuple[Text, tuple[DatedVersion, ...]]]:
    """Dates that were announced more than once, with their announcements."""
    groups: dict[str, list[DatedVersion]] = {}
    for each in versions:
        groups.setdefault(each.milestone, []).append(each)
    drifted = (tuple(own) for own in groups.values() if len(own) > 1)
    for own in sorted(drifted, key=lambda own: ends(own[0].at)):
        yield own[0].name, own


def _row(
    axis: Axis, version: DatedVersion, following: DatedVersion | None, y: float
) -> Iterator[Markup]:
    low, high = _place(axis, version)
    when, what = shown(version.announced), span(version.at, version.until)
    words = Text(f"{when.ko} 공표 → {what.ko}", f"announced {when.en} → {what.en}")
    yield label((0, y + 12), words, style="row-label")
    if following is not None:
        start, finish = (low + high) / 2, sum(_place(axis, following)) / 2
        yield line((start, y + 30), (finish, y + ROW + 19), "drift")
    kept = version.result is StepResult.REPRODUCED
    box: Attributes = {
        "x": per_cent(low),
        "y": y + 19,
        "width": per_cent(high - low),
        "height": 11,
        "class": "dated" if kept else "dated dated-open",
    }
    yield element("rect", box)


def _place(axis: Axis, version: DatedVersion) -> tuple[float, float]:
    begins, finish = ends(version.at, version.until)
    low, high = axis.at(begins), axis.at(finish)
    if is_exact(version.at) and high - low < LEAST_WIDTH:
        high = low + LEAST_WIDTH
    return low, max(high, low + LEAST_WIDTH)


def _grid(axis: Axis, every: Sequence[DatedVersion], bottom: float) -> Iterator[Markup]:
    low = min((each.at for each in every), key=ends)
    high = max((each.until or each.at for each in every), key=lambda at: ends(at)[1])
    for day, words in ticks(low, high):
        x = axis.at(day)
        yield line((x, 0), (x, bottom), "grid")
        anchor = "start" if x < 8 else "end" if x > 92 else "middle"
        yield label((x, bottom + 16), words, style="tick", anchor=anchor)
