"""Published times as places on an axis of days, as wide as they are vague."""

from __future__ import annotations

from datetime import date

from dokja.evidence.values import Text
from dokja.programme.schedule.versions import first_day, last_day
from dokja.report.figures.svg import Axis
from dokja.report.numerals import ENGLISH_MONTHS, moment

DAY = len("2026-01-15")
MONTH = len("2026-01")
LONG = 550
"""Days from which on quarters stand too close."""


def ends(on: str, until: str | None = None) -> tuple[float, float]:
    """First day and the day after the last that a published time can mean."""
    begins = first_day(on[:DAY]).toordinal()
    return float(begins), float(last_day((until or on)[:DAY]).toordinal() + 1)


def is_exact(on: str) -> bool:
    """Whether a single day was published."""
    return len(on) >= DAY


def shown(on: str) -> Text:
    """The time as it was published, in words."""
    if is_exact(on):
        return moment(on)
    if len(on) == MONTH:
        year, month = on.split("-")
        return Text(
            f"{year}년 {int(month)}월", f"{ENGLISH_MONTHS[int(month) - 1]} {year}"
        )
    return Text(f"{on}년", on)


def span(on: str, until: str | None) -> Text:
    """A time with its end, in words."""
    first = shown(on)
    if until is None or until == on:
        return first
    last = shown(until)
    return Text(f"{first.ko} – {last.ko}", f"{first.en} – {last.en}")


def month_of(on: str) -> str:
    """The month a time stands under; a year alone stands under its first."""
    return first_day(on[:DAY]).isoformat()[:MONTH]


def days_axis(low: str, high: str) -> Axis:
    """The axis from the first day of one time to the last of another."""
    return Axis(low=ends(low)[0], high=ends(high)[1], start=0.5, end=99.5)


def ticks(low: str, high: str) -> tuple[tuple[float, Text], ...]:
    """The first day of every quarter between two times, with its words.

    Of every half year where the times lie further apart, so that the words of
    neighbours keep off each other on a phone.
    """
    first, after = (int(each) for each in (ends(low)[0], ends(high)[1]))
    months = (1, 4, 7, 10) if after - first < LONG else (1, 7)
    found = []
    for year in range(date.fromordinal(first).year, date.fromordinal(after).year + 1):
        for month in months:
            day = date(year, month, 1).toordinal()
            if first <= day < after:
                name = ENGLISH_MONTHS[month - 1][:3]
                found.append((float(day), Text(f"{year}.{month}", f"{name} {year}")))
    return tuple(found)
