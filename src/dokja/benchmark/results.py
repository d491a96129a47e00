"""Suite results and separations, from sample records alone."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
from msgspec import structs

from dokja.benchmark.values import (
    Item,
    OfficialRun,
    PriceList,
    SampleRecord,
    SampleStatus,
    Scoring,
    Separation,
    Suite,
    SuiteResult,
)
from dokja.benchmark.written import score_answer
from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate
from dokja.statistics.clustered import (
    Scores,
    cluster_index,
    differs,
    paired_estimate,
)
from dokja.statistics.proportion import accuracy


def samples_of(run: OfficialRun, suite: str) -> tuple[SampleRecord, ...]:
    """The run's records of one suite, in the suite's order."""
    return tuple(sample for sample in run.samples if sample.suite == suite)


def by_item(run: OfficialRun, suite: str) -> dict[str, list[SampleRecord]]:
    """The run's records of one suite by item, in the order of the repeats."""
    found: dict[str, list[SampleRecord]] = {}
    for sample in sorted(samples_of(run, suite), key=lambda each: each.repeat):
        found.setdefault(sample.item, []).append(sample)
    return found


def item_scores(
    run: OfficialRun | None, suite: str
) -> tuple[tuple[str, Fraction | None], ...]:
    """Items of one suite in its order, each with its exact mean over the repeats.

    None where any repeat has no score. Empty without a run.
    """
    given = by_item(run, suite) if run else {}
    return tuple(
        (item, _mean([sample.score for sample in samples]))
        for item, samples in given.items()
    )


def score_matrix(run: OfficialRun, suite: Suite) -> Scores | None:
    """(n, K) scores by item and repeat, whatever order the run was kept in.

    None while any item has no score, or fewer repeats than another.
    """
    given = by_item(run, suite.header.id)
    rows = [[s.score for s in given.get(item.id, ())] for item in suite.items]
    repeats = {len(row) for row in rows}
    if len(repeats) != 1 or repeats == {0} or any(None in row for row in rows):
        return None
    return np.array(rows, dtype=np.float64)


def cost_of(sample: SampleRecord, prices: PriceList | None) -> float | None:
    """What the answer cost: as billed, else its tokens at the list's prices.

    None where neither is known; a cost is never guessed.
    """
    if sample.measured is not None and sample.measured.cost is not None:
        return sample.measured.cost
    if prices is None or sample.input_tokens is None or sample.output_tokens is None:
        return None
    read = sample.input_tokens * prices.per_million_input
    return (read + sample.output_tokens * prices.per_million_output) / 1e6


def untimed(sample: SampleRecord) -> SampleRecord:
    """The record without what a clock said: equal however often it is made."""
    return structs.replace(sample, measured=None)


def adds_up(scoring: Scoring, item: Item, sample: SampleRecord) -> bool:
    """Whether the score follows from what was chosen or written.

    A program's run and a judge's word cannot be had again from the answer; there
    the score only has to lie between 0 and 1.
    """
    if sample.status is not SampleStatus.SCORED:
        return sample.score is None
    if scoring is Scoring.CHOICES:
        return sample.score == int(sample.chosen == item.answer)
    derived = score_answer(scoring, item, sample.answer)
    if derived is None:
        return sample.score is not None and 0 <= sample.score <= 1
    return derived == (sample.chosen, sample.score)


def _mean(scores: Sequence[int | float | None]) -> Fraction | None:
    # A judge's 0.7 is meant as seven tenths, not as the nearest binary number.
    known = [Fraction(str(score)) for score in scores if score is not None]
    return sum(known, Fraction(0)) / len(known) if len(known) == len(scores) else None


def check_complete(run: OfficialRun, suites: Sequence[Suite]) -> None:
    """Nothing. Raises: InvalidInput unless each repeat of each item has one record."""
    repeats = range(run.repeats)
    wanted = [(s.header.id, i.id, r) for s in suites for i in s.items for r in repeats]
    given = [(sample.suite, sample.item, sample.repeat) for sample in run.samples]
    if wanted != given:
        missing = sorted(set(wanted) - set(given))[:3]
        raise InvalidInput(
            f"run of {run.subject}: {len(given)} records for {len(wanted)} items "
            f"(first missing: {missing})",
            remedy="repeat the official run; a dropped item is never a 0",
        )


def suite_result(run: OfficialRun, suite: Suite) -> SuiteResult:
    """Accuracy of one run on one suite; no estimate while any item is open."""
    scores = [s for _, s in item_scores(run, suite.header.id) if s is not None]
    estimate = None
    if scores and len(scores) == len(suite.items):
        estimate = accuracy(
            [float(score) for score in scores],
            [item.cluster for item in suite.items],
            source=f"{run.engine}; suite {suite.header.id} {suite.header.version}",
        )
    correct = sum(scores, Fraction(0))
    return SuiteResult(
        subject=run.subject,
        suite=suite.header.id,
        correct=int(correct) if correct.denominator == 1 else float(correct),
        scored=len(scores),
        items=len(suite.items),
        estimate=estimate,
    )


def paired_difference(
    left: OfficialRun, right: OfficialRun, suite: Suite
) -> Estimate | None:
    """Left less right on the same items, by the measure that `separation` tests.

    None while an item of either has no score, or where they were not asked the
    same items.
    """
    asked = [item.id for item in suite.items]
    for run in (left, right):
        if [item for item, _ in item_scores(run, suite.header.id)] != asked:
            return None
    ours, theirs = score_matrix(left, suite), score_matrix(right, suite)
    if ours is None or theirs is None:
        return None
    return paired_estimate(
        ours,
        theirs,
        cluster_index([item.cluster for item in suite.items]),
        source=f"suite {suite.header.id} {suite.header.version}",
    )


def separation(runs: Sequence[OfficialRun], suite: Suite) -> Separation:
    """Which pairs of the runs this suite tells apart at 95 %, paired by item."""
    scored = {}
    for run in runs:
        scores = [score for _, score in item_scores(run, suite.header.id)]
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
