"""Scores of written programs, from how they end in a sandbox."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from dokja.benchmark.ports import Harness
from dokja.benchmark.programs.extract import program_of
from dokja.benchmark.programs.ports import ProgramRunner
from dokja.benchmark.programs.values import ProgramEnd
from dokja.benchmark.values import (
    FaultCause,
    Item,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
)


class ScoresPrograms:
    """A harness whose written programs are run; implements `benchmark.ports.Harness`.

    The inner harness writes, and keeps what it wrote as not run.
    """

    def __init__(self, harness: Harness, runner: ProgramRunner) -> None:
        self._harness = harness
        self._runner = runner

    @property
    def engine(self) -> str:
        """Both, since both change a score."""
        return f"{self._harness.engine}; {self._runner.engine}"

    @property
    def scorings(self) -> frozenset[Scoring]:
        """What the inner harness scores."""
        return self._harness.scorings

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """The inner harness's records, with every program that it wrote run."""
        records = self._harness.run(model, suites, repeat=repeat)
        return score_programs(suites, records, self._runner)


def score_programs(
    suites: Sequence[Suite], records: Sequence[SampleRecord], runner: ProgramRunner
) -> tuple[SampleRecord, ...]:
    """The records, those of programs that were not run yet with their scores.

    Where there is no sandbox, they stay as not run, with the reason.
    """
    items = {
        (suite.header.id, item.id): item
        for suite in suites
        if suite.header.scoring is Scoring.CODE
        for item in suite.items
    }
    return tuple(
        _scored(record, items.get((record.suite, record.item)), runner)
        for record in records
    )


def _scored(
    record: SampleRecord, item: Item | None, runner: ProgramRunner
) -> SampleRecord:
    if item is None or record.status is not SampleStatus.NOT_RUN:
        return record
    outcome = runner.run(program_of(item, record.answer))
    if outcome.end is ProgramEnd.NOT_RUN:
        return structs.replace(
            record, error=outcome.fact, cause=FaultCause.INFRASTRUCTURE
        )
    return structs.replace(
        record,
        status=SampleStatus.SCORED,
        score=int(outcome.end is ProgramEnd.PASSED),
        error=outcome.fact,
        cause=None,
    )
