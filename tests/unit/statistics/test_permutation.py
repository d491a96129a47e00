"""The permutation statistic against enumeration, and its calibration."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.statistics.permutation import (
    cross_moments,
    cross_of,
    doubly_centred,
    log_tail_bound,
    normal_tail,
    p_value,
    permutation_moments,
    row_set,
    rows_p_value,
)

Matrix = npt.NDArray[np.floating[Any]]


def _totals(cross: Matrix) -> Matrix:
    """The statistic under every order of the columns."""
    rows = np.arange(len(cross))
    return np.array(
        [cross[rows, list(order)].sum() for order in permutations(range(len(cross)))]
    )


def test_moments_are_those_of_all_orders() -> None:
    """The z-score rests on exact moments, so enumeration must give the same."""
    rng = np.random.default_rng(1)
    left, right = rng.normal(size=(6, 4)), rng.normal(size=(6, 4)) + 3.0
    moments = permutation_moments(row_set(left), row_set(right))
    totals = _totals(doubly_centred(left @ right.T))
    assert totals.mean() == pytest.approx(0.0, abs=1e-10)
    assert moments.total == pytest.approx(totals[0])
    assert moments.variance == pytest.approx(totals.var())


def test_blocks_have_the_moments_of_the_orders_within_them() -> None:
    """Units of different experts may not be exchanged, so no null may do it."""
    rng = np.random.default_rng(2)
    edges = (0, 3, 6)
    sides = [row_set(rng.normal(size=(6, 4)), edges) for _ in range(2)]
    moments = permutation_moments(sides[0], sides[1])
    cross = cross_of(sides[0], sides[1])
    totals = np.add.outer(_totals(cross[:3, :3]), _totals(cross[3:, 3:])).ravel()
    assert totals.mean() == pytest.approx(0.0, abs=1e-10)
    assert moments.total == pytest.approx(totals[0])
    assert moments.variance == pytest.approx(totals.var())
    exact = float(np.mean(totals >= moments.total - 1e-9))
    assert math.exp(log_tail_bound(cross, moments, edges)) >= exact - 1e-12


def test_row_sets_of_other_blocks_do_not_pair() -> None:
    """Rows of another shape would be paired with the wrong partners."""
    rows = np.eye(6)
    with pytest.raises(ValueError, match="same blocks"):
        permutation_moments(row_set(rows), row_set(rows, (0, 3, 6)))


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    spike=st.sampled_from([0.0, 1.0, 5.0, 50.0]),
    shift=st.sampled_from([0.0, 0.5, 3.0]),
)
def test_the_bound_is_never_below_the_true_tail(
    seed: int, spike: float, shift: float
) -> None:
    """A bound that is too small would be a false accusation."""
    cross: Matrix = np.random.default_rng(seed).normal(size=(6, 6))
    cross += shift * np.eye(6)
    cross[0, 0] += spike
    cross = doubly_centred(cross)
    moments = cross_moments(cross, 1.0)
    totals = _totals(cross)
    exact = float(np.mean(totals >= moments.total - 1e-9))
    assert math.exp(log_tail_bound(cross, moments)) >= exact - 1e-12


def test_two_rows_that_stand_out_do_not_make_a_tiny_p_value() -> None:
    """Outlier units occur in most models: chance alone pairs two in 1 / n(n-1)."""
    rng = np.random.default_rng(3)
    left, right = rng.normal(size=(40, 200)), rng.normal(size=(40, 200))
    for row in (0, 1):
        shared = 60.0 * rng.normal(size=200)
        left[row], right[row] = shared, shared
    sides = row_set(left), row_set(right)
    moments = permutation_moments(*sides)
    assert normal_tail(moments.z) < 1e-8
    assert rows_p_value(*sides, moments) >= 1.0 / (40 * 39)


def test_p_values_of_independent_rows_are_uniform() -> None:
    """A test that rejects more often than it says accuses the innocent.

    300 pairs that share column means, scales and a common factor. The limit
    is the 1 % point of the Kolmogorov-Smirnov statistic.
    """
    rng = np.random.default_rng(4)
    count = 300
    scales, means = rng.lognormal(size=30), rng.normal(size=30)
    found = []
    for _ in range(count):
        sides = [
            row_set(
                means
                + scales * rng.normal(size=(80, 30))
                + rng.normal(size=(80, 1)) * scales
            )
            for _ in range(2)
        ]
        moments = permutation_moments(sides[0], sides[1])
        found.append(rows_p_value(sides[0], sides[1], moments))
    ordered, steps = np.sort(found), np.arange(1, count + 1) / count
    distance = np.max(np.maximum(steps - ordered, ordered - steps + 1 / count))
    assert distance < 1.63 / math.sqrt(count)


@pytest.mark.parametrize("correlation", [0.3, 0.9, 1.0])
def test_related_rows_get_a_p_value_below_any_correction(correlation: float) -> None:
    """The bound must still be strong enough to find a descendant."""
    rng = np.random.default_rng(5)
    left = rng.normal(size=(96, 144))
    noise = math.sqrt(1 - correlation**2) * rng.normal(size=left.shape)
    sides = row_set(left), row_set(correlation * left + noise)
    moments = permutation_moments(*sides)
    assert rows_p_value(*sides, moments) < 1e-20
    assert moments.correlation == pytest.approx(correlation, abs=0.03)


def test_rows_without_spread_say_nothing() -> None:
    """Constant tensors are common and must neither divide by zero nor accuse."""
    sides = row_set(np.ones((8, 3))), row_set(np.ones((8, 3)))
    moments = permutation_moments(*sides)
    assert (moments.z, moments.correlation) == (0.0, 0.0)
    assert rows_p_value(*sides, moments) == 0.5


def test_a_shift_or_a_scale_of_one_side_changes_nothing() -> None:
    """Shared means and scales were the fault behind a published false alarm."""
    rng = np.random.default_rng(6)
    left, right = rng.normal(size=(20, 6)), rng.normal(size=(20, 6))
    plain = permutation_moments(row_set(left), row_set(right))
    moved = permutation_moments(row_set(7.0 + 3.0 * left), row_set(right - 5.0))
    assert moved.z == pytest.approx(plain.z)
    assert moved.correlation == pytest.approx(plain.correlation)


def test_the_p_value_falls_as_the_statistic_grows() -> None:
    """Joining the normal tail and the bound must not open a gap upwards."""
    rng = np.random.default_rng(7)
    noise, last = rng.normal(size=(64, 64)), 1.0
    for strength in np.linspace(0.0, 3.0, 13):
        cross = doubly_centred(noise + strength * np.eye(64))
        found = p_value(cross, cross_moments(cross, 1.0))
        assert 0.0 < found <= last + 1e-12
        last = found
