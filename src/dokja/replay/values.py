"""A published stage as data."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.lineage.values import LineageVerdict
from dokja.standing.values import Bounds

TOTAL = "total"
"""The part that stands for the sum of all categories."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every entry of a published stage and of its replay."""


class Status(StrEnum):
    """How well a published fact is attested."""

    CERTAIN = "certain"
    """The ministry published it, or independent pages agree."""
    REPORTED = "reported"
    """One page reports it."""
    INFERRED = "inferred"
    """Our reading of what was published; nobody published it so."""


def weakest(statuses: Iterable[Status]) -> Status:
    """The status of what rests on all of these."""
    order = tuple(Status)
    return max(statuses, key=order.index)


class Source(Record, frozen=True, kw_only=True):
    """Where a fact was read."""

    publisher: str
    date: str
    """ISO 8601; month only where the page gives no day."""
    subject: str


class Published(Record, frozen=True, kw_only=True):
    """Base of a published fact: the ids of its sources and how well it stands."""

    sources: tuple[str, ...]
    status: Status


class PublishedTeam(Published, frozen=True, kw_only=True):
    """A team of the stage and the role label its completions go by."""

    id: str
    role: str
    name: Text


class PublishedScore(Published, frozen=True, kw_only=True):
    """A team's published points in a component, a category or in total."""

    team: str
    part: str
    value: Decimal


class PublishedMean(Published, frozen=True, kw_only=True):
    """The published mean over all teams of the stage."""

    part: str
    value: Decimal


class PublishedLead(Published, frozen=True, kw_only=True):
    """Who was announced as highest in a part; all of them hold one value."""

    part: str
    teams: tuple[str, ...]


class PublishedPoints(Published, frozen=True, kw_only=True):
    """The announced points of each component."""

    components: dict[str, Decimal]


class PublishedRanking(Published, frozen=True, kw_only=True):
    """What was said of the ranks: who was inside the cut and who was last."""

    inside: tuple[str, ...]
    lowest: str
    planned_eliminations: int


class PublishedFinding(Published, frozen=True, kw_only=True):
    """What was announced of a team at a gate, beside the team's position."""

    team: str
    gate: str
    result: FindingResult
    text: Text
    reply: Text


class PublishedDecision(Published, frozen=True, kw_only=True):
    """The announced decision."""

    announced: str
    advances: tuple[str, ...]
    eliminated_by_rank: tuple[str, ...]
    eliminated_by_gate: tuple[str, ...]
    vacancies: int
    revival_call: bool


class PublishedObjection(Published, frozen=True, kw_only=True):
    """The announced objection window."""

    days: int
    ends: str
    """By calendar count from the announcement."""


class Bid(Record, frozen=True, kw_only=True):
    """An organisation that applied in the extra call."""

    id: str
    name: Text


class PublishedRevival(Published, frozen=True, kw_only=True):
    """The extra call and its result; the votes were not published."""

    opened: str
    closed: str
    bids: tuple[Bid, ...]
    selected: str
    selected_on: str
    active_teams: int


class PublishedEvent(Published, frozen=True, kw_only=True):
    """Something that happened on a day."""

    date: str
    text: Text


class Stated(Published, frozen=True, kw_only=True):
    """A published figure with nothing to recompute it from."""

    id: str
    value: str
    text: Text


class Recomputable(Published, frozen=True, kw_only=True):
    """A published figure with its arithmetic: sum of products over a divisor."""

    id: str
    text: Text
    published: Decimal
    terms: tuple[tuple[Decimal, ...], ...]
    divisor: Decimal = Decimal(1)
    shown_places: int


class PairThresholds(Record, frozen=True, kw_only=True):
    """From which published correlation a verdict follows, and why there."""

    derived_from: Decimal
    no_evidence_up_to: Decimal
    raw_supports_from: Decimal
    basis: Text


class PairKind(StrEnum):
    """Why a pair is replayed."""

    CASE = "case"
    POSITIVE_CONTROL = "positive_control"
    NEGATIVE_CONTROL = "negative_control"


class PublishedPair(Published, frozen=True, kw_only=True):
    """Figures others published on two models; Dokja measured none of them."""

    id: str
    kind: PairKind
    candidate: str
    reference: str
    component: Text
    raw_cosine: Bounds | None = None
    """None where no figure was published."""
    centred: Bounds | None = None
    must_get: LineageVerdict
    text: Text
    reply: Text
    """The party's own position; for a control, that nobody disputes it."""
    resolution: Text


class Unknown(Record, frozen=True, kw_only=True):
    """Something that was not published and is not guessed."""

    id: str
    text: Text


class PublishedStage(Record, frozen=True, kw_only=True):
    """`published.toml`: the published facts of a stage and its unknowns."""

    schema: str
    case: str
    programme: str
    stage: str
    name: Text
    note: Text
    correction: Text
    sources: dict[str, Source]
    teams: tuple[PublishedTeam, ...]
    points: PublishedPoints
    scores: tuple[PublishedScore, ...]
    means: tuple[PublishedMean, ...]
    leads: tuple[PublishedLead, ...]
    ranking: PublishedRanking
    findings: tuple[PublishedFinding, ...]
    decision: PublishedDecision
    objection: PublishedObjection
    revival: PublishedRevival
    events: tuple[PublishedEvent, ...]
    stated: tuple[Stated, ...]
    recomputable: tuple[Recomputable, ...]
    pair_thresholds: PairThresholds
    pairs: tuple[PublishedPair, ...]
    unknown: tuple[Unknown, ...]

    def score(self, team: str, part: str) -> Decimal | None:
        """Published points of a team, None where they were not published."""
        for entry in self.scores:
            if entry.team == team and entry.part == part:
                return entry.value
        return None

    def mean(self, part: str) -> Decimal | None:
        """Published mean of a part, None where it was not published."""
        return next((m.value for m in self.means if m.part == part), None)

    def cited(self, ids: tuple[str, ...]) -> tuple[Source, ...]:
        """The sources with these ids."""
        return tuple(self.sources[each] for each in ids)
