"""Bounds of unpublished scores from published means."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.errors import InvalidInput
from dokja.standing.bounds import (
    Constraint,
    intersect,
    mean_bounds,
    rest_bounds,
    shown_bounds,
    sum_bounds,
)
from dokja.standing.values import Bounds

POINTS = st.decimals(min_value=0, max_value=40, places=2)


@pytest.mark.parametrize(
    ("shown", "low", "high"),
    [
        ("25.0", "24.95", "25.05"),
        ("28.56", "28.555", "28.565"),
        ("768", "767.5", "768.5"),
    ],
)
def test_a_figure_stands_for_half_a_unit_of_its_last_decimal(
    shown: str, low: str, high: str
) -> None:
    """The decimals written are all that is known of a published figure."""
    found = shown_bounds(Decimal(shown))
    assert found == Bounds(low=Decimal(low), high=Decimal(high))


def test_a_missing_figure_has_no_bounds() -> None:
    """NaN would silently widen every interval it enters."""
    with pytest.raises(InvalidInput, match="NaN is not a number"):
        shown_bounds(Decimal("NaN"))


@pytest.mark.parametrize(
    ("mean", "known", "low", "high"),
    [
        ("30.4", "33.6", "118.10", "118.70"),
        ("28.56", "31.6", "111.125", "111.275"),
        ("20.76", "25.0", "78.725", "78.875"),
        ("79.7", "90.2", "308.00", "308.60"),
    ],
)
def test_the_published_means_bound_the_other_four(
    mean: str, known: str, low: str, high: str
) -> None:
    """These are the figures anybody can check by hand."""
    found = rest_bounds(
        shown_bounds(Decimal(mean)), count=5, known=[shown_bounds(Decimal(known))]
    )
    assert found == Bounds(low=Decimal(low), high=Decimal(high))


def test_the_lowest_of_four_is_at_most_their_mean() -> None:
    """From this follows the published case's bound of 77.2."""
    total = Bounds(low=Decimal("308.00"), high=Decimal("308.60"))
    assert mean_bounds(total, count=4).high == Decimal("77.15")


def test_the_intersection_is_the_tightest_of_all() -> None:
    """Two facts on one value both count."""
    found = intersect(
        [
            Constraint(fact="a", bounds=Bounds(low=Decimal(1), high=Decimal(5))),
            Constraint(fact="b", bounds=Bounds(low=Decimal(3), high=Decimal(9))),
        ]
    )
    assert found == Bounds(low=Decimal(3), high=Decimal(5))


def test_facts_that_exclude_each_other_are_both_named() -> None:
    """Whoever mistyped a figure must see which two to look at."""
    wrong = [
        Constraint(fact="mean total", bounds=Bounds(low=Decimal(8), high=Decimal(9))),
        Constraint(fact="category sum", bounds=Bounds(low=Decimal(1), high=Decimal(5))),
    ]
    with pytest.raises(InvalidInput, match=r"mean total .* 8, category sum .* 5"):
        intersect(wrong)


def test_nothing_published_bounds_nothing() -> None:
    """An unbounded value must not look like a bounded one."""
    with pytest.raises(InvalidInput, match="no published fact"):
        intersect([])


@settings(derandomize=True, deadline=None)
@given(st.lists(POINTS, min_size=5, max_size=5), st.integers(0, 2))
def test_the_truth_is_always_inside_the_bounds(
    points: list[Decimal], places: int
) -> None:
    """Bounds that miss the truth would call a true publication inconsistent."""
    unit = Decimal(1).scaleb(-places)
    mean = (sum(points, Decimal(0)) / 5).quantize(unit, rounding=ROUND_HALF_UP)
    known = points[0].quantize(unit, rounding=ROUND_HALF_UP)
    found = rest_bounds(shown_bounds(mean), count=5, known=[shown_bounds(known)])
    rest = sum(points[1:], Decimal(0))
    assert found.low <= rest <= found.high
    assert min(points[1:]) <= mean_bounds(found, count=4).high


@settings(derandomize=True, deadline=None)
@given(st.lists(POINTS, min_size=1, max_size=6))
def test_a_sum_of_shown_figures_bounds_the_sum(points: list[Decimal]) -> None:
    """Totals are checked against category sums this way."""
    shown = [p.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP) for p in points]
    found = sum_bounds([shown_bounds(each) for each in shown])
    assert found.low <= sum(points, Decimal(0)) <= found.high
