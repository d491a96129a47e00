"""From official runs to what the indices are computed from; nothing is filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from dokja.benchmark.results import by_item, cost_of, samples_of, score_matrix
from dokja.benchmark.values import OfficialRun, SampleRecord, Suite
from dokja.evidence.values import Text
from dokja.standing.indices.scores import BenchmarkScores
from dokja.standing.indices.values import CostMeasurement
from dokja.standing.indices.words import INCOMPLETE, NOT_RUN
from dokja.statistics.clustered import Scores, cluster_index


def benchmark_scores(suite: Suite, runs: Mapping[str, OfficialRun]) -> BenchmarkScores:
    """Scores on the suite of every model that answered all of it, by model id.

    A model with an item or a repeat that has no score is left out, and why.
    """
    scores: dict[str, Scores] = {}
    missing: dict[str, Text] = {}
    for model, run in sorted(runs.items()):
        found = score_matrix(run, suite)
        if found is None:
            held = samples_of(run, suite.header.id)
            missing[model] = INCOMPLETE if held else NOT_RUN
        else:
            scores[model] = found[:, 0] if found.shape[1] == 1 else found
    engines = "; ".join(sorted({runs[model].engine for model in scores}))
    return BenchmarkScores(
        benchmark=suite.header.id,
        chance=suite.header.chance,
        ceiling=suite.header.ceiling,
        clusters=cluster_index([item.cluster for item in suite.items]),
        scores=scores,
        source=f"{engines}; suite {suite.header.id} {suite.header.version}",
        missing=missing,
    )


def cost_measurements(suite: Suite, run: OfficialRun) -> tuple[CostMeasurement, ...]:
    """What each item of the suite cost in the run: the mean over its repeats.

    None where any repeat lacks the figure.
    """
    given = by_item(run, suite.header.id)
    return tuple(
        CostMeasurement(
            item=item.id,
            cluster=item.cluster,
            score=_mean(given.get(item.id, ()), lambda s: s.score),
            cost=_mean(given.get(item.id, ()), lambda s: cost_of(s, run.prices)),
            input_tokens=_mean(given.get(item.id, ()), lambda s: s.input_tokens),
            output_tokens=_mean(given.get(item.id, ()), lambda s: s.output_tokens),
            seconds=_mean(given.get(item.id, ()), _seconds),
        )
        for item in suite.items
    )


def _mean(
    samples: Sequence[SampleRecord],
    figure: Callable[[SampleRecord], float | None],
) -> float | None:
    known = [value for sample in samples if (value := figure(sample)) is not None]
    if not known or len(known) < len(samples):
        return None
    return sum(known) / len(known)


def _seconds(sample: SampleRecord) -> float | None:
    return None if sample.measured is None else sample.measured.seconds
