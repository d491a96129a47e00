"""Suite results and separations, from sample records alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from dokja.benchmark.values import (
    OfficialRun,
    SampleRecord,
    SampleStatus,
    Separation,
    Suite,
    SuiteResult,
)
from dokja.errors import InvalidInput
from dokja.statistics.clustered import cluster_index, differs
from dokja.statistics.proportion import accuracy


def samples_of(run: OfficialRun, suite: str) -> tuple[SampleRecord, ...]:
    """The run's records of one suite, in the suite's order."""
    return tuple(sample for sample in run.samples if sample.suite == suite)


def check_complete(run: OfficialRun, suites: Sequence[Suite]) -> None:
    """Nothing. Raises: InvalidInput unless each item has exactly one record."""
    wanted = [(s.header.id, item.id) for s in suites for item in s.items]
    given = [(sample.suite, sample.item) for sample in run.samples]
    if wanted != given:
        missing = sorted(set(wanted) - set(given))[:3]
        raise InvalidInput(
            f"run of {run.subject}: {len(given)} records for {len(wanted)} items "
            f"(first missing: {missing})",
            remedy="repeat the official run; a dropped item is never a 0",
        )


def suite_result(run: OfficialRun, suite: Suite) -> SuiteResult:
    """Accuracy of one run on one suite; no estimate while any item is open."""
    samples = samples_of(run, suite.header.id)
    scores = [s.score for s in samples if s.score is not None]
    open_items = any(s.status is not SampleStatus.SCORED for s in samples)
    estimate = None
    if scores and not open_items and len(scores) == len(suite.items):
        estimate = accuracy(
            scores,
            [s.cluster for s in samples],
            source=f"{run.engine}; suite {suite.header.id} {suite.header.version}",
        )
    return SuiteResult(
        subject=run.subject,
        suite=suite.header.id,
        correct=sum(scores),
        scored=len(scores),
        items=len(suite.items),
        estimate=estimate,
    )


def separation(runs: Sequence[OfficialRun], suite: Suite) -> Separation:
    """Which pairs of the runs this suite tells apart at 95 %, paired by item."""
    scored = {}
    for run in runs:
        scores = [s.score for s in samples_of(run, suite.header.id)]
        if len(scores) == len(suite.items) and None not in scores:
            scored[run.subject] = np.asarray(scores, dtype=np.float64)
    clusters = cluster_index([item.cluster for item in suite.items])
    pairs = list(combinations(sorted(scored), 2))
    return Separation(
        suite=suite.header.id,
        pairs=len(pairs),
        separated=tuple(
            pair
            for pair in pairs
            if differs(scored[pair[0]], scored[pair[1]], clusters)
        ),
        method="paired-clustered-t/0.95",
    )
