"""Small charts as shapes with places: a template draws them as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

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


class SupplyBar(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised for a time, in three parts on top of each other."""

    name: str
    """First day of the time."""
    promised: Decimal
    delivered: Decimal
    lost: Decimal
    unrecorded: Decimal
    x: float
    width: float
    tops: tuple[float, float, float]
    """Where the parts begin: delivered at the bottom, then lost, then unrecorded."""
    heights: tuple[float, float, float]
    is_named: bool


class SupplyChart(msgspec.Struct, frozen=True, kw_only=True):
    """Delivered against promised over time, from zero."""

    width: int
    height: int
    base: int
    most: Decimal
    days: int
    """Days that one bar stands for."""
    bars: tuple[SupplyBar, ...]


Supply = tuple[Decimal, Decimal, Decimal, Decimal]
"""Promised, delivered, lost and unrecorded."""
MOST_BARS = 62
_LONGER = (1, 7, 28, 91)


def supply_chart(days: Sequence[tuple[date, Supply]]) -> SupplyChart:
    """What was promised on these days, and what became of it.

    A day that stands twice is added up; several make one bar where there are many.
    """
    span = max(d for d, _ in days) - min(d for d, _ in days) if days else timedelta()
    length = next((n for n in _LONGER if span.days < n * MOST_BARS), _LONGER[-1])
    groups = _together(days, length)
    most = max((supply[0] for supply in groups.values()), default=Decimal(0))
    step = WIDTH / max(len(groups), 1)
    width = min(step * 0.8, WIDEST)
    every = -(-len(groups) // MOST_NAMES) or 1
    bars = []
    for place, (first, supply) in enumerate(groups.items()):
        x = round(step * place + (step - width) / 2, 1)
        bar = _supply_bar(first, supply, most, (x, round(width, 1)))
        bars.append(msgspec.structs.replace(bar, is_named=place % every == 0))
    return SupplyChart(
        width=WIDTH,
        height=HEIGHT,
        base=HEIGHT - FOOT,
        most=most,
        days=length,
        bars=tuple(bars),
    )


def _together(days: Sequence[tuple[date, Supply]], length: int) -> dict[date, Supply]:
    """The sums of neighbouring days, by the first of them."""
    found: dict[date, Supply] = {}
    start = min((day for day, _ in days), default=date.min)
    for day, supply in sorted(days):
        first = day - (day - start) % timedelta(days=length)
        known = found.get(first, (Decimal(0),) * 4)
        promised, delivered, lost, unrecorded = (
            a + b for a, b in zip(known, supply, strict=True)
        )
        found[first] = promised, delivered, lost, unrecorded
    return found


def _supply_bar(
    first: date,
    supply: Supply,
    most: Decimal,
    place: tuple[float, float],
) -> SupplyBar:
    promised, *parts = supply
    base = HEIGHT - FOOT
    scale = (base - 20) / float(most) if most else 0.0
    heights = [float(part) * scale for part in parts]
    tops = [base - sum(heights[: n + 1]) for n in range(len(heights))]
    return SupplyBar(
        name=first.isoformat(),
        promised=promised,
        delivered=parts[0],
        lost=parts[1],
        unrecorded=parts[2],
        x=place[0],
        width=place[1],
        tops=(round(tops[0], 1), round(tops[1], 1), round(tops[2], 1)),
        heights=(round(heights[0], 1), round(heights[1], 1), round(heights[2], 1)),
        is_named=False,
    )
