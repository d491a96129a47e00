"""Places of bars and shares: nothing outside the drawing, nothing out of scale."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.evidence.values import Text
from dokja.web.charts import MOST_BARS, MOST_NAMES, bar_chart, share_chart, supply_chart

NAME = Text(ko="이름", en="name")


@given(st.dictionaries(st.text("0123456789-", min_size=1), st.integers(0, 10**6)))
def test_bars_stay_inside_and_keep_their_proportions(counts: dict[str, int]) -> None:
    """The highest bar sets the scale, from zero."""
    chart = bar_chart(counts)
    assert len(chart.bars) == len(counts)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= chart.width + 0.11
        assert abs(bar.y + bar.height - chart.base) <= 0.11
        if chart.most:
            whole = chart.base - 20
            assert abs(bar.height - whole * bar.value / chart.most) <= 0.06
    assert sum(bar.is_named for bar in chart.bars) <= MOST_NAMES


@given(st.lists(st.integers(0, 10**6), max_size=6))
def test_shares_fill_the_whole_one_after_the_other(counts: list[int]) -> None:
    """Widths add up to the whole where there is anything to share."""
    chart = share_chart([(NAME, "rest", count) for count in counts])
    assert chart.total == sum(counts)
    width = sum(share.width for share in chart.shares)
    assert abs(width - (chart.width if chart.total else 0)) <= 0.3
    places = [share.x for share in chart.shares]
    assert places == sorted(places)


def test_supply_stands_in_three_parts_that_fill_the_promise() -> None:
    """Parts lie on each other without a gap; a day that stands twice is added up."""
    start, one = date(2026, 1, 1), Decimal(24)
    supply = (4 * one, 2 * one, one, one)
    days = [(start, supply), (start, supply), (start + timedelta(days=1), supply)]
    chart = supply_chart(days)
    first, second = chart.bars
    assert (first.promised, second.promised) == (8 * one, 4 * one)
    assert chart.most == 8 * one
    assert sum(first.heights) == pytest.approx(2 * sum(second.heights), abs=0.3)
    assert first.tops[0] + first.heights[0] == pytest.approx(chart.base, abs=0.1)
    assert first.tops[1] + first.heights[1] == pytest.approx(first.tops[0], abs=0.1)


def test_many_days_stand_together_and_nothing_is_left_out() -> None:
    """A year of days is a few dozen bars that still sum to what was promised."""
    one = (Decimal(24), Decimal(24), Decimal(0), Decimal(0))
    days = [(date(2026, 1, 1) + timedelta(days=n), one) for n in range(365)]
    chart = supply_chart(days)
    assert len(chart.bars) <= MOST_BARS
    assert chart.days == 7
    assert sum(bar.promised for bar in chart.bars) == 365 * 24
    assert supply_chart([]).bars == ()
