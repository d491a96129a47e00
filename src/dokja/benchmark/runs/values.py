"""What a run is made of, and how each attempt at it ended."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.benchmark.values import FaultCause, PriceList


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
