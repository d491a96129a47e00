"""Small charts as shapes with places: a template draws them as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from dokja.evidence.values import Text

WIDTH, HEIGHT, FOOT = 640, 150, 24
WIDEST = 48
MOST_NAMES = 8
"""Names under the bars; more would run into each other."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One bar, in the units of the drawing."""

    name: str
    value: int
    x: float
    y: float
    width: float
    height: float
    is_named: bool


class BarChart(msgspec.Struct, frozen=True, kw_only=True):
    """Counts side by side, from zero."""

    width: int
    height: int
    base: int
    """Where zero lies."""
    most: int
    bars: tuple[Bar, ...]


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a whole."""

    name: Text
    tone: str
    """Class of its colour: `good`, `now`, `care`, `stop` or `rest`."""
    count: int
    x: float
    width: float


class ShareChart(msgspec.Struct, frozen=True, kw_only=True):
    """A whole and its parts in one line."""

    width: int
    total: int
    shares: tuple[Share, ...]


def bar_chart(counts: Mapping[str, int]) -> BarChart:
    """The counts in their order."""
    most, number = max(counts.values(), default=0), max(len(counts), 1)
    step = WIDTH / number
    width = min(step * 0.7, WIDEST)
    base = HEIGHT - FOOT
    every = -(-number // MOST_NAMES)
    bars = []
    for place, (name, value) in enumerate(counts.items()):
        height = (base - 20) * value / most if most else 0.0
        bars.append(
            Bar(
                name=name,
                value=value,
                x=round(step * place + (step - width) / 2, 1),
                y=round(base - height, 1),
                width=round(width, 1),
                height=round(height, 1),
                is_named=place % every == 0,
            )
        )
    return BarChart(width=WIDTH, height=HEIGHT, base=base, most=most, bars=tuple(bars))


def share_chart(parts: Sequence[tuple[Text, str, int]]) -> ShareChart:
    """The parts (name, tone, count) in their order; empty ones take no room."""
    total = sum(count for _, _, count in parts)
    shares, x = [], 0.0
    for name, tone, count in parts:
        width = WIDTH * count / total if total else 0.0
        shares.append(
            Share(
                name=name, tone=tone, count=count, x=round(x, 1), width=round(width, 1)
            )
        )
        x += width
    return ShareChart(width=WIDTH, total=total, shares=tuple(shares))
