"""Words of a rating."""

from __future__ import annotations

from enum import StrEnum


class TieRule(StrEnum):
    """What a tie says about two teams' strengths."""

    HALF = "half"
    """Half a win for each: the rating that is published."""
    DROPPED = "dropped"
    """Nothing."""
    RAO_KUPPER = "rao_kupper"
    """That they are near each other, by a parameter of its own."""


class NoStrength(StrEnum):
    """Why a team has no finite strength."""

    UNBEATEN = "unbeaten"
    """It lost to none of the rated and tied with none: no bound from above."""
    WINLESS = "winless"
    """It beat none of the rated and tied with none: no bound from below."""
    APART = "apart"
    """No wins lead both ways between it and the rated teams."""
    UNMET = "unmet"
    """It stands in no vote."""
    UNSETTLED = "unsettled"
    """The data fix no unique finite strengths together with the other terms."""
