"""What re-deciding a published stage shows."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.lineage.values import LineageVerdict
from dokja.replay.values import (
    Bid,
    PairKind,
    PairThresholds,
    Record,
    Source,
    Status,
    Unknown,
)
from dokja.standing.values import Bounds


class Fact(Record, frozen=True, kw_only=True):
    """A published fact beside what Dokja derives, and whether they agree."""

    id: str
    text: Text
    published: str
    recomputed: str
    holds: bool
    status: Status
    sources: tuple[Source, ...]


class StatedFact(Record, frozen=True, kw_only=True):
    """A published figure restated; there was nothing to check it against."""

    id: str
    text: Text
    value: str
    status: Status
    sources: tuple[Source, ...]


class Event(Record, frozen=True, kw_only=True):
    """A dated event with its sources."""

    date: str
    text: Text
    status: Status
    sources: tuple[Source, ...]


class RemovedBy(StrEnum):
    """What removes a team when it alone decides."""

    RANK_CUT = "rank_cut"
    GATE = "gate"


class Removal(Record, frozen=True, kw_only=True):
    """Every reason that removes a team, and the clauses the decision cites."""

    team: str
    removed_by: tuple[RemovedBy, ...]
    clauses: tuple[str, ...]


class Outcome(Record, frozen=True, kw_only=True):
    """The decision, by team ids; it carries no score."""

    advances: tuple[str, ...]
    eliminated_by_rank: tuple[str, ...]
    eliminated_by_gate: tuple[str, ...]
    undecided: tuple[str, ...]
    removals: tuple[Removal, ...]
    vacancy: int
    revival_call: bool
    objection_until: str
    selected: str | None = None
    """Who filled the vacancy, as announced; None where no call followed."""


class Selection(Record, frozen=True, kw_only=True):
    """The extra call as announced; its votes were not published."""

    bids: tuple[Bid, ...]
    active_teams: tuple[str, ...]
    text: Text


class CompletionCheck(Record, frozen=True, kw_only=True):
    """How often the unknown was filled in, in memory only, and what followed."""

    drawn: int
    same_outcome: bool
    method: str


class TeamScores(Record, frozen=True, kw_only=True):
    """Published points of a team; null where nothing was published."""

    team: str
    name: Text
    scores: dict[str, Decimal | None]


class PartBounds(Record, frozen=True, kw_only=True):
    """What the published mean leaves for the teams without a score."""

    part: str
    name: Text
    others: int
    sum: Bounds
    mean: Bounds


class PairReplay(Record, frozen=True, kw_only=True):
    """A published pair with the verdict its figures lead to."""

    id: str
    kind: PairKind
    candidate: str
    reference: str
    component: Text
    raw_cosine: Bounds | None
    centred: Bounds | None
    verdict: LineageVerdict
    must_get: LineageVerdict
    holds: bool
    reason: Text
    wording: Text
    text: Text
    reply: Text
    resolution: Text
    status: Status
    sources: tuple[Source, ...]


class FindingReplay(Record, frozen=True, kw_only=True):
    """A published gate finding with the team's position beside it."""

    team: str
    gate: str
    result: FindingResult
    text: Text
    reply: Text
    status: Status
    sources: tuple[Source, ...]


class Counterfactual(Record, frozen=True, kw_only=True):
    """What the same rules would have decided had one thing been otherwise."""

    id: str
    text: Text
    outcome: Outcome | None
    refused: Text | None
    """Why nothing was decided; None where something was."""


class ReplayReport(Record, frozen=True, kw_only=True):
    """The published stage decided again."""

    schema: str
    case: str
    name: Text
    note: Text
    correction: Text
    rules_digest: str
    outcome: Outcome
    selection: Selection
    settled_by_data: bool
    """False where completions disagree or a rule decided what data left open."""
    completions: CompletionCheck
    facts: tuple[Fact, ...]
    stated: tuple[StatedFact, ...]
    events: tuple[Event, ...]
    scores: tuple[TeamScores, ...]
    bounds: tuple[PartBounds, ...]
    lowest_total_at_most: Decimal
    """Upper bound of the lowest total, at the decimals of the published mean."""
    findings: tuple[FindingReplay, ...]
    pair_thresholds: PairThresholds
    independence: tuple[PairReplay, ...]
    counterfactuals: tuple[Counterfactual, ...]
    unknown: tuple[Unknown, ...]
