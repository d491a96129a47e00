"""What a run in shards needs from the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dokja.benchmark.runs.values import Attempt, RunPlan, Shard
from dokja.benchmark.values import SampleRecord, Suite


class RunStore(Protocol):
    """Where one run is kept; whatever is killed, nothing in it is half written."""

    def begin(self, plan: RunPlan) -> None:
        """Keep the plan, or find it kept.

        Raises: Conflict where another run is kept there.
        """

    def records(self) -> Mapping[Shard, tuple[SampleRecord, ...]]:
        """The records of every shard that is kept."""

    def keep(self, shard: Shard, records: Sequence[SampleRecord]) -> None:
        """Keep a shard's records in place of earlier ones."""

    def attempts(self) -> tuple[Attempt, ...]:
        """Attempts at this run by number."""

    def note(self, attempt: Attempt) -> None:
        """Keep how an attempt stands, in place of what was noted of it before."""


@dataclass(frozen=True, kw_only=True)
class ShardTask:
    """A shard with what is needed to measure it anywhere."""

    shard: Shard
    suite: Suite
    """With the items of the shard only."""
    model: str
