"""Fluid SVG: horizontal places in per cent, vertical ones and type in pixels.

A figure made this way fills a phone or a page without its type shrinking,
which a scaled view box would do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
from markupsafe import Markup, escape

from dokja.evidence.values import Text

Attributes = Mapping[str, str | float]


class Axis(msgspec.Struct, frozen=True, kw_only=True):
    """Values `low`..`high` on `start`..`end` per cent of the width."""

    low: float
    high: float
    start: float = 0.0
    end: float = 100.0

    def at(self, value: float) -> float:
        """Place of the value in per cent; values outside lie on the edge."""
        inside = min(max(value, self.low), self.high)
        share = (inside - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def element(name: str, attributes: Attributes, *content: Markup | str) -> Markup:
    """One element; every attribute and every plain text is escaped."""
    pairs = Markup().join(
        Markup(' {}="{}"').format(key, _plain(value))
        for key, value in attributes.items()
    )
    inside = Markup().join(escape(part) for part in content)
    return Markup("<{0}{1}>{2}</{0}>").format(name, pairs, inside)


def bilingual(text: Text) -> Markup:
    """Both languages; the style sheet shows the one that is chosen."""
    if text.ko == text.en:
        return escape(text.en)
    return element("tspan", {"lang": "ko"}, text.ko) + element(
        "tspan", {"lang": "en"}, text.en
    )


def label(
    place: tuple[float, float],
    text: Text | str,
    *,
    style: str,
    anchor: str = "start",
) -> Markup:
    """Text at (per cent, pixels)."""
    x, y = place
    content = bilingual(text) if isinstance(text, Text) else text
    attributes: Attributes = {
        "x": per_cent(x),
        "y": y,
        "class": style,
        "text-anchor": anchor,
    }
    return element("text", attributes, content)


def line(start: tuple[float, float], end: tuple[float, float], style: str) -> Markup:
    """A line between two places in (per cent, pixels)."""
    ends: Attributes = {
        "x1": per_cent(start[0]),
        "y1": start[1],
        "x2": per_cent(end[0]),
        "y2": end[1],
        "class": style,
    }
    return element("line", ends)


def whisker(axis: Axis, ends: tuple[float, float], y: float) -> Markup:
    """An interval with caps."""
    low, high = axis.at(ends[0]), axis.at(ends[1])
    return Markup().join(
        (
            line((low, y), (high, y), "whisker"),
            line((low, y - 4), (low, y + 4), "whisker"),
            line((high, y - 4), (high, y + 4), "whisker"),
        )
    )


def dot(place: tuple[float, float], style: str, *, radius: float = 5) -> Markup:
    """A round mark."""
    at: Attributes = {
        "cx": per_cent(place[0]),
        "cy": place[1],
        "r": radius,
        "class": style,
    }
    return element("circle", at)


def diamond(place: tuple[float, float], style: str) -> Markup:
    """A mark that differs from a dot in shape, not only in colour."""
    shape = element("path", {"d": "M0-6.5 6.5 0 0 6.5-6.5 0Z", "class": style})
    at: Attributes = {"x": per_cent(place[0]), "y": place[1], "overflow": "visible"}
    return element("svg", at, shape)


def figure(
    key: str, height: float, *, title: Text, description: Text, body: Iterable[Markup]
) -> Markup:
    """The whole figure, named and described for those who cannot see it.

    `key` is unique in the document. Title and description carry both
    languages, because a screen reader takes no notice of the switch.
    """
    attributes: Attributes = {
        "class": "chart",
        **named(key),
        "width": "100%",
        "height": height,
    }
    return element("svg", attributes, *captions(key, title, description), *body)


def named(key: str) -> Attributes:
    """What makes an `svg` a picture with the name and description of `captions`."""
    return {"role": "img", "aria-labelledby": f"{key}-title {key}-desc"}


def captions(key: str, title: Text, description: Text) -> tuple[Markup, Markup]:
    """The name and the description of a picture, in both languages."""
    return (
        element("title", {"id": f"{key}-title"}, f"{title.ko} / {title.en}"),
        element("desc", {"id": f"{key}-desc"}, f"{description.ko} / {description.en}"),
    )


def per_cent(value: float) -> str:
    """A place as SVG writes it."""
    return f"{_plain(value)}%"


def _plain(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return f"{value:.2f}".rstrip("0").rstrip(".")
