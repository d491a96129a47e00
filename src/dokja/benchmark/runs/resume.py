"""A run that goes on where it was stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from msgspec import structs

from dokja.benchmark.results import check_complete
from dokja.benchmark.runs.ports import RunStore, ShardTask
from dokja.benchmark.runs.shards import is_settled, put_together, shards_of, task_of
from dokja.benchmark.runs.values import Attempt, AttemptEnd, RunPlan
from dokja.benchmark.values import FaultCause, OfficialRun, SampleRecord, Suite
from dokja.errors import DokjaError, InvalidInput, Unavailable
from dokja.evidence.canonical import digest_of
from dokja.evidence.ports import Compute

Measure = Callable[[ShardTask], tuple[SampleRecord, ...]]
OnItems = Callable[[int, int], None]
"""Told how many answers of how many are there."""


@dataclass(frozen=True, kw_only=True)
class Running:
    """Where a run is measured and kept. None of it may change a score."""

    store: RunStore
    compute: Compute
    measure: Measure
    on_items: OnItems


def resume_run(
    plan: RunPlan, suites: Sequence[Suite], model: str, running: Running
) -> OfficialRun:
    """The whole run; what an earlier attempt kept is not measured again.

    Killed at any moment and begun again, it ends in the same records but for
    what a clock said. A shard with a fault of a machine is measured again.
    Raises: Conflict where another run is kept there, and what measuring
    raises, after the shards that were done have been kept.
    """
    store = running.store
    store.begin(plan)
    shards = shards_of(plan, suites)
    kept = {s: r for s, r in store.records().items() if is_settled(r)}
    left = [task_of(shard, suites, model) for shard in shards if shard not in kept]
    total = sum(len(suite.items) for suite in suites) * plan.repeats
    done = total - sum(len(task.suite.items) for task in left)
    running.on_items(done, total)

    def keep(task: ShardTask, records: tuple[SampleRecord, ...]) -> None:
        nonlocal done
        _check_shard(task, records)
        store.keep(task.shard, records)
        done += len(records)
        running.on_items(done, total)

    with _attempt(plan, store):
        results = running.compute.map(running.measure, left, on_done=keep)
        kept |= {t.shard: r for t, r in zip(left, results, strict=True)}
        run = put_together(plan, suites, kept)
        check_complete(run, suites)
    return run


def _check_shard(task: ShardTask, records: Sequence[SampleRecord]) -> None:
    wanted = [(item.id, task.shard.repeat) for item in task.suite.items]
    if [(record.item, record.repeat) for record in records] != wanted:
        raise InvalidInput(
            f"shard {task.shard.name}: {len(records)} records for {len(wanted)} items",
            remedy="report this harness: a dropped or repeated item is never kept",
        )


@contextmanager
def _attempt(plan: RunPlan, store: RunStore) -> Iterator[None]:
    """Notes the attempt before anything is measured, and then how it ended."""
    attempt = Attempt(
        run=digest_of(plan),
        number=len(store.attempts()) + 1,
        end=AttemptEnd.INTERRUPTED,
    )
    store.note(attempt)
    try:
        yield
    except DokjaError as error:
        cause = _cause_of(error)
        store.note(
            structs.replace(
                attempt, end=AttemptEnd.FAILED, cause=cause, fact=error.fact
            )
        )
        raise
    except KeyboardInterrupt:
        store.note(structs.replace(attempt, end=AttemptEnd.CANCELLED))
        raise
    store.note(structs.replace(attempt, end=AttemptEnd.COMPLETED))


def _cause_of(error: DokjaError) -> FaultCause:
    """A model that cannot be read is its team's; what is missing here is ours."""
    if isinstance(error, Unavailable):
        return FaultCause.INFRASTRUCTURE
    return FaultCause.MODEL
