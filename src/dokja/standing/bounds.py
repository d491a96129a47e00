"""What published means and scores say about the scores nobody published.

Interval arithmetic in Decimal. A figure shown at k decimals stands for every
value that rounds to it, so it enters as an interval of one unit of that
decimal; all intervals are closed, which makes them at most too wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from dokja.errors import InvalidInput
from dokja.standing.values import Bounds

_ZERO = Decimal(0)


class Constraint(msgspec.Struct, frozen=True, kw_only=True):
    """An interval with the fact it comes from, for the error that names it."""

    fact: str
    bounds: Bounds


def shown_bounds(value: Decimal) -> Bounds:
    """Every value that is shown as `value`: half a unit of its last decimal.

    The decimals are those written, so 25.0 is known ten times better than 25.
    """
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise InvalidInput(
            f"{value} is not a number that could have been published",
            remedy="leave an unpublished figure out; never write it as NaN",
        )
    half = Decimal(5).scaleb(exponent - 1)
    return Bounds(low=value - half, high=value + half)


def sum_bounds(parts: Sequence[Bounds]) -> Bounds:
    """Bounds of the sum of values with these bounds."""
    return Bounds(
        low=sum((part.low for part in parts), _ZERO),
        high=sum((part.high for part in parts), _ZERO),
    )


def rest_bounds(mean: Bounds, *, count: int, known: Sequence[Bounds]) -> Bounds:
    """Bounds of the sum of those of `count` values which are not `known`."""
    taken = sum_bounds(known)
    return Bounds(low=mean.low * count - taken.high, high=mean.high * count - taken.low)


def mean_bounds(total: Bounds, *, count: int) -> Bounds:
    """Bounds of the mean of `count` values with this sum.

    The upper end also bounds the lowest of the values, and the lower end the
    highest: the least of several numbers never exceeds their mean.
    """
    return Bounds(low=total.low / count, high=total.high / count)


def intersect(constraints: Sequence[Constraint]) -> Bounds:
    """The interval that meets every constraint.

    Raises: InvalidInput naming the two facts that exclude each other.
    """
    if not constraints:
        raise InvalidInput(
            "no published fact bounds this value",
            remedy="give at least one mean or score",
        )
    low = max(constraints, key=lambda each: each.bounds.low)
    high = min(constraints, key=lambda each: each.bounds.high)
    if low.bounds.low > high.bounds.high:
        raise InvalidInput(
            f"published facts exclude each other: {low.fact} asks for at least "
            f"{low.bounds.low}, {high.fact} for at most {high.bounds.high}",
            remedy="check both figures against their sources; no score can meet both",
        )
    return Bounds(low=low.bounds.low, high=high.bounds.high)
