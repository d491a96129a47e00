"""What running a whole programme again shows, step by step."""

from __future__ import annotations

from enum import StrEnum

from dokja.evidence.values import Text
from dokja.programme.schedule.values import Announced
from dokja.replay.results import FindingReplay, PairReplay
from dokja.replay.values import Record, Source, Status, Unknown
from dokja.replay.whole.values import Moment, PublishedPart


class Chapter(StrEnum):
    """The part of the programme that a step belongs to."""

    CALLS = "calls"
    SCHEDULE = "schedule"
    SUPPORT = "support"
    MONEY = "money"
    EVALUATION = "evaluation"
    AFTER = "after"
    """After the decision: objections, the empty place, the next stage."""


class StepResult(StrEnum):
    """What a step of the replay shows."""

    REPRODUCED = "reproduced"
    """Dokja's own act leads to what was published."""
    DIFFERS = "differs"
    """What was published departs from a rule, or from another publication."""
    UNKNOWN = "unknown"
    """The act needs something that nobody published."""


class Step(Record, frozen=True, kw_only=True):
    """A published fact, put to an act of Dokja's own."""

    id: str
    chapter: Chapter
    on: Moment
    until: Moment | None
    title: Text
    result: StepResult
    published: Text
    found: Text
    """What the act leads to, or what it lacks."""
    act: str
    """The act it was put to, by its name in the code."""
    refused: str | None
    """What the act says where it is refused, word for word."""
    clauses: tuple[str, ...]
    turning_point: bool
    assumed: tuple[Text, ...]
    """What stood in for something unpublished, in memory only."""
    reply: Text | None
    status: Status
    sources: tuple[Source, ...]


class Happened(Record, frozen=True, kw_only=True):
    """A published event that no act can check."""

    id: str
    on: Moment
    until: Moment | None
    title: Text
    text: Text
    reply: Text | None
    status: Status
    sources: tuple[Source, ...]


class DatedVersion(Record, frozen=True, kw_only=True):
    """What one announcement said about one date of the schedule."""

    milestone: str
    name: Text
    announced: Moment
    at: Announced
    until: Announced | None
    result: StepResult
    sources: tuple[Source, ...]


class StatedAmount(Record, frozen=True, kw_only=True):
    """A figure as the register took it, or refused it."""

    subject: str
    name: Text
    krw: int
    text: Text
    parts: tuple[PublishedPart, ...]
    on: Moment | None
    """None where no page can be cited."""
    refused: str | None
    sources: tuple[Source, ...]


class GivenGpus(Record, frozen=True, kw_only=True):
    """What a team was given in a time, in GPUs and in normalised ones."""

    support: str
    team: str
    gpu_type: str
    gpus: int
    units: str | None
    """Normalised GPUs; None where no rule says what one counts as."""
    pool: str | None


class LeasedPool(Record, frozen=True, kw_only=True):
    """A leased pool, in GPUs and in normalised ones."""

    id: str
    supplier: str
    gpu_type: str
    count: int
    units: str | None
    """Normalised GPUs; None where no rule says what one counts as."""
    on: Moment
    until: Moment | None


class WholeOutcome(Record, frozen=True, kw_only=True):
    """Where the programme stands after the last act, by ids; it carries no score."""

    applied: tuple[str, ...]
    shortlisted: tuple[str, ...]
    selected: tuple[str, ...]
    advances: tuple[str, ...]
    eliminated_by_rank: tuple[str, ...]
    eliminated_by_gate: tuple[str, ...]
    vacancy: int
    bids: tuple[str, ...]
    filled_by: str | None
    active_teams: tuple[str, ...]
    next_stage: None = None
    """Not known: no result of the next stage was found."""


class CitedClause(Record, frozen=True, kw_only=True):
    """A clause that a step cites, and whether the organiser published it."""

    number: str
    title: Text
    text: Text
    published: bool
    """Otherwise it is our reading."""
    source: str


class RecordLine(Record, frozen=True, kw_only=True):
    """One act of the record in memory."""

    kind: str
    subject: str
    at: str
    digest: str


class WholeReplay(Record, frozen=True, kw_only=True):
    """The programme run again from what was published."""

    schema: str
    case: str
    name: Text
    note: Text
    correction: Text
    rules_digest: str
    outcome: WholeOutcome
    settled_by_data: bool
    """Whether rules and published facts decide the stage, and who goes on."""
    facts: tuple[Step, ...]
    events: tuple[Happened, ...]
    dates: tuple[DatedVersion, ...]
    amounts: tuple[StatedAmount, ...]
    pools: tuple[LeasedPool, ...]
    gpus: tuple[GivenGpus, ...]
    findings: tuple[FindingReplay, ...]
    pairs: tuple[PairReplay, ...]
    names: dict[str, Text]
    """Organisations by id."""
    clauses: tuple[CitedClause, ...]
    record: tuple[RecordLine, ...]
    unknown: tuple[Unknown, ...]

    def steps(self, result: StepResult) -> tuple[Step, ...]:
        """Steps with this result."""
        return tuple(step for step in self.facts if step.result is result)
