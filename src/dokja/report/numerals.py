"""How numbers and moments are printed. A missing number is never a 0."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from markupsafe import Markup, escape

from dokja.evidence.values import Estimate, Text, quantise

RANGE = "{}\N{NO-BREAK SPACE}\N{EN DASH}\N{NO-BREAK SPACE}{}"
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Shown(msgspec.Struct, frozen=True):
    """A number as printed; `text` is None where it is undetermined."""

    text: str | None
    reason: Text | None = None


def points(value: Decimal | None, *, places: int, reason: Text | None = None) -> Shown:
    """Points rounded half up to the rulebook's shown places."""
    if value is None:
        return Shown(None, reason)
    return Shown(str(quantise(value, places=places)))


def fixed(value: float, *, places: int) -> str:
    """`value` with `places` decimals, a true minus sign and no minus zero."""
    text = f"{value:.{places}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "\N{MINUS SIGN}")


def percent(share: float, *, places: int = 1) -> str:
    """A share as a percentage."""
    return f"{fixed(100 * share, places=places)}%"


def probability(share: float) -> str:
    """A Monte-Carlo probability; draws can show neither 0 nor 100%."""
    if share < 0.005:
        return "<1%"
    if share > 0.995:
        return ">99%"
    return percent(share, places=0)


def p_value(value: float, *, floor: float) -> Markup:
    """The p-value in two digits, never more extreme than `floor`."""
    if value <= floor:
        return Markup("≤ ") + scientific(floor)
    return escape(fixed(value, places=3)) if value >= 0.001 else scientific(value)


def scientific(value: float) -> Markup:
    """A small number in two digits and a power of ten."""
    digits, exponent = f"{value:.1e}".split("e")
    power = str(int(exponent)).replace("-", "\N{MINUS SIGN}")
    return Markup("{} × 10<sup>{}</sup>").format(digits.removesuffix(".0"), power)


def interval(low: float | None, high: float | None, *, places: int) -> str | None:
    """Both ends of an interval; None where no interval can be given."""
    if low is None or high is None:
        return None
    return RANGE.format(fixed(low, places=places), fixed(high, places=places))


def percent_interval(estimate: Estimate) -> str | None:
    """Both ends as percentages; None where no interval can be given."""
    if estimate.low is None or estimate.high is None:
        return None
    low, high = (fixed(100 * end, places=1) for end in (estimate.low, estimate.high))
    return RANGE.format(low, high) + "%"


def signed_points(difference: float) -> str:
    """A difference of two shares in percentage points; its sign outlives rounding.

    An end that rounds to 0 would otherwise not say on which side of it it lies.
    """
    sign = "+" if difference > 0 else "\N{MINUS SIGN}" if difference < 0 else ""
    return sign + fixed(abs(100 * difference), places=1)


def points_interval(found: Estimate | None) -> str | None:
    """Both ends of such a difference; None where no interval can be given."""
    if found is None or found.low is None or found.high is None:
        return None
    return RANGE.format(signed_points(found.low), signed_points(found.high))


def moment(iso: str) -> Text:
    """Date and time in the zone of the record; other text is left as it is."""
    try:
        at = datetime.fromisoformat(iso)
    except ValueError:
        return Text(iso, iso)
    ko = f"{at.year}년 {at.month}월 {at.day}일"
    en = f"{at.day} {ENGLISH_MONTHS[at.month - 1]} {at.year}"
    if len(iso) <= len("2026-01-15"):
        return Text(ko, en)
    clock = f"{at.hour:02d}:{at.minute:02d}"
    zone = at.tzname() or ""
    if zone == "UTC+09:00":
        return Text(f"{ko} {clock}", f"{en}, {clock} KST")
    return Text(f"{ko} {clock} {zone}".rstrip(), f"{en}, {clock} {zone}".rstrip())
