"""Places of bars and shares: nothing outside the drawing, nothing out of scale."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dokja.evidence.values import Text
from dokja.web.charts import MOST_NAMES, bar_chart, share_chart

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
