"""Published figures about one amount, side by side; none stands in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.replay.whole.results import StatedAmount
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    element,
    figure,
    label,
    per_cent,
)
from dokja.report.timeline.days import shown

ROW = 44
BILLION = 10**9
HUNDRED_MILLION = 10**8
NO_PAGE = Text("출처 미확인", "no page to cite")


def amounts_figure(key: str, amounts: Sequence[StatedAmount]) -> Markup:
    """One bar a figure; one that the register does not take is drawn open."""
    axis = Axis(low=0, high=float(max(each.krw for each in amounts)))
    body: list[Markup] = []
    for position, amount in enumerate(amounts):
        body.extend(_row(axis, amount, position * ROW))
    name = amounts[0].name
    title = Text(f"{name.ko}: 공개된 수치", f"{name.en}: published figures")
    return figure(
        key, len(amounts) * ROW + 4, title=title, description=DESCRIPTION, body=body
    )


DESCRIPTION = Text(
    "막대의 길이는 금액입니다. 빈 막대는 등록되지 않은 수치입니다.",
    "A bar is as long as the amount. Open bars are figures the register does not take.",
)


def won(krw: int) -> Text:
    """An amount as each language counts it."""
    hundred_millions = krw / HUNDRED_MILLION
    return Text(f"{hundred_millions:,.10g}억 원", f"₩{krw / BILLION:,.10g}bn")


def _row(axis: Axis, amount: StatedAmount, y: float) -> Iterator[Markup]:
    when = NO_PAGE if amount.on is None else shown(amount.on)
    publisher = amount.sources[0].publisher if amount.sources else ""
    words = Text(
        f"{when.ko}{', ' if publisher else ''}{publisher}",
        f"{when.en}{', ' if publisher else ''}{publisher}",
    )
    yield label((0, y + 14), words, style="row-label")
    yield label((100, y + 14), won(amount.krw), style="row-total", anchor="end")
    taken = amount.refused is None
    box: Attributes = {
        "x": 0,
        "y": y + 21,
        "width": per_cent(axis.at(float(amount.krw))),
        "height": 12,
        "class": "dated" if taken else "dated dated-open",
    }
    yield element("rect", box)
