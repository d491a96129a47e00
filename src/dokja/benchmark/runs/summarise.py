"""What a run comes to: from its records alone, never from a harness's totals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dokja.benchmark.results import (
    cost_of,
    item_scores,
    samples_of,
    score_matrix,
)
from dokja.benchmark.runs.values import RunSummary, TaskResult, Timing, Unscored
from dokja.benchmark.values import OfficialRun, SampleStatus, Suite
from dokja.statistics.clustered import cluster_index
from dokja.statistics.normalised import normalised_estimate
from dokja.statistics.proportion import rate

MOST_CLUSTERS = 24
"""That are listed one by one; more than that nobody reads."""


def summarise(run: OfficialRun, suites: Sequence[Suite]) -> RunSummary:
    """The run's results with intervals, and every answer that has no score."""
    return RunSummary(
        subject=run.subject,
        model_digest=run.weights_root,
        engine=run.engine,
        repeats=run.repeats,
        suites_digest=run.suites_digest,
        tasks=tuple(_task(run, suite) for suite in suites),
    )


def timings(run: OfficialRun) -> tuple[Timing, ...]:
    """What the clock said, by suite; suites without a measurement are left out."""
    found = []
    for task in dict.fromkeys(sample.suite for sample in run.samples):
        samples = samples_of(run, task)
        measured = [s.measured for s in samples if s.measured is not None]
        if not measured:
            continue
        seconds = [m.seconds for m in measured]
        first = [m.first_token_seconds for m in measured]
        streamed = [value for value in first if value is not None]
        costs = [cost_of(sample, run.prices) for sample in samples]
        found.append(
            Timing(
                task=task,
                answers=len(measured),
                median_seconds=float(np.median(seconds)),
                p95_seconds=float(np.quantile(seconds, 0.95, method="higher")),
                first_token_seconds=float(np.median(streamed)) if streamed else None,
                cost=None if None in costs else sum(c for c in costs if c is not None),
            )
        )
    return tuple(found)


def _task(run: OfficialRun, suite: Suite) -> TaskResult:
    header, samples = suite.header, samples_of(run, suite.header.id)
    clusters = cluster_index([item.cluster for item in suite.items])
    scores, estimate = score_matrix(run, suite), None
    if scores is not None:
        source = f"{run.engine}; suite {header.id} {header.version}"
        estimate = rate(scores, clusters, source=source)
    return TaskResult(
        task=header.id,
        version=header.version,
        title=header.title,
        track=header.track,
        language=header.language,
        scoring=header.scoring,
        chance=header.chance,
        ceiling=header.ceiling,
        items=len(suite.items),
        clusters=clusters.groups,
        estimate=estimate,
        normalised=None
        if estimate is None
        else normalised_estimate(
            estimate, chance=header.chance, ceiling=header.ceiling
        ),
        by_cluster=_by_cluster(run, suite),
        unscored=tuple(
            Unscored(
                item=s.item,
                repeat=s.repeat,
                status=s.status,
                cause=s.cause,
                error=s.error,
            )
            for s in samples
            if s.status is not SampleStatus.SCORED
        ),
        input_tokens=_total([s.input_tokens for s in samples]),
        output_tokens=_total([s.output_tokens for s in samples]),
    )


def _by_cluster(run: OfficialRun, suite: Suite) -> tuple[tuple[str, int, float], ...]:
    groups: dict[str, list[float]] = {}
    scores = dict(item_scores(run, suite.header.id))
    for item in suite.items:
        score = scores[item.id]
        if score is None:
            return ()
        groups.setdefault(item.cluster, []).append(float(score))
    if len(groups) > MOST_CLUSTERS or len(groups) == len(suite.items):
        return ()
    return tuple(
        (name, len(given), sum(given) / len(given)) for name, given in groups.items()
    )


def _total(counts: Sequence[int | None]) -> int | None:
    """The sum; None where the engine did not count every answer."""
    return None if None in counts else sum(c for c in counts if c is not None)
