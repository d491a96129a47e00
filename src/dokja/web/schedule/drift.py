"""How dates drifted from version to version, as places of a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from dokja.evidence.values import Text
from dokja.programme.schedule.values import Milestone, ScheduleVersion
from dokja.programme.schedule.versions import first_day, in_order, last_day

WIDTH, PAD = 720, 28
HEAD, STEP, GAP, FOOT = 24, 22, 16, 26
MOST_TICKS = 8
_MONTHS = 12


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Where one version put a date: a point, or a span where no day was named."""

    version: int
    x: float
    width: float
    """Zero for a single day."""
    y: float
    dates: str
    is_left: bool
    """Whether its words stand on its left, for want of room on the right."""
    is_latest: bool


class DriftRow(msgspec.Struct, frozen=True, kw_only=True):
    """One date that moved, the earliest version first."""

    name: Text
    y: float
    marks: tuple[Mark, ...]


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """The first day of a month on the line below."""

    month: str
    x: float


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """Every date that moved, on one line of time."""

    width: int
    height: float
    rows: tuple[DriftRow, ...]
    ticks: tuple[Tick, ...]


def drift_of(versions: Sequence[ScheduleVersion]) -> Drift | None:
    """The drawing; None where no date ever moved."""
    moved = {name: found for name, found in _places(versions).items() if len(found) > 1}
    if not moved:
        return None
    known = [milestone for found in moved.values() for _, milestone in found]
    scale = _Scale(
        first=min(first_day(m.at) for m in known),
        last=max(last_day(m.until or m.at) for m in known),
    )
    latest = {name: found[-1][1] for name, found in moved.items()}
    rows, y = [], 0.0
    for milestone in in_order(tuple(latest.values())):
        found = moved[milestone.id]
        marks = tuple(_marks(found, scale, y + HEAD))
        rows.append(DriftRow(name=milestone.name, y=y + HEAD - 8, marks=marks))
        y += HEAD + STEP * len(found) + GAP
    return Drift(
        width=WIDTH, height=y + FOOT, rows=tuple(rows), ticks=tuple(_ticks(scale))
    )


class _Scale(msgspec.Struct, frozen=True):
    """Days to places."""

    first: date
    last: date

    def at(self, day: date) -> float:
        days = max((self.last - self.first).days, 1)
        share = (day - self.first).days / days
        return round(PAD + share * (WIDTH - 2 * PAD), 1)


def _places(
    versions: Sequence[ScheduleVersion],
) -> dict[str, list[tuple[int, Milestone]]]:
    """Each date with the versions that put it somewhere else than before."""
    found: dict[str, list[tuple[int, Milestone]]] = {}
    for version in versions:
        for milestone in version.schedule.milestones:
            before = found.setdefault(milestone.id, [])
            if not before or _dates(before[-1][1]) != _dates(milestone):
                before.append((version.number, milestone))
    return found


def _marks(
    found: Sequence[tuple[int, Milestone]], scale: _Scale, top: float
) -> Iterator[Mark]:
    for place, (version, milestone) in enumerate(found):
        x = scale.at(first_day(milestone.at))
        end = scale.at(last_day(milestone.until or milestone.at))
        yield Mark(
            version=version,
            x=x,
            width=round(end - x, 1),
            y=top + STEP * place + STEP / 2,
            dates=_dates(milestone),
            is_left=end > WIDTH * 0.6,
            is_latest=place == len(found) - 1,
        )


def _dates(milestone: Milestone) -> str:
    return milestone.at + (f" ~ {milestone.until}" if milestone.until else "")


def _ticks(scale: _Scale) -> Iterator[Tick]:
    first = scale.first.year * _MONTHS + scale.first.month - 1
    last = scale.last.year * _MONTHS + scale.last.month - 1
    every = -(-(last - first + 1) // MOST_TICKS)
    for number in range(first, last + 1, every):
        day = date(number // _MONTHS, number % _MONTHS + 1, 1)
        if day >= scale.first:
            yield Tick(month=f"{day:%Y-%m}", x=scale.at(day))
