"""Suites and answers made up for tests of runs; marked so wherever they are shown."""

from __future__ import annotations

from msgspec import structs

from dokja.benchmark.runs.ports import ShardTask
from dokja.benchmark.runs.values import RunPlan
from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import (
    Item,
    Measured,
    SampleRecord,
    SampleStatus,
    Suite,
    SuiteHeader,
    Track,
)
from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text


def made_up_suite(suite: str = "made-up", *, items: int = 23) -> Suite:
    """A suite of two-choice questions in clusters of three."""
    header = SuiteHeader(
        id=suite,
        version="1",
        title=Text(ko="지어낸 묶음", en="Made-up suite"),
        description=Text(ko="시험을 위해 지어냄", en="Made up for tests"),
        track=Track.TEXT,
        language="ko",
        licence="CC0-1.0",
        authors=("Dokja",),
        source="tests",
        chance=0.5,
        items=items,
    )
    asked = tuple(
        Item(
            id=f"{suite}-{number:03d}",
            question=f"{number}?",
            choices=("예", "아니요"),
            answer=number % 2,
            cluster=f"c{number // 3}",
        )
        for number in range(items)
    )
    return Suite(header=header, items=asked)


def plan_of(
    suites: tuple[Suite, ...],
    *,
    repeats: int = 1,
    shard_items: int = 5,
    subject: str = "made-up-model",
) -> RunPlan:
    """The plan of a run over the suites."""
    return RunPlan(
        subject=subject,
        weights_root=digest_of(subject),
        engine="made up for tests",
        suites_digest=digest_of(list(suites)),
        repeats=repeats,
        shard_items=shard_items,
        prices=None,
    )


def answered(task: ShardTask, *, skill: float = 0.7) -> tuple[SampleRecord, ...]:
    """Answers that hang on the model, the item and the repeat alone."""
    records = []
    for item in task.suite.items:
        draw = seed_for(task.model, f"{item.id}/{task.shard.repeat}") / 2**128
        right = draw < skill
        assert item.answer is not None
        records.append(
            SampleRecord(
                suite=task.shard.suite,
                suite_version="1",
                item=item.id,
                item_digest=item_digest(item),
                cluster=item.cluster,
                status=SampleStatus.SCORED,
                chosen=item.answer if right else 1 - item.answer,
                score=int(right),
                repeat=task.shard.repeat,
                measured=Measured(seconds=draw),
            )
        )
    return tuple(records)


def unscored(record: SampleRecord, **given: object) -> SampleRecord:
    """The record as one that failed."""
    return structs.replace(
        record, status=SampleStatus.ERROR, chosen=None, score=None, **given
    )
