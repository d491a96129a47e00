"""Sums and quantiles on one set of weights, held against weights held whole."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.evidence.seeds import uniform_draws
from dokja.statistics import weighted_items
from dokja.statistics.bayesian_bootstrap import shared_weights
from dokja.statistics.clustered import ClusterIndex, single_items
from dokja.statistics.weighted_items import item_draws, quantile

CLUSTERS = ClusterIndex(np.arange(60) % 20, np.full(20, 3.0))
SUMMED = uniform_draws(1, 120).reshape(60, 2)
RANKED = np.round(100 * uniform_draws(2, 60)).reshape(60, 1)


def test_sums_are_those_of_the_weights() -> None:
    """The same stream as `shared_weights`, item by item."""
    found = item_draws(
        7, CLUSTERS, summed=SUMMED, ranked=RANKED, levels=(0.5,), draws=300
    )
    weights = shared_weights(7, draws=300, units=20)[:, CLUSTERS.codes]
    assert found.sums == pytest.approx(weights @ SUMMED, rel=1e-12)


def test_a_quantile_is_the_least_figure_that_enough_weight_lies_below() -> None:
    """By its definition, figure by figure."""
    found = item_draws(
        7, CLUSTERS, summed=SUMMED, ranked=RANKED, levels=(0.5, 0.95), draws=50
    )
    weights = shared_weights(7, draws=50, units=20)[:, CLUSTERS.codes]
    for draw in range(50):
        for place, level in enumerate((0.5, 0.95)):
            own = found.quantiles[draw, 0, place]
            below = weights[draw][RANKED[:, 0] <= own].sum()
            before = weights[draw][RANKED[:, 0] < own].sum()
            assert before < level * weights[draw].sum() <= below


def test_blocks_show_in_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by blocks; the draws are not theirs."""
    whole = item_draws(
        3, CLUSTERS, summed=SUMMED, ranked=RANKED, levels=(0.5,), draws=200
    )
    monkeypatch.setattr(weighted_items, "BLOCK_WORDS", 500)
    small = item_draws(
        3, CLUSTERS, summed=SUMMED, ranked=RANKED, levels=(0.5,), draws=200
    )
    assert np.array_equal(whole.sums, small.sums)
    assert np.array_equal(whole.quantiles, small.quantiles)


def test_without_columns_there_is_nothing_to_draw() -> None:
    """A model of which only the time is known has no sums."""
    empty = np.zeros((60, 0))
    found = item_draws(3, CLUSTERS, summed=empty, ranked=empty, levels=(0.5,), draws=10)
    assert found.sums.shape == (10, 0)
    assert found.quantiles.shape == (10, 0, 1)


def test_the_ratio_of_sums_spreads_as_the_delta_method_says() -> None:
    """Var(R) = sum of (cost - R score)^2 over (n mean score)^2."""
    count = 400
    score = (uniform_draws(4, count) < 0.5).astype(np.float64)
    cost = 1 + uniform_draws(5, count)
    ratio = cost.sum() / score.sum()
    drawn = item_draws(
        9,
        single_items(count),
        summed=np.column_stack([cost, score]),
        ranked=np.zeros((count, 0)),
        levels=(),
        draws=8000,
    ).sums
    residual = cost - ratio * score
    wanted = np.sqrt(np.square(residual).sum()) / score.sum()
    assert (drawn[:, 0] / drawn[:, 1]).std() == pytest.approx(wanted, rel=0.04)


def test_a_quantile_is_an_item_of_the_run() -> None:
    """No interpolation between two items nobody measured."""
    assert quantile(np.array([4.0, 1.0, 3.0, 2.0]), 0.5) == 2.0
    assert quantile(np.arange(1.0, 101.0), 0.95) == 95.0
