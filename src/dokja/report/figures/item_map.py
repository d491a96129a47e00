"""Every item of a suite as one cell, in the suite's order."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import Attributes, captions, element, named

CELL, GAP, ACROSS = 10, 3, 50
STYLES = ("right", "partly", "wrong", "unscored")


def item_map_figure(key: str, standings: Sequence[str], *, title: Text) -> Markup:
    """Cells in rows of fifty; told apart by shape, and by colour besides."""
    pitch = CELL + GAP
    across = min(ACROSS, max(len(standings), 1))
    rows = -(-len(standings) // across)
    box: Attributes = {
        "class": "item-map",
        **named(key),
        "viewBox": f"0 0 {across * pitch - GAP} {max(rows, 1) * pitch - GAP}",
        "width": across * pitch - GAP,
    }
    description = Text(
        "문항마다 한 칸이며 평가 묶음의 순서입니다. 가득 찬 칸은 정답, 반만 찬 칸은 "
        "일부 정답, 빈 칸은 오답, 가위표는 점수가 없는 문항입니다.",
        "A cell for each item, in the suite's order: full where the item was right, "
        "half full where partly so, empty where wrong, crossed where there is no "
        "score.",
    )
    paths = (
        element("path", {"class": f"cell-{style}", "d": path})
        for style in STYLES
        if (path := _path(standings, style, across))
    )
    return element("svg", box, *captions(key, title, description), *paths)


def _path(standings: Sequence[str], style: str, across: int) -> str:
    return "".join(
        _cell(at % across * (CELL + GAP), at // across * (CELL + GAP), style)
        for at, standing in enumerate(standings)
        if standing == style
    )


def _cell(x: int, y: int, style: str) -> str:
    whole = f"M{x} {y}h{CELL}v{CELL}h-{CELL}z"
    if style == "right":
        return whole
    inset = f"M{x + 0.75} {y + 0.75}h{CELL - 1.5}v{CELL - 1.5}h-{CELL - 1.5}z"
    if style == "partly":
        # The half that is filled is wound as the outline, so that both are seen.
        return f"{inset}M{x} {y + CELL}v-{CELL}l{CELL} {CELL}z"
    if style == "wrong":
        return inset
    return f"M{x + 1} {y + 1}l{CELL - 2} {CELL - 2}m0-{CELL - 2}l-{CELL - 2} {CELL - 2}"
