"""Counts as columns, one a day, each with its figure."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import Attributes, element, figure, label, line, per_cent

HEIGHT, HEAD, FOOT = 120, 22, 24
MOST = 28
"""Columns; of more days the last are drawn, since a column must be seen."""
SHARE = 0.62
"""Of its place that a column takes."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One count."""

    name: str
    count: int


def columns_figure(
    key: str, columns: Sequence[Column], *, title: Text, description: Text
) -> Markup:
    """Columns from zero in the order given."""
    shown = columns[-MOST:]
    most = max((column.count for column in shown), default=0) or 1
    width = 100 / max(len(shown), 7)
    base = HEAD + HEIGHT
    body = [line((0, base), (100, base), "base")]
    for place, column in enumerate(shown):
        middle = (place + 0.5) * width
        tall = HEIGHT * column.count / most
        box: Attributes = {
            "x": per_cent(middle - width * SHARE / 2),
            "y": base - tall,
            "width": per_cent(width * SHARE),
            "height": tall,
            "class": "bar",
        }
        count = f"{column.count:,}"
        body.append(element("rect", box))
        body.append(
            label((middle, base - tall - 6), count, style="row-figure", anchor="middle")
        )
        body.append(
            label((middle, base + 16), column.name, style="tick", anchor="middle")
        )
    return figure(key, base + FOOT, title=title, description=description, body=body)
