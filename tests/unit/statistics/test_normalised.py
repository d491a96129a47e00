"""The scale between chance and ceiling, and the arithmetic others published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.evidence.values import Estimate
from dokja.statistics.clustered import mean_estimate, single_items
from dokja.statistics.normalised import (
    normalised,
    normalised_estimate,
    shown_percent,
)

SHARES = st.lists(st.floats(0, 1), min_size=2, max_size=40)


def _estimate(value: float, low: float | None, high: float | None) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=198, method="m", source="s")


def test_gpqa_at_60_percent_is_46_67() -> None:
    """Four choices: (0.60 - 0.25) / 0.75."""
    found = normalised_estimate(_estimate(0.60, 0.53, 0.67), chance=0.25)
    assert round(shown_percent(found.value), 2) == 46.67
    assert found.low == pytest.approx((0.53 - 0.25) / 0.75)
    assert "chance=0.25" in found.method


def test_below_chance_stays_below_zero() -> None:
    """Clipped inside, 20 guesses of 0.2 and 0.3 would average above chance."""
    scores = np.array([0.20, 0.30])
    assert normalised(scores, chance=0.25).mean() == pytest.approx(0.0)
    assert normalised(scores, chance=0.25)[0] < 0
    assert shown_percent(-0.0667) == 0.0
    assert shown_percent(1.2) == 100.0


def test_a_ceiling_counts_wrong_labels_out() -> None:
    """With 10 % wrong labels, 0.9 is all that can be had."""
    assert normalised(np.array([0.9]), chance=0.25, ceiling=0.9)[0] == 1.0


def test_a_missing_interval_stays_missing() -> None:
    """Moving nothing makes nothing."""
    found = normalised_estimate(_estimate(0.5, None, None), chance=0.25)
    assert (found.low, found.high) == (None, None)


def test_a_ceiling_at_chance_is_refused() -> None:
    """There is no scale without a span."""
    with pytest.raises(ValueError, match="above chance"):
        normalised(np.array([0.5]), chance=0.5, ceiling=0.5)


@given(SHARES, st.floats(0, 0.5), st.floats(0.6, 1))
def test_estimating_and_normalising_commute(
    scores: list[float], chance: float, ceiling: float
) -> None:
    """It does not matter whether items or their mean are put on the scale."""
    items, alone = np.array(scores), single_items(len(scores))
    first = normalised_estimate(
        mean_estimate(items, alone, source=""), chance=chance, ceiling=ceiling
    )
    then = mean_estimate(
        normalised(items, chance=chance, ceiling=ceiling), alone, source=""
    )
    assert first.value == pytest.approx(then.value, abs=1e-9)
    if first.low is not None and then.low is not None:
        assert first.low == pytest.approx(then.low, abs=1e-9)
