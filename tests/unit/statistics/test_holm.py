"""Holm's correction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.statistics.holm import holm

P_VALUES = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8)


def test_the_textbook_example_comes_out() -> None:
    """The published definition, worked by hand on four values."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


@given(P_VALUES)
def test_an_adjusted_value_lies_between_raw_and_bonferroni(raw: list[float]) -> None:
    """Holm never accuses more than the raw test nor less than Bonferroni."""
    for before, after in zip(raw, holm(raw), strict=True):
        assert before <= after <= min(1.0, len(raw) * before) + 1e-12


@given(P_VALUES)
def test_the_order_of_the_tests_is_kept(raw: list[float]) -> None:
    """A smaller p-value never becomes the larger one."""
    adjusted = holm(raw)
    for i, j in ((a, b) for a in range(len(raw)) for b in range(len(raw))):
        if raw[i] < raw[j]:
            assert adjusted[i] <= adjusted[j]
