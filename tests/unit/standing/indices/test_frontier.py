"""The Frontier Index: its arithmetic, its two noises, and what it never hides."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dokja.errors import InvalidInput
from dokja.standing.indices.frontier import benchmark_weights, frontier_index
from dokja.standing.indices.words import ASKED_ONCE, NO_ERROR, NOTHING_DECLARED
from dokja.statistics.clustered import ClusterIndex, clustered_mean, single_items
from tests.unit.standing.indices.made_scores import (
    answers,
    benchmark,
    category,
    evidence,
    right,
    rule,
)

ONE = rule(category("all", "1", "gpqa"))


def test_gpqa_at_060_is_46_67() -> None:
    """The check value: four choices, three fifths right, never clipped."""
    gpqa = benchmark("gpqa", {"T1": right(120, 200)}, chance=0.25)
    found = frontier_index(ONE, evidence(("T1",), gpqa), "T1")
    assert found.index is not None
    assert round(found.index.value, 2) == 46.67


def test_below_chance_is_below_zero() -> None:
    """Clipping at 0 would lift the mean of every model that guesses."""
    gpqa = benchmark("gpqa", {"T1": right(20, 200)}, chance=0.25)
    found = frontier_index(ONE, evidence(("T1",), gpqa), "T1")
    assert found.index is not None
    assert found.index.value == pytest.approx(100 * (0.1 - 0.25) / 0.75)


def test_categories_count_by_weight_and_benchmarks_alike() -> None:
    """F = 100 sum of w_c times the mean over the category."""
    rules = rule(category("a", "0.6", "x", "y"), category("b", "0.4", "z"))
    made = [
        benchmark(name, {"T1": right(of, 100)}, chance=chance, ceiling=ceiling)
        for name, of, chance, ceiling in (
            ("x", 50, 0.0, 1.0),
            ("y", 40, 0.2, 0.9),
            ("z", 80, 0.5, 1.0),
        )
    ]
    found = frontier_index(rules, evidence(("T1",), *made), "T1")
    wanted = 100 * (0.3 * 0.5 + 0.3 * (0.4 - 0.2) / 0.7 + 0.4 * 0.6)
    assert found.index is not None
    assert found.index.value == pytest.approx(wanted)
    values = [c.value.value for c in found.categories if c.value]
    assert 0.6 * values[0] + 0.4 * values[1] == pytest.approx(wanted)


def test_the_error_is_the_sum_of_clustered_errors() -> None:
    """Var(F) = 100^2 sum of w^2 SE^2 / span^2, by the closed form."""
    clusters = ClusterIndex(np.arange(120) % 40, np.full(40, 3.0))
    scores = answers(1, np.full(120, 0.6))
    made = (
        benchmark("x", {"T1": scores}, chance=0.25, clusters=clusters),
        benchmark("y", {"T1": right(30, 80)}),
    )
    rules = rule(category("a", "0.7", "x"), category("b", "0.3", "y"))
    found = frontier_index(rules, evidence(("T1",), *made), "T1").index
    first = clustered_mean(scores, clusters).error
    second = clustered_mean(right(30, 80), single_items(80)).error
    assert first
    assert second
    error = 100 * math.hypot(0.7 * first / 0.75, 0.3 * second)
    assert found is not None
    assert found.high is not None
    reach = found.high - found.value
    assert 1.96 * error < reach < 2.02 * error
    assert "satterthwaite" in found.method
    assert found.n == 200


def test_a_missing_benchmark_is_no_zero() -> None:
    """The index is undetermined and says which benchmark is missing."""
    rules = rule(category("a", "0.5", "x"), category("b", "0.5", "y"))
    given = evidence(("T1", "T2"), benchmark("x", {"T1": right(9, 10)}))
    found = frontier_index(rules, given, "T1")
    assert found.index is None
    assert found.reason is not None
    assert "y" in found.reason.en
    assert "y" in found.reason.ko
    assert found.categories[0].value is not None
    assert found.categories[1].value is None
    assert found.categories[1].benchmarks[0].reason is not None
    other = frontier_index(rules, given, "T2")
    assert other.index is None
    assert "x, y" in (other.reason.en if other.reason else "")


def test_a_team_counts_what_it_declared() -> None:
    """Two teams may rest on other benchmarks; a third declared none."""
    rules = rule(
        category("shared", "0.8", "x"),
        category("own", "0.2", "p", "q", team_chosen=True),
    )
    made = [
        benchmark(name, {"T1": right(of, 10), "T2": right(of, 10)})
        for name, of in (("x", 5), ("p", 8), ("q", 2))
    ]
    declared = {"T1": ("p",), "T2": ("p", "q", "elsewhere")}
    given = evidence(("T1", "T2", "T3"), *made, declared=declared)
    assert benchmark_weights(rules, given, "T1") == {"x": 0.8, "p": 0.2}
    assert benchmark_weights(rules, given, "T2") == {"x": 0.8, "p": 0.1, "q": 0.1}
    values = [frontier_index(rules, given, team).index for team in ("T1", "T2")]
    assert [v.value for v in values if v] == pytest.approx([56.0, 50.0])
    third = frontier_index(rules, given, "T3")
    assert third.reason == NOTHING_DECLARED
    assert third.categories[0].benchmarks[0].weight == 0.8
    assert third.categories[1].value is None


def test_repeats_part_the_noise_of_answering_from_that_of_items() -> None:
    """Both are within reach of what they were made with, and add up."""
    count, repeats = 4000, 4
    easy = np.where(np.arange(count) % 2 == 0, 0.9, 0.3)
    scores = answers(3, np.repeat(easy[:, None], repeats, axis=1))
    given = evidence(("T1",), benchmark("gpqa", {"T1": scores}))
    found = frontier_index(ONE, given, "T1")
    assert found.noise_reason is None
    reaches = []
    for each in (found.index, found.item_noise, found.run_noise):
        assert each is not None
        assert each.high is not None
        assert found.index is not None
        assert each.value == found.index.value
        reaches.append((each.high - each.value) / 1.96)
    whole, items, run = reaches
    within = float((easy * (1 - easy)).mean())
    assert run == pytest.approx(100 * math.sqrt(within / repeats / count), rel=0.05)
    assert items == pytest.approx(100 * math.sqrt(0.09 / count), rel=0.05)
    assert whole == pytest.approx(math.hypot(items, run), rel=0.01)


def test_asked_once_the_two_noises_are_not_told_apart() -> None:
    """The interval holds both; the reason says why they are not shown."""
    found = frontier_index(
        ONE, evidence(("T1",), benchmark("gpqa", {"T1": right(6, 10)})), "T1"
    )
    assert (found.item_noise, found.run_noise) == (None, None)
    assert found.noise_reason == ASKED_ONCE
    assert found.index is not None
    assert found.index.low is not None


def test_all_right_is_not_without_error() -> None:
    """No item differs, and 50 right answers still leave room for a wrong one."""
    given = evidence(("T1",), benchmark("gpqa", {"T1": right(50, 50)}))
    found = frontier_index(ONE, given, "T1").index
    assert found is not None
    assert found.low is not None
    assert 95 < found.low < 99.5


def test_one_cluster_shows_no_error() -> None:
    """An interval from one passage would be invented."""
    clusters = ClusterIndex(np.zeros(10, dtype=np.intp), np.array([10.0]))
    given = evidence(
        ("T1",), benchmark("gpqa", {"T1": right(6, 10)}, clusters=clusters)
    )
    found = frontier_index(ONE, given, "T1")
    assert found.index is not None
    assert (found.index.low, found.index.high) == (None, None)
    assert found.noise_reason == NO_ERROR


@pytest.mark.parametrize(
    ("scores", "chance", "ceiling", "said"),
    [
        (np.array([0.5, np.nan]), 0.0, 1.0, "outside 0 to 1"),
        (np.array([0.5, 1.5]), 0.0, 1.0, "outside 0 to 1"),
        (np.array([1.0, 0.0]), 0.9, 0.9, "chance 0.9"),
        (np.zeros((2, 2, 2)), 0.0, 1.0, "shape"),
    ],
)
def test_scores_that_cannot_be_normalised_are_refused(
    scores: np.ndarray, chance: float, ceiling: float, said: str
) -> None:
    """A gap is left out with its reason; a NaN would poison the sum unseen."""
    with pytest.raises(InvalidInput) as caught:
        benchmark("gpqa", {"T1": scores}, chance=chance, ceiling=ceiling)
    assert said in caught.value.fact
