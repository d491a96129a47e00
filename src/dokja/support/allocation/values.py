"""What is asked of an allocation, and what is proposed with its reasons."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec

from dokja.evidence.values import Text
from dokja.support.gpu.values import GpuShare
from dokja.support.values import Entry, Id, SupportEvent, Window

REQUEST_SCHEMA = "dokja-allocation-request/1"
PROPOSAL_SCHEMA = "dokja-allocation/1"


class TeamDemand(Entry, frozen=True, kw_only=True):
    """What a team needs at every moment, in normalised GPUs."""

    team: Id
    least: Decimal
    most: Decimal
    window: Window | None = None
    """None: the whole time of the request."""
    pools: tuple[Id, ...] = ()
    """Pools the team can use; empty: any."""

    def __post_init__(self) -> None:
        if not (self.least.is_finite() and self.most.is_finite() and self.least >= 0):
            raise ValueError(f"{self.team} needs {self.least} to {self.most} GPUs")


class AllocationRequest(Entry, frozen=True, kw_only=True):
    """Who needs how much, for which time."""

    schema: str
    id: Id
    window: Window
    teams: Annotated[tuple[TeamDemand, ...], msgspec.Meta(min_length=1)]


class AllocationRule(StrEnum):
    """What an allocation keeps to."""

    LEAST = "least"
    MOST = "most"
    CAPACITY = "capacity"
    LESSOR = "lessor"
    NODE = "node"
    POOL_CHOICE = "pool_choice"


class RuleInForce(Entry, frozen=True, kw_only=True):
    """A rule as it applies to one team or pool."""

    rule: AllocationRule
    subject: str
    """Team or pool; empty for what applies to all."""
    text: Text


class TeamAllocation(Entry, frozen=True, kw_only=True):
    """What a team gets, and what keeps it from more."""

    team: Id
    mean: Decimal
    """Normalised GPUs, averaged over the team's time."""
    hours: Decimal
    """Normalised GPU-hours."""
    bound_by: tuple[RuleInForce, ...]
    """Without any one of them it would get more, and no other team less."""
    bound_jointly: bool = False
    """Whether it would get more only without all of them together."""


class Proposal(Entry, frozen=True, kw_only=True):
    """An allocation as it was solved; nothing is given until the office adopts it."""

    schema: str
    id: Id
    solved_from: str
    """Digest of the request, the book and the rules."""
    shares: tuple[GpuShare, ...]
    teams: tuple[TeamAllocation, ...]
    conflict: tuple[RuleInForce, ...]
    """Rules that exclude each other, none of which is dispensable; then no shares."""
    method: str


class AllocationExplained(
    SupportEvent, frozen=True, kw_only=True, tag="allocation_explained"
):
    """What was asked of an allocation that was adopted, and the reasons it gave."""

    request: AllocationRequest
    proposal: Proposal
