"""Intervals of accuracies hold near the edges and for related items."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from dokja.statistics.proportion import (
    accuracy,
    clustered_error,
    differs,
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


def test_clusters_of_one_give_the_plain_error() -> None:
    """With the n/(n-1) correction this is the textbook standard error."""
    scores = np.array([0.0, 1, 1, 0, 1, 1, 1, 0])
    error = clustered_error(scores, [str(i) for i in range(8)])
    assert error == pytest.approx(scores.std(ddof=1) / math.sqrt(8))


def test_one_cluster_shows_no_variance() -> None:
    """Infinite, not zero: nothing is known."""
    assert clustered_error(np.array([0.0, 1.0]), ["a", "a"]) == math.inf


@given(SCORES)
def test_a_model_never_differs_from_itself(scores: list[int]) -> None:
    """Paired differences of equal answers are all zero."""
    assert not differs(scores, scores, [str(i) for i in range(len(scores))])


def test_pairing_separates_what_two_intervals_would_not() -> None:
    """The same ten extra right answers, on otherwise equal answers."""
    left = [1] * 50 + [0] * 50
    right = [1] * 40 + [0] * 60
    clusters = [str(i) for i in range(100)]
    assert differs(left, right, clusters)
    low, _ = wilson_interval(0.5, 100)
    _, high = wilson_interval(0.4, 100)
    assert low < high
