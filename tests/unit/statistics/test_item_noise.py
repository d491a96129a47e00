"""The two noises of a mean, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import (
    ClusterIndex,
    clustered_error,
    single_items,
)
from dokja.statistics.item_noise import mean_noise, settled


def test_the_whole_is_the_clustered_error() -> None:
    """Taking it apart must not change what is published."""
    scores = uniform_draws(1, 60)
    clusters = ClusterIndex(np.arange(60) % 12, np.full(12, 5.0))
    found = mean_noise(scores, clusters)
    assert found.variance == pytest.approx(clustered_error(scores, clusters) ** 2)
    assert (found.run, found.item, found.freedom) == (None, None, 11)


def test_noise_of_the_run_is_the_variance_within_items() -> None:
    """Two repeats that differ by d on each item: d^2 / 4n of the mean."""
    base = np.linspace(0.2, 0.7, 50)
    scores = np.column_stack([base - 0.1, base + 0.1])
    found = mean_noise(scores, single_items(50))
    assert found.run == pytest.approx(0.04 / 4 / 50)
    assert found.run_freedom == 50
    assert found.variance is not None
    assert found.run is not None
    assert found.item == pytest.approx(found.variance - found.run)


def test_repeats_that_fail_together_are_seen_in_the_run() -> None:
    """In a cluster whose items rise and fall together, noise does not average out."""
    base = np.full(40, 0.5)
    alike = np.column_stack([base - 0.1, base + 0.1])
    clusters = ClusterIndex(np.arange(40) // 10, np.full(4, 10.0))
    alone = mean_noise(alike, single_items(40)).run
    together = mean_noise(alike, clusters).run
    assert alone
    assert together == pytest.approx(10 * alone)


def test_the_same_answers_twice_have_no_noise_of_the_run() -> None:
    """All of the error is then that of the items."""
    once = (uniform_draws(2, 80) < 0.5).astype(np.float64)
    found = mean_noise(np.column_stack([once, once]), single_items(80))
    assert found.run == 0
    assert found.item == found.variance


def test_no_spread_is_not_no_error() -> None:
    """All right on 50: the variance of the Beta(50.5, 0.5) posterior."""
    found = mean_noise(np.ones(50), single_items(50))
    assert found.variance == pytest.approx(50.5 * 0.5 / (51**2 * 52))
    assert settled(np.ones(50))
    assert not settled(np.array([1.0, 0.0]))


def test_one_cluster_shows_no_variance() -> None:
    """Not even that of a rate."""
    clusters = ClusterIndex(np.zeros(9, dtype=np.intp), np.array([9.0]))
    assert mean_noise(np.ones(9), clusters).variance is None
