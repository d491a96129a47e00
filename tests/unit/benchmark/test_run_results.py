"""Totals come from the records; two runs are held side by side item by item."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from msgspec import structs
from scipy.stats import ttest_rel

from dokja.benchmark import suite_result
from dokja.benchmark.results import item_scores
from dokja.benchmark.runs import compare_runs, shards_of, summarise, timings
from dokja.benchmark.runs.shards import put_together, task_of
from dokja.benchmark.values import FaultCause, OfficialRun, SampleStatus, Suite
from dokja.errors import InvalidInput
from tests.benchmark_fixture import answered, made_up_suite, plan_of, unscored

SUITE = made_up_suite(items=60)


def run_of(
    model: str, *, suites: tuple[Suite, ...] = (SUITE,), repeats: int = 1, skill: float
) -> OfficialRun:
    """A whole run of a made-up model."""
    plan = plan_of(suites, repeats=repeats, subject=model)
    kept = {
        shard: answered(task_of(shard, suites, model), skill=skill)
        for shard in shards_of(plan, suites)
    }
    return put_together(plan, suites, kept)


def test_a_summary_gives_score_interval_and_scale_over_chance() -> None:
    """The value is the plain mean of the records."""
    run = run_of("m", skill=0.7)
    (task,) = summarise(run, [SUITE]).tasks
    assert task.estimate is not None
    assert task.normalised is not None
    scores = [sample.score or 0 for sample in run.samples]
    assert task.estimate.value == pytest.approx(sum(scores) / 60)
    assert task.estimate.low is not None
    assert task.estimate.low < task.estimate.value
    assert task.normalised.value == pytest.approx(2 * task.estimate.value - 1)
    assert (task.items, task.clusters) == (60, 20)
    assert sum(n * mean for _, n, mean in task.by_cluster) == pytest.approx(sum(scores))


def test_repeats_are_averaged_exactly() -> None:
    """A third is a third, in the standing as well."""
    run = run_of("m", repeats=3, skill=0.5)
    scores = item_scores(run, SUITE.header.id)
    assert [item for item, _ in scores] == [item.id for item in SUITE.items]
    assert {s.denominator for _, s in scores if s is not None} == {1, 3}
    result = suite_result(run, SUITE)
    total = sum((s for _, s in scores if s is not None), Fraction(0))
    assert result.correct == pytest.approx(float(total))
    assert result.estimate is not None
    assert result.estimate.value == pytest.approx(float(total) / 60)


def test_one_answer_without_a_score_leaves_no_total() -> None:
    """It is listed with its cause, and is neither a 0 nor dropped."""
    run = run_of("m", skill=0.7)
    failed = unscored(run.samples[3], cause=FaultCause.INFRASTRUCTURE, error="timeout")
    run = structs.replace(run, samples=(*run.samples[:3], failed, *run.samples[4:]))
    (task,) = summarise(run, [SUITE]).tasks
    assert task.estimate is task.normalised is None
    assert task.by_cluster == ()
    (entry,) = task.unscored
    assert (entry.item, entry.status) == (failed.item, SampleStatus.ERROR)
    assert (entry.cause, entry.error) == (FaultCause.INFRASTRUCTURE, "timeout")
    comparison = compare_runs(run, run_of("o", skill=0.7), {SUITE.header.id: SUITE})
    (pair,) = comparison.tasks
    assert pair.difference is None
    assert pair.p_value is None
    assert pair.separated is None


def test_the_clock_stays_out_of_the_summary() -> None:
    """Two runs that differ in timing alone have equal summaries."""
    run = run_of("m", skill=0.7)
    untimed = tuple(structs.replace(s, measured=None) for s in run.samples)
    assert summarise(run, [SUITE]) == summarise(
        structs.replace(run, samples=untimed), [SUITE]
    )
    (timing,) = timings(run)
    assert timing.answers == 60
    assert timing.median_seconds <= timing.p95_seconds
    assert timings(structs.replace(run, samples=untimed)) == ()


def test_differences_are_paired_by_item() -> None:
    """Against scipy's paired t test where every item stands alone."""
    alone = structs.replace(
        SUITE,
        items=tuple(structs.replace(item, cluster=item.id) for item in SUITE.items),
    )
    left = run_of("m", suites=(alone,), skill=0.8)
    right = run_of("o", suites=(alone,), skill=0.5)
    (pair,) = compare_runs(left, right, {alone.header.id: alone}).tasks
    ours, theirs = (
        np.array([s.score for s in run.samples], dtype=np.float64)
        for run in (left, right)
    )
    oracle = ttest_rel(ours, theirs, axis=0)
    assert pair.p_value == pytest.approx(float(oracle.pvalue))
    assert pair.adjusted_p == pair.p_value
    assert pair.both + pair.neither + pair.only_left + pair.only_right == 60
    assert len(pair.differing) == pair.only_left + pair.only_right
    swapped = compare_runs(right, left, {alone.header.id: alone}).tasks[0]
    assert swapped.difference is not None
    assert pair.difference is not None
    assert swapped.difference.value == -pair.difference.value
    assert swapped.only_left == pair.only_right


def test_p_values_are_corrected_over_the_suites() -> None:
    """Three suites looked at together, one by one would find more."""
    suites = tuple(made_up_suite(name, items=40) for name in ("a", "b", "c"))
    left = run_of("m", suites=suites, skill=0.8)
    right = run_of("o", suites=suites, skill=0.6)
    tasks = compare_runs(left, right, {s.header.id: s for s in suites}).tasks
    for task in tasks:
        assert task.p_value is not None
        assert task.adjusted_p is not None
        assert task.adjusted_p >= task.p_value
        assert task.separated is (task.adjusted_p <= 0.05)
    assert (
        max(t.adjusted_p / t.p_value for t in tasks if t.adjusted_p and t.p_value) > 2
    )


def test_a_run_beside_itself_is_not_told_apart() -> None:
    """And no number of items would."""
    run = run_of("m", skill=0.7)
    (pair,) = compare_runs(run, run, {SUITE.header.id: SUITE}).tasks
    assert pair.separated is False
    assert pair.items_to_separate is None
    assert pair.differing == ()


def test_other_items_are_left_out_with_the_reason() -> None:
    """A suite of another version is another suite."""
    changed = structs.replace(
        SUITE,
        items=(structs.replace(SUITE.items[0], question="?"), *SUITE.items[1:]),
    )
    other = made_up_suite("other")
    left = run_of("m", suites=(SUITE, other), skill=0.7)
    right = run_of("o", suites=(changed, other), skill=0.7)
    suites = {s.header.id: s for s in (SUITE, other)}
    found = compare_runs(left, right, suites)
    assert [task.task for task in found.tasks] == ["other"]
    assert [name for name, _ in found.left_out] == [SUITE.header.id]
    with pytest.raises(InvalidInput, match="no suite in common"):
        compare_runs(
            run_of("m", skill=0.7), run_of("o", suites=(other,), skill=0.7), suites
        )
