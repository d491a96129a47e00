"""Cutting a run into shards and putting it together again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from dokja.benchmark.runs.ports import ShardTask
from dokja.benchmark.runs.values import RunPlan, Shard
from dokja.benchmark.values import FaultCause, OfficialRun, SampleRecord, Suite


def shards_of(plan: RunPlan, suites: Sequence[Suite]) -> tuple[Shard, ...]:
    """Every shard of the run: fixed by the plan, whoever works and how often."""
    return tuple(
        Shard(
            suite=suite.header.id,
            repeat=repeat,
            start=start,
            stop=min(start + plan.shard_items, len(suite.items)),
        )
        for suite in suites
        for repeat in range(plan.repeats)
        for start in range(0, len(suite.items), plan.shard_items)
    )


def task_of(shard: Shard, suites: Sequence[Suite], model: str) -> ShardTask:
    """What measures the shard of a model."""
    (suite,) = (s for s in suites if s.header.id == shard.suite)
    part = structs.replace(suite, items=suite.items[shard.start : shard.stop])
    return ShardTask(shard=shard, suite=part, model=model)


def is_settled(records: Sequence[SampleRecord]) -> bool:
    """Whether asking again could not help: no fault of a machine is among them."""
    return all(r.cause is not FaultCause.INFRASTRUCTURE for r in records)


def put_together(
    plan: RunPlan,
    suites: Sequence[Suite],
    kept: Mapping[Shard, Sequence[SampleRecord]],
) -> OfficialRun:
    """The run of all its shards, by suite, item and repeat."""
    return OfficialRun(
        subject=plan.subject,
        weights_root=plan.weights_root,
        engine=plan.engine,
        suites_digest=plan.suites_digest,
        samples=tuple(_in_order(plan, suites, kept)),
        repeats=plan.repeats,
        prices=plan.prices,
    )


def _in_order(
    plan: RunPlan,
    suites: Sequence[Suite],
    kept: Mapping[Shard, Sequence[SampleRecord]],
) -> Iterator[SampleRecord]:
    found = {
        (record.suite, record.item, record.repeat): record
        for shard in shards_of(plan, suites)
        for record in kept[shard]
    }
    for suite in suites:
        for item in suite.items:
            for repeat in range(plan.repeats):
                yield found[suite.header.id, item.id, repeat]
