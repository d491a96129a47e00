"""Where a contest stands: read from its acts, so that no state is kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from dokja.contest.battles.opening import CLOSED, OPENED, RATED, SCREENED, UNBLINDED
from dokja.evidence.values import Act


class ContestPhase(StrEnum):
    """How far a contest has come."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    SCREENED = "screened"
    UNBLINDED = "unblinded"
    RATED = "rated"


_BEGUN_BY = (
    (RATED, ContestPhase.RATED),
    (UNBLINDED, ContestPhase.UNBLINDED),
    (SCREENED, ContestPhase.SCREENED),
    (CLOSED, ContestPhase.CLOSED),
    (OPENED, ContestPhase.OPEN),
)


def phase_of(acts: Sequence[Act]) -> ContestPhase:
    """The phase that the acts of the contest as a whole show."""
    kinds = {act.kind for act in acts}
    for kind, phase in _BEGUN_BY:
        if kind in kinds:
            return phase
    return ContestPhase.PLANNED


def act_of(acts: Sequence[Act], kind: str) -> Act | None:
    """The contest's act of this kind."""
    return next((act for act in acts if act.kind == kind), None)
