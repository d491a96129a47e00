"""Intervals of accuracies hold near the edges and for related items."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import cluster_index, single_items
from dokja.statistics.proportion import (
    accuracy,
    jeffreys_interval,
    rate,
    rate_draws,
    wilson_interval,
)

SCORES = st.lists(st.integers(0, 1), min_size=2, max_size=60)


def test_wilson_agrees_with_a_published_value() -> None:
    """10 of 20: the textbook interval is 0.299 to 0.701."""
    low, high = wilson_interval(0.5, 20)
    assert (round(low, 3), round(high, 3)) == (0.299, 0.701)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_wilson_covers_about_as_often_as_it_says(share: float) -> None:
    """Exact coverage by the binomial at n = 100, near the edge too."""
    hits = np.arange(101)
    covered = [
        low <= share <= high
        for low, high in (wilson_interval(k / 100, 100) for k in hits)
    ]
    coverage = binom.pmf(hits, 100, share)[covered].sum()
    assert 0.92 <= coverage <= 0.985


@given(SCORES)
def test_an_interval_is_ordered_and_on_the_scale(scores: list[int]) -> None:
    """Ends never cross, and never leave 0 to 1."""
    found = accuracy(scores, [str(i) for i in range(len(scores))], source="test")
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1


@pytest.mark.parametrize("scores", [[1], [1, 0, 1]])
def test_one_cluster_has_no_interval(scores: list[int]) -> None:
    """No uncertainty can be seen in a single answer or source; it is not 0."""
    found = accuracy(scores, ["a"] * len(scores), source="test")
    assert (found.low, found.high, found.n) == (None, None, len(scores))


def test_related_items_widen_the_interval() -> None:
    """Twenty copies of two questions are worth two questions, not forty."""
    scores = [1] * 20 + [0] * 20
    apart = accuracy(scores, [str(i) for i in range(40)], source="test")
    together = accuracy(scores, ["a"] * 20 + ["b"] * 20, source="test")
    assert apart.high is not None
    assert together.high is not None
    assert together.high - together.value > 2 * (apart.high - apart.value)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9])
def test_jeffreys_covers_about_as_often_as_it_says(share: float) -> None:
    """Exact coverage by the binomial at n = 100, near the edge too."""
    hits = np.arange(101)
    covered = [
        low <= share <= high
        for low, high in (jeffreys_interval(k / 100, 100) for k in hits)
    ]
    coverage = binom.pmf(hits, 100, share)[covered].sum()
    assert 0.92 <= coverage <= 0.985


def test_jeffreys_ends_at_a_share_nobody_missed() -> None:
    """All of 20 right: 1 is inside, and the lower end is Beta(20.5, 0.5)'s."""
    low, high = jeffreys_interval(1.0, 20)
    assert high == 1.0
    assert low == pytest.approx(0.8834, abs=1e-4)
    assert jeffreys_interval(0.0, 20) == pytest.approx((0.0, 1 - low))


@pytest.mark.parametrize("share", [0.05, 0.5, 0.975])
def test_wilson_and_jeffreys_agree_with_statsmodels(share: float) -> None:
    """An independent implementation of both, to rounding."""
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    for method, ours in (("wilson", wilson_interval), ("jeffreys", jeffreys_interval)):
        theirs = oracle.proportion_confint(share * 40, 40, method=method)
        assert ours(share, 40) == pytest.approx(theirs, abs=1e-12)


def test_draws_of_a_rate_spread_where_every_item_was_right() -> None:
    """20 of 20: a bootstrap would draw 1 each time; these follow the posterior."""
    drawn = rate_draws(5, 1.0, 20, draws=20_000)
    assert drawn.max() <= 1
    assert drawn.mean() == pytest.approx(20.5 / 21, abs=0.001)
    assert np.quantile(drawn, 0.025) == pytest.approx(0.8834, abs=0.01)
    assert np.array_equal(drawn, rate_draws(5, 1.0, 20, draws=20_000))


@pytest.mark.parametrize(
    ("groups", "size", "share", "alike"),
    [(10, 20, 0.7, 0.2), (20, 10, 0.7, 0.3), (40, 5, 0.7, 0.3), (200, 1, 0.7, 0.0)],
)
def test_a_rate_is_covered_whatever_the_clusters(
    groups: int, size: int, share: float, alike: float
) -> None:
    """93 to 97 % of 1,000 simulated suites; few clusters are the hard case."""
    assert 0.93 <= _covered(groups, size, share, alike) <= 0.97


def test_five_clusters_are_not_promised_too_much() -> None:
    """Where `accuracy`, made for many clusters, covers 90 %."""
    assert _covered(5, 20, 0.7, 0.2) >= 0.93


def _covered(groups: int, size: int, share: float, alike: float) -> float:
    """Share of simulated suites whose interval holds the true rate.

    A cluster gives one answer throughout with probability `alike`.
    """
    uniform = uniform_draws(groups, 1000 * groups * (size + 1))
    uniform = uniform.reshape(1000, groups, size + 1)
    shared = uniform[:, :, :1] < alike
    first = uniform[:, :, 1:2] < share
    answers = np.where(shared, first, uniform[:, :, 1:] < share)
    clusters = cluster_index([str(g) for g in range(groups) for _ in range(size)])
    covered = 0
    for scores in answers.reshape(1000, -1).astype(np.float64):
        found = rate(scores, clusters, source="test")
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= share <= found.high
    return covered / 1000


def test_repeats_that_agree_are_worth_no_more_than_one() -> None:
    """Four equal answers to each of 50 questions are 50 answers."""
    once = np.tile([1.0, 1.0, 0.0, 1.0, 0.0], 10)
    repeated = np.repeat(once[:, None], 4, axis=1)
    one = rate(once, single_items(50), source="test")
    four = rate(repeated, single_items(50), source="test")
    assert four.low == pytest.approx(one.low, abs=1e-3)
    assert "K=4" in four.method


def test_repeats_that_differ_narrow_the_interval() -> None:
    """Answer noise averages out: half right on every question says more."""
    noisy = np.tile([1.0, 0.0], (50, 2))
    found = rate(noisy, single_items(50), source="test")
    assert found.low == pytest.approx(wilson_interval(0.5, 200)[0])
