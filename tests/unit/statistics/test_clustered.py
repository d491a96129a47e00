"""Clustered means, paired differences and contrasts against oracles and theory."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import ttest_1samp, ttest_rel

from dokja.evidence.seeds import permutation, uniform_draws
from dokja.statistics.clustered import (
    ClusterIndex,
    Scores,
    cluster_index,
    clustered_error,
    clustered_mean,
    contrast,
    differs,
    item_means,
    mean_estimate,
    paired_estimate,
    single_items,
)
from dokja.statistics.proportion import wilson_interval

ITEMS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 5)),
    min_size=2,
    max_size=50,
)
"""Left score, right score and cluster of each item."""


def _normal(seed: int, *shape: int) -> Scores:
    found: Scores = ndtri(uniform_draws(seed, math.prod(shape))).reshape(shape)
    return found


def _sides(items: list[tuple[int, int, int]]) -> tuple[Scores, Scores, ClusterIndex]:
    left, right, clusters = zip(*items, strict=True)
    names = [f"c{cluster}" for cluster in clusters]
    return np.array(left, float), np.array(right, float), cluster_index(names)


def test_clusters_of_one_give_the_plain_error() -> None:
    """With the n/(n-1) correction this is the textbook standard error."""
    scores = np.array([0.0, 1, 1, 0, 1, 1, 1, 0])
    error = clustered_error(scores, single_items(8))
    assert error == pytest.approx(scores.std(ddof=1) / math.sqrt(8))


def test_a_mean_of_single_items_is_students() -> None:
    """Interval and p-value of the t-test everybody has."""
    scores = _normal(1, 30) + 0.2
    oracle = ttest_1samp(scores, 0.0, alternative="greater")
    found = clustered_mean(scores, single_items(30))
    assert found.upper_p_value() == pytest.approx(oracle.pvalue)
    two_sided = ttest_1samp(scores, 0.0).confidence_interval(0.95)
    assert found.interval() == pytest.approx((two_sided.low, two_sided.high))


def test_a_paired_difference_of_single_items_is_students() -> None:
    """The paired t-test, interval and all."""
    left, right = _normal(2, 2, 40)
    oracle = ttest_rel(left, right).confidence_interval(0.95)
    found = paired_estimate(left, right, single_items(40), source="test")
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high))
    assert found.n == 40


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_a_clustered_error_is_the_one_of_statsmodels(seed: int) -> None:
    """Regression on a constant, groups of unequal size, no other correction."""
    statsmodels = pytest.importorskip("statsmodels.api")
    scores = _normal(seed, 60)
    groups = (uniform_draws(seed + 10, 60) ** 2 * 12).astype(int)
    options = {"groups": groups, "use_correction": False}
    fit = statsmodels.OLS(scores, np.ones(60)).fit(cov_type="cluster", cov_kwds=options)
    clusters = cluster_index([str(group) for group in groups])
    scale = math.sqrt(clusters.groups / (clusters.groups - 1))
    assert clustered_error(scores, clusters) == pytest.approx(fit.bse[0] * scale)


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_a_contrast_has_the_error_of_statsmodels(seed: int) -> None:
    """Regression on the indicator, with both kinds in every cluster."""
    statsmodels = pytest.importorskip("statsmodels.api")
    groups = np.repeat(np.arange(15), 4)
    chosen = np.tile([True, True, False, True], 15)
    scores = _normal(seed, 60) + _normal(seed + 10, 15)[groups]
    options = {"groups": groups, "use_correction": False}
    fit = statsmodels.OLS(scores, statsmodels.add_constant(chosen.astype(float))).fit(
        cov_type="cluster", cov_kwds=options
    )
    found = contrast(scores, chosen, cluster_index([f"{g:02}" for g in groups]))
    assert found.value == pytest.approx(fit.params[1])
    assert found.error == pytest.approx(fit.bse[1] * math.sqrt(15 / 14))
    assert found.freedom == 14


def test_a_contrast_of_pairs_is_the_paired_test() -> None:
    """A question and its twin share a cluster: nothing but differences counts."""
    left, right = _normal(9, 2, 25)
    pairs = cluster_index([f"{i:02}" for i in range(25)] * 2)
    chosen = np.repeat([True, False], 25)
    found = contrast(np.concatenate([left, right]), chosen, pairs)
    oracle = ttest_rel(left, right, alternative="greater")
    assert found.upper_p_value() == pytest.approx(oracle.pvalue)


def test_a_contrast_with_few_clusters_of_one_kind_is_that_uncertain() -> None:
    """Three fresh passages do not become many by the hundred public ones."""
    names = [f"p{i}" for i in range(100)] + ["t0", "t1", "t2"]
    chosen = np.array([True] * 100 + [False] * 3)
    assert contrast(_normal(10, 103), chosen, cluster_index(names)).freedom == 2


def test_a_contrast_needs_both_kinds() -> None:
    """An empty mean is no number."""
    with pytest.raises(ValueError, match="others"):
        contrast(np.ones(3), np.ones(3, dtype=np.bool_), single_items(3))


def test_one_cluster_shows_no_variance() -> None:
    """Infinite, not zero: nothing is known. The estimate has no interval."""
    one = cluster_index(["a", "a"])
    assert clustered_error(np.array([0.0, 1.0]), one) == math.inf
    found = mean_estimate(np.array([0.0, 1.0]), one, source="test")
    assert (found.value, found.low, found.high) == (0.5, None, None)


def test_items_that_all_agree_give_no_interval() -> None:
    """An interval of no width would say that nothing can ever differ."""
    found = mean_estimate(np.full(50, 0.1), single_items(50), source="test")
    assert (found.low, found.high) == (None, None)
    assert clustered_error(np.full(50, 0.1), single_items(50)) == 0.0


def test_repeats_are_averaged_before_anything_else() -> None:
    """(n, K) answers are n items; K stands in the method."""
    scores = _normal(11, 20, 3)
    means, repeats = item_means(scores)
    assert repeats == 3
    found = mean_estimate(scores, single_items(20), source="test")
    plain = mean_estimate(means, single_items(20), source="test")
    assert (found.low, found.high, found.n) == (plain.low, plain.high, 20)
    assert "K=3" in found.method


@given(ITEMS, st.integers(0, 2**32))
def test_the_order_of_items_changes_no_bit(
    items: list[tuple[int, int, int]], seed: int
) -> None:
    """Counts are summed exactly, clusters by name."""
    shuffled = [items[place] for place in permutation(seed, len(items))]
    one, other = _sides(items), _sides(shuffled)
    assert paired_estimate(*one, source="") == paired_estimate(*other, source="")
    assert mean_estimate(one[0], one[2], source="") == mean_estimate(
        other[0], other[2], source=""
    )


@given(ITEMS, st.permutations(range(6)))
def test_the_names_of_clusters_mean_nothing(
    items: list[tuple[int, int, int]], names: list[int]
) -> None:
    """Relabelled clusters are the same clusters."""
    renamed = [(left, right, names[cluster]) for left, right, cluster in items]
    one = clustered_error(_sides(items)[0], _sides(items)[2])
    other = clustered_error(_sides(renamed)[0], _sides(renamed)[2])
    assert one == pytest.approx(other, rel=1e-9)


@given(ITEMS, st.integers(-100, 100), st.integers(1, 50))
def test_a_constant_moves_and_a_scale_stretches(
    items: list[tuple[int, int, int]], constant: int, scale: int
) -> None:
    """The error ignores where 0 is and follows the unit of the score."""
    scores, _, clusters = _sides(items)
    plain = clustered_mean(scores, clusters)
    moved = clustered_mean(scores * scale + constant, clusters)
    assert moved.value == pytest.approx(plain.value * scale + constant)
    if plain.error is None:
        assert moved.error is None
    else:
        assert moved.error == pytest.approx(plain.error * scale, rel=1e-6)


@given(ITEMS)
def test_what_both_sides_share_cancels(items: list[tuple[int, int, int]]) -> None:
    """A harder item is harder for both: pairing takes it out, bit for bit."""
    left, right, clusters = _sides(items)
    hardness = np.arange(len(items), dtype=np.float64)
    with_it = paired_estimate(left + hardness, right + hardness, clusters, source="")
    assert with_it == paired_estimate(left, right, clusters, source="")


@given(ITEMS)
def test_sides_can_be_exchanged(items: list[tuple[int, int, int]]) -> None:
    """The difference changes its sign and nothing else."""
    left, right, clusters = _sides(items)
    one = paired_estimate(left, right, clusters, source="")
    other = paired_estimate(right, left, clusters, source="")
    assert one.value == -other.value
    if one.low is not None and other.high is not None:
        assert one.low == pytest.approx(-other.high)


@pytest.mark.parametrize(("groups", "size"), [(10, 8), (30, 5), (100, 2)])
def test_a_paired_interval_covers_what_it_says(groups: int, size: int) -> None:
    """93 to 97 % of 1,000 simulated comparisons of related items."""
    noise = _normal(groups, 2, 1000, groups, size)
    shared = _normal(groups + 1, 1000, groups, 1)
    clusters = cluster_index([f"{g:03}" for g in range(groups) for _ in range(size)])
    left = (noise[0] + shared + 0.3).reshape(1000, -1)
    right = noise[1].reshape(1000, -1)
    covered = 0
    for one, other in zip(left, right, strict=True):
        low, high = clustered_mean(one - other, clusters).interval()
        assert low is not None
        assert high is not None
        covered += low <= 0.3 <= high
    assert 0.93 <= covered / 1000 <= 0.97


def test_ignoring_clusters_would_not_cover() -> None:
    """The control of the simulation: plain errors are far too small there."""
    scores = _normal(30, 500, 30, 5) + 2 * _normal(31, 500, 30, 1)
    plain = [
        clustered_mean(x, single_items(150)).interval() for x in scores.reshape(500, -1)
    ]
    covered = sum(low <= 0 <= high for low, high in plain if low is not None and high)
    assert covered / 500 < 0.75


@given(ITEMS)
def test_a_model_never_differs_from_itself(items: list[tuple[int, int, int]]) -> None:
    """Paired differences of equal answers are all zero."""
    left, _, clusters = _sides(items)
    assert not differs(left, left, clusters)


def test_pairing_separates_what_two_intervals_would_not() -> None:
    """The same ten extra right answers, on otherwise equal answers."""
    left = np.array([1.0] * 50 + [0.0] * 50)
    right = np.array([1.0] * 40 + [0.0] * 60)
    assert differs(left, right, single_items(100))
    low, _ = wilson_interval(0.5, 100)
    _, high = wilson_interval(0.4, 100)
    assert low < high


def test_a_difference_on_every_item_is_one() -> None:
    """It has no spread; that is no reason to miss it."""
    assert differs(np.ones(4), np.zeros(4), single_items(4))
    assert not differs(np.ones(4), np.zeros(4), cluster_index(["a"] * 4))
