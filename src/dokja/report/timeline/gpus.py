"""GPUs as they were given: bars in normalised GPUs, a row a team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.replay.whole.results import GivenGpus
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    element,
    figure,
    label,
    line,
    per_cent,
)

ROW = 50


def gpus_figure(
    key: str,
    given: Sequence[GivenGpus],
    names: Mapping[str, Text],
    *,
    largest: Decimal,
) -> Markup:
    """What each team was given in one time, counted under the rulebook.

    `largest` is where the axis ends, so that several times can be compared.
    """
    rows = [
        (team, tuple(own)) for team, own in groupby(given, key=lambda each: each.team)
    ]
    axis = Axis(low=0, high=float(largest))
    bottom = len(rows) * ROW
    body: list[Markup] = []
    for step in range(5):
        value = axis.high * step / 4
        x = axis.at(value)
        anchor = "start" if step == 0 else "end" if step == 4 else "middle"
        body.append(line((x, 20), (x, bottom), "grid"))
        body.append(label((x, bottom + 14), f"{value:g}", style="tick", anchor=anchor))
    for position, (team, own) in enumerate(rows):
        body.extend(_row(axis, names[team], own, position * ROW))
    return figure(key, bottom + 22, title=TITLE, description=DESCRIPTION, body=body)


TITLE = Text("팀별 GPU 배정", "GPUs given to each team")
DESCRIPTION = Text(
    "막대는 규정에 따라 환산한 수이며, 막대 안의 글은 실제 종류와 수입니다.",
    "Bars count GPUs under the rulebook; the words inside are real types and numbers.",
)


def largest_units(given: Sequence[GivenGpus]) -> Decimal:
    """The most normalised GPUs that a team was given in one time."""
    totals: dict[tuple[str, str], Decimal] = {}
    for each in given:
        key = (each.support, each.team)
        totals[key] = totals.get(key, Decimal(0)) + Decimal(each.units or 0)
    return max(totals.values())


def _row(
    axis: Axis, name: Text, own: Sequence[GivenGpus], y: float
) -> Iterator[Markup]:
    yield label((0, y + 14), name, style="row-name")
    total = f"{_units(own).normalize():f}"
    yield label((100, y + 14), total, style="row-total", anchor="end")
    reached = Decimal(0)
    for position, each in enumerate(own):
        units = Decimal(each.units or 0)
        low, high = axis.at(float(reached)), axis.at(float(reached + units))
        reached += units
        tint = 0 if position == 0 else 2
        box: Attributes = {
            "x": per_cent(low),
            "y": y + 21,
            "width": per_cent(high - low),
            "height": 21,
            "class": f"segment tint-{tint}",
        }
        yield element("rect", box)
        words = f"{each.gpu_type} {each.gpus:,}"
        place = ((low + high) / 2, y + 36)
        yield label(place, words, style=f"on-tint-{tint}", anchor="middle")


def _units(own: Sequence[GivenGpus]) -> Decimal:
    return sum((Decimal(each.units or 0) for each in own), Decimal(0))
