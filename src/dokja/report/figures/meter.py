"""A share of the possible with its interval, as one thin bar."""

from __future__ import annotations

from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.report.figures.svg import (
    Attributes,
    Axis,
    element,
    figure,
    line,
    per_cent,
    whisker,
)

HEIGHT = 18


def meter_figure(key: str, share: Estimate, *, name: Text, highest: float) -> Markup:
    """A bar to the share, its interval over it and a tick where the full 1 is."""
    axis = Axis(low=0, high=max(highest, share.high or 0, share.value, 1.0))
    box: Attributes = {"x": 0, "y": 5, "height": 8}
    body = [
        element("rect", {**box, "width": "100%", "class": "track"}),
        element(
            "rect", {**box, "width": per_cent(axis.at(share.value)), "class": "value"}
        ),
    ]
    if axis.high > 1:
        body.append(line((axis.at(1), 0), (axis.at(1), HEIGHT), "least"))
    if share.low is not None and share.high is not None:
        body.append(whisker(axis, (share.low, share.high), 9))
    description = Text(
        "막대는 배점 대비 비율, 가로선은 95% 구간입니다. 수치는 같은 줄에 있습니다.",
        "The bar is the share of the possible points, the rule its 95% interval. "
        "The figures stand in the same row.",
    )
    return figure(key, HEIGHT, title=name, description=description, body=body)
