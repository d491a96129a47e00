"""One way to forge a record: by whose hand, and which check has to find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.twins.honest import Kept
from tests.twins.story import Story

Forge = Callable[[Kept, Path], Kept]
"""Makes the forged twin of an honest record in a folder."""


class Hand(StrEnum):
    """Who forged, and when."""

    OUTSIDER = "outsider"
    """Changes files afterwards and has nobody's key."""
    AFTERWARDS = "team, afterwards"
    """Signs anew with the team's key; the witness keeps what it saw."""
    LIVE = "team, live"
    """Lied while training ran, so the witness cosigned the lie."""


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A forged twin of every record that it is made of."""

    name: str
    hand: Hand
    caught_by: str
    """Check that has to find it."""
    as_: str = "fail"
    """What that check has to say: `fail`, or `inconclusive` where honest accidents
    look the same."""
    forge: Forge
    needs: frozenset[str] = frozenset()
    """`materials`, `replay`: what the check cannot do without."""


def spoilt(spoil: Callable[[Kept], None]) -> Forge:
    """Forges by spoiling files of a copy."""

    def forge(honest: Kept, folder: Path) -> Kept:
        kept = honest.copied(folder)
        spoil(kept)
        return kept

    return forge


def retold(lie: Callable[[Story], Story]) -> Forge:
    """Forges by telling the story otherwise afterwards; the witness is not asked."""
    return lambda honest, folder: honest.again(
        lie(honest.story), folder, pens=honest.keys.team_alone
    )


def lived(lie: Callable[[Story], Story]) -> Forge:
    """Forges by telling the story otherwise from the start, before the witness."""
    return lambda honest, folder: honest.again(lie(honest.story), folder)
