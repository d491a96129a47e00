"""The decision of a stage."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.independence.values import FindingResult
from dokja.programme.values import Reason, TieBreak


class TeamStatus(StrEnum):
    """What a decision says of a team."""

    ADVANCES = "advances"
    ELIMINATED_BY_RANK = "eliminated_by_rank"
    ELIMINATED_BY_GATE = "eliminated_by_gate"
    WITHDRAWN = "withdrawn"
    UNDECIDED = "undecided"


class TeamFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that a decision may look at, for one team."""

    team: str
    total: Decimal | None
    tie_break: tuple[Decimal | None, ...]
    """Points of the categories named in the rulebook's tie order."""
    inside_cut: float | None
    """Probability of being inside the cut; None where it was not estimated."""
    rank_probability: tuple[float, ...] = ()
    """Probability of rank 1, 2, …; empty where it was not estimated."""
    gates: dict[str, FindingResult]
    """Gate id to the finding; a gate that was not run is absent."""
    withdrawn: bool = False


class TeamDecision(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The decision on one team; every reason is kept, also the second one."""

    team: str
    status: TeamStatus
    reasons: tuple[Reason, ...]


class StageDecision(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The decision of a stage, ready to be objected to."""

    stage: str
    rules_digest: str
    teams: tuple[TeamDecision, ...]
    planned_places: int
    vacancies: int
    revival_call: bool
    settled_by_data: bool
    """False where the rulebook decided what the data left open."""
    objection_until: str
    reasons: tuple[Reason, ...]
    tie_break: TieBreak | msgspec.UnsetType = msgspec.UNSET
    """What decided, or has to be gathered, because the data alone did not."""

    def teams_with(self, status: TeamStatus) -> tuple[str, ...]:
        """Ids of the teams with this status, in the decision's order."""
        return tuple(t.team for t in self.teams if t.status is status)
