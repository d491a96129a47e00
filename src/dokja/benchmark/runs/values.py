"""What a run is made of, and how each attempt at it ended."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.benchmark.values import (
    AnswerRule,
    FaultCause,
    Item,
    PriceList,
    SampleRecord,
    SampleStatus,
    Scoring,
    Track,
)
from dokja.evidence.values import Estimate, Text


class RunPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that a run's scores hang on; frozen when it begins."""

    subject: str
    weights_root: str
    engine: str
    suites_digest: str
    repeats: int
    shard_items: int
    """Items measured together: padding, and so the last bits, may hang on it."""
    prices: PriceList | None


class Shard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Consecutive items of one suite, asked once."""

    suite: str
    repeat: int
    start: int
    stop: int

    @property
    def name(self) -> str:
        """Of the file that keeps its records; sorts in the order of the run."""
        return f"{self.suite}.r{self.repeat:03d}.{self.start:06d}-{self.stop:06d}"


class AttemptEnd(StrEnum):
    """How an attempt at a run ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    """Nobody wrote how it ended: the process was killed, or the power went."""


class Attempt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One attempt at a run, on record from its first moment."""

    run: str
    """Digest of the plan."""
    number: int
    end: AttemptEnd
    cause: FaultCause | None = None
    fact: str = ""


class Allowance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many runs a team has, and how many faults of its own besides."""

    runs: int
    faults: int


class Quota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a team has used of its allowance, and what was given back."""

    charged: tuple[Attempt, ...]
    faults: tuple[Attempt, ...]
    """Charged to the limit of faults: the model's, or cancelled by the team."""
    refunded: tuple[Attempt, ...]
    runs_left: int
    faults_left: int


class Unscored(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer without a score, with the reason."""

    item: str
    repeat: int
    status: SampleStatus
    cause: FaultCause | None
    error: str


class TaskResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One suite of a run; without an estimate while an answer has no score."""

    task: str
    version: str
    title: Text
    track: Track
    language: str
    scoring: Scoring
    chance: float
    ceiling: float
    items: int
    clusters: int
    estimate: Estimate | None
    normalised: Estimate | None
    """Chance at 0 and the ceiling at 1, never clipped."""
    by_cluster: tuple[tuple[str, int, float], ...]
    """Cluster, items and mean score; empty where there are too many to read."""
    unscored: tuple[Unscored, ...]
    input_tokens: int | None
    output_tokens: int | None


class RunSummary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run comes to; nothing in it is measured by a clock."""

    subject: str
    model_digest: str
    engine: str
    repeats: int
    suites_digest: str
    tasks: tuple[TaskResult, ...]


class Timing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the clock said of one suite's answers; kept apart from the scores."""

    task: str
    answers: int
    median_seconds: float
    p95_seconds: float
    first_token_seconds: float | None
    """Median; None where answers were not streamed."""
    cost: float | None


class PairedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item on which two models' scores differ."""

    item: str
    left: float
    right: float


class PairedTask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Two models on the same items of one suite."""

    task: str
    title: Text
    left: Estimate | None
    right: Estimate | None
    difference: Estimate | None
    """Left less right, paired by item; None where either lacks a score."""
    p_value: float | None
    adjusted_p: float | None
    """By Holm over the suites compared together."""
    separated: bool | None
    items_to_separate: Estimate | None
    """Items like these at 80 % power; None for equal means."""
    both: int
    neither: int
    only_left: int
    only_right: int
    differing: tuple[PairedItem, ...]


class RunComparison(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Two runs side by side, on the suites that both answered."""

    left: RunSummary
    right: RunSummary
    tasks: tuple[PairedTask, ...]
    left_out: tuple[tuple[str, Text], ...]
    """Suites that cannot be compared, each with the reason."""
    method: str


class GivenAnswer(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One answer, with what a program reads in it."""

    record: SampleRecord
    read: str | None
    """What was held against the target; None where nothing is read."""
    broken: tuple[AnswerRule, ...]
    """Rules of the item that the answer does not keep."""


class AskedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One item of a run as it was put to the model, with every answer to it."""

    suite: str
    suite_version: str
    language: str
    scoring: Scoring
    item: Item
    prompt: str
    """Word for word; where choices are weighed, each of them follows it in turn."""
    score: float | None
    """Mean over the repeats; None while any of them has no score."""
    answers: tuple[GivenAnswer, ...]
    """By repeat."""
