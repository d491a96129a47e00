"""How far a replay ends from the record, by what was done otherwise.

    .venv/bin/python -m benchmarks.training_replay [STEPS]

A small GPT (119,552 weights) is trained and recorded, 20 steps to a checkpoint, once
in float32 and once with bfloat16 arithmetic. Each segment but the first is done again
in the ways named; the distance is relative to the way it went. The first rows must
stay below the tolerance of V10, the others above it: 0.1 fails.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from dokja.adapters.records import RecordFolder
from dokja.training import Trusted
from dokja.training.checks.case import Case
from dokja.training.drift import Drift
from dokja.training.jobs import Configuration, TrainJob, TrainResult
from dokja.training.kept_state import HeldState
from dokja.training.reading import read_record
from tests.trained_run import Recipe, SameProcess, TrainedRun, train_and_record

STEPS = 200
Change = Callable[[TrainJob], TrainJob]


class Otherwise(SameProcess):
    """Does each job in another way, on one configuration."""

    def __init__(self, program: Path, change: Change, on: Configuration) -> None:
        super().__init__(program)
        self._change, self._on = change, on

    @property
    def configurations(self) -> tuple[Configuration, ...]:
        """The one."""
        return (self._on,)

    def train(
        self, jobs: Sequence[TrainJob], on: Configuration
    ) -> tuple[TrainResult, ...]:
        """Where each changed job leads."""
        return super().train([self._change(job) for job in jobs], on)


def same(job: TrainJob) -> TrainJob:
    """Nothing is changed."""
    return job


def rates(factor: float) -> Change:
    """Every rate times the factor."""
    return lambda job: replace(
        job, steps=tuple(replace(s, lr=s.lr * factor) for s in job.steps)
    )


def reversed_order(job: TrainJob) -> TrainJob:
    """The same batches from last to first."""
    rows = [step.sequences for step in job.steps][::-1]
    steps = zip(job.steps, rows, strict=True)
    return replace(job, steps=tuple(replace(s, sequences=r) for s, r in steps))


def other_data(job: TrainJob) -> TrainJob:
    """Tokens that follow one another otherwise."""
    steps = (
        replace(s, sequences=tuple((row + 1) % 256 for row in s.sequences))
        for s in job.steps
    )
    return replace(job, steps=tuple(steps))


def without(prefix: str) -> Change:
    """A part of the state lost."""
    return lambda job: replace(
        job,
        start=HeldState(
            {n: job.start.array(n) for n in job.start.names() if prefix not in n}
        ),
    )


def main(steps: int) -> None:
    """Prints the figures."""
    torch.set_num_threads(1)
    split = Configuration(micro_batches=2)
    ways: list[tuple[str, Change, Configuration]] = [
        ("same", same, Configuration()),
        ("batch in two parts", same, split),
        ("batch in four parts", same, Configuration(micro_batches=4)),
        ("rates +1 %", rates(1.01), Configuration()),
        ("rates +10 %", rates(1.1), Configuration()),
        ("order reversed", reversed_order, Configuration()),
        ("other data", other_data, Configuration()),
        ("moments lost", without("optimizer."), Configuration()),
    ]
    for dtype in ("float32", "bfloat16"):
        with tempfile.TemporaryDirectory() as name:
            run = train_and_record(Path(name), Recipe(steps=steps, dtype=dtype))
            for shown, change, on in ways:
                report(
                    run, dtype, shown, Otherwise(run.materials / "program", change, on)
                )
    with tempfile.TemporaryDirectory() as name:
        run = train_and_record(Path(name), Recipe(steps=steps, dropout=0.1))
        for shown, change, on in (
            ("dropout, same", same, Configuration()),
            ("dropout, batch in two parts", same, split),
            ("dropout, generators lost", without("rng."), Configuration()),
        ):
            report(
                run, "float32", shown, Otherwise(run.materials / "program", change, on)
            )


def report(run: TrainedRun, dtype: str, shown: str, machine: SameProcess) -> None:
    """Prints one row: distances and differences of losses over the segments."""
    source = RecordFolder(run.record)
    case = Case(read_record(source), source, Trusted(), run.audit())
    assert case.replaying is not None
    segments = case.replaying.segments[1:]
    found = case.replaying.drifts(machine, segments).values()
    drifts = [each for each in found if isinstance(each, Drift)]
    rho = np.array([each.rho for each in drifts])
    loss = max(each.loss for each in drifts)
    print(
        f"{dtype:9} {shown:28} rho {rho.min():.2g} to {rho.max():.2g}, losses off by "
        f"at most {loss:.2g} nats; n={len(drifts)}",
        flush=True,
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else STEPS)
