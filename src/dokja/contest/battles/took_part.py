"""How many took part in a contest: counts in which nobody and no team stands."""

from __future__ import annotations

import msgspec


class DayCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One day of a contest, by the date of the acts."""

    day: str
    votes: int
    voided: int


class Participation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How many took part. No team, side or choice enters, so none can leave."""

    admitted: int
    voters: int
    """Who cast a vote."""
    votes: int
    voided: dict[str, int]
    """By reason, every reason named."""
    days: tuple[DayCount, ...]
