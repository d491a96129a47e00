"""Shared weights keep the pairing; order and blocks change nothing."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.statistics.bayesian_bootstrap import (
    cluster_totals,
    percentile_interval,
    shared_weights,
    weighted_shares,
)


def test_weights_are_exponential_and_repeat() -> None:
    """Mean 1, variance 1, and the same draws for the same seed."""
    weights = shared_weights(7, draws=2000, units=50)
    assert weights.mean() == pytest.approx(1, abs=0.02)
    assert weights.var() == pytest.approx(1, abs=0.05)
    assert np.array_equal(weights, shared_weights(7, draws=2000, units=50))


def test_the_spread_matches_the_theory_of_the_bootstrap() -> None:
    """Posterior variance of a share p on n units is p(1-p)/(n+1) (Rubin 1981)."""
    sums = np.array([1.0] * 30 + [0.0] * 70, dtype=np.float64)
    drawn = weighted_shares(
        shared_weights(3, draws=20_000, units=100), sums, np.ones(100)
    )
    assert drawn.mean() == pytest.approx(0.3, abs=0.002)
    assert drawn.var() == pytest.approx(0.3 * 0.7 / 101, rel=0.05)


def test_a_difference_of_equal_answers_has_no_spread() -> None:
    """Teams meet the same reweighted items, so their common luck cancels."""
    weights = shared_weights(5, draws=500, units=20)
    sums = np.tile([0.0, 1.0], 10).astype(np.float64)
    left = weighted_shares(weights, sums, np.ones(20))
    assert np.array_equal(left, weighted_shares(weights, sums, np.ones(20)))


def test_clusters_are_counted_by_name_whatever_their_order() -> None:
    """The weight of a cluster is tied to its name, not to where it appears."""
    names, sums, counts = cluster_totals([1, 0, 1], ["b", "a", "b"])
    assert (names, sums.tolist(), counts.tolist()) == (("a", "b"), [0, 2], [1, 2])
    again = cluster_totals([0, 1, 1], ["a", "b", "b"])
    assert again[1].tolist() == sums.tolist()


def test_percentiles_are_draws_that_occurred() -> None:
    """No interpolation, so no rounding differs between machines."""
    draws = np.arange(1, 1001, dtype=np.float64)
    assert percentile_interval(draws) == (25.0, 975.0)
