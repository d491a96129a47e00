"""Which reference layer each candidate layer comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.svg import dot, figure, label, line

HEIGHT, UPPER, LOWER = 118, 34, 84
MOST_NUMBERED = 16
MOST_ROUND = 32
"""Layers up to which marks keep the size they have in every figure."""


def layer_map_figure(
    key: str,
    layers: Sequence[int | None],
    *,
    candidate: Text,
    reference: Text,
    reference_layers: int = 0,
) -> Markup:
    """Reference layers above, candidate layers below, a line for each descent.

    Without `reference_layers` only as many are drawn as the map names: it does
    not say how many there are beyond.
    """
    known = [layer for layer in layers if layer is not None]
    upper = max(reference_layers, max(known, default=-1) + 1)
    linked = frozenset(i for i, layer in enumerate(layers) if layer is not None)
    radius = 5 if max(upper, len(layers)) <= MOST_ROUND else 2.5
    body = [
        label((0, 14), reference, style="row-label"),
        label((0, HEIGHT - 2), candidate, style="row-label"),
        *_links(layers, upper),
        *_nodes(upper, UPPER, frozenset(known), radius),
        *_nodes(len(layers), LOWER, linked, radius),
    ]
    title = Text("층 대응", "Layer map")
    description = Text(
        f"위는 {reference.ko}의 층, 아래는 {candidate.ko}의 층입니다. 선은 어느 층에서 "
        "왔는지를, 빈 원은 대응이 없음을 나타냅니다.",
        f"Layers of {reference.en} above, layers of {candidate.en} below. A line "
        "shows where a layer comes from, a hollow circle that nothing was found.",
    )
    return figure(key, HEIGHT, title=title, description=description, body=body)


def _links(layers: Sequence[int | None], upper: int) -> Iterator[Markup]:
    for position, layer in enumerate(layers):
        if layer is not None:
            start = (_place(layer, upper), UPPER)
            end = (_place(position, len(layers)), LOWER)
            yield line(start, end, "link")


def _nodes(
    count: int, y: float, linked: frozenset[int], radius: float
) -> Iterator[Markup]:
    step = count // MOST_NUMBERED + 1
    for position in range(count):
        place = (_place(position, count), y)
        style = "mark" if position in linked else "hollow"
        yield dot(place, style, radius=radius)
        if position % step == 0:
            beside = (_place(position, count) + 1.5, y + (-7 if y == UPPER else 15))
            yield label(beside, str(position), style="tick")


def _place(position: int, count: int) -> float:
    return 100 * (position + 0.5) / count
