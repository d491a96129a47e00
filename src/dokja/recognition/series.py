"""Which values of outsiders can be held side by side, and which cannot."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from dokja.errors import NotAllowed
from dokja.recognition.values import (
    IndexSeries,
    IndexValue,
    Recognition,
    RecognitionState,
)


def series(known: Iterable[Recognition]) -> tuple[IndexSeries, ...]:
    """Values that still stand, by index and version; one of no version is alone."""
    groups: dict[tuple[str, ...], list[Recognition]] = {}
    for each in known:
        fact = each.fact
        if isinstance(fact, IndexValue) and each.state is not _GONE:
            alone = () if fact.version is not None else (each.id,)
            key = (fact.body, fact.index, fact.version or "", *alone)
            groups.setdefault(key, []).append(each)
    return tuple(
        IndexSeries(
            body=key[0],
            index=key[1],
            version=key[2] or None,
            values=tuple(sorted(found, key=lambda r: (-_value(r), r.id))),
        )
        for key, found in sorted(groups.items())
    )


def difference(one: IndexValue, other: IndexValue) -> Decimal:
    """How much higher the first value is.

    Raises: NotAllowed for another index or version: an index counts differently in
    each, and a number without its version counts nobody knows how.
    """
    if one.version is None or _of(one) != _of(other):
        raise NotAllowed(
            f"{one.index} {one.version or '(version unknown)'} and {other.index} "
            f"{other.version or '(version unknown)'} cannot be compared",
            remedy="compare values of one index in one version",
        )
    return one.value - other.value


_GONE = RecognitionState.TAKEN_OFF


def _of(value: IndexValue) -> tuple[str, str, str | None]:
    return value.body, value.index, value.version


def _value(found: Recognition) -> Decimal:
    assert isinstance(found.fact, IndexValue)
    return found.fact.value
