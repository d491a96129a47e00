"""How numbers are printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dokja.evidence.values import Estimate, Text
from dokja.report.numerals import (
    Shown,
    fixed,
    interval,
    moment,
    p_value,
    percent,
    percent_interval,
    points,
    points_interval,
    probability,
    signed_points,
)


def test_points_round_half_up_as_korean_score_sheets_do() -> None:
    """Banker's rounding would print 33.6 for 33.65 and 33.8 for 33.75."""
    assert points(Decimal("33.65"), places=1) == Shown("33.7")
    assert points(Decimal("33.75"), places=1) == Shown("33.8")


def test_missing_points_keep_their_reason() -> None:
    """None is not 0, and the reader is told why."""
    missing = Text("결과 없음", "no run")
    assert points(None, places=1, reason=missing) == Shown(None, missing)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "<1%"), (0.004, "<1%"), (0.06, "6%"), (0.97, "97%"), (1.0, ">99%")],
)
def test_draws_never_claim_certainty(share: float, text: str) -> None:
    """4,000 draws without a case show neither 0 nor 100 per cent."""
    assert probability(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1e-300, "≤ 1 × 10<sup>−15</sup>"),
        (1e-15, "≤ 1 × 10<sup>−15</sup>"),
        (2.4e-5, "2.4 × 10<sup>−5</sup>"),
        (0.0412, "0.041"),
    ],
)
def test_p_values_stop_at_the_floor(value: float, text: str) -> None:
    """A p-value below the floor would claim more than the test can show."""
    assert p_value(value, floor=1e-15) == text


def test_a_rounded_minus_zero_loses_its_sign() -> None:
    """-0.00 looks like a number below zero."""
    assert fixed(-0.001, places=2) == "0.00"
    assert fixed(-0.02, places=2) == "\N{MINUS SIGN}0.02"


def test_half_an_interval_is_no_interval() -> None:
    """An end that is unknown must not be filled in."""
    assert interval(1.0, None, places=1) is None
    half = Estimate(value=0.5, low=None, high=0.6, n=1, method="m", source="s")
    assert percent_interval(half) is None
    assert percent(0.5) == "50.0%"


def test_moments_are_written_as_each_language_writes_them() -> None:
    """The zone stays visible: a deadline depends on it."""
    assert moment("2026-01-22T10:05:00+09:00") == Text(
        "2026년 1월 22일 10:05", "22 January 2026, 10:05 KST"
    )
    assert moment("2026-01-22") == Text("2026년 1월 22일", "22 January 2026")
    assert moment("2026-01-22T10:05:00+00:00").en == "22 January 2026, 10:05 UTC"


def test_a_moment_that_is_no_date_is_shown_as_recorded() -> None:
    """The report must not fail over a remark in a date field."""
    assert moment("") == Text("", "")
    assert moment("to be announced").en == "to be announced"


def test_a_difference_keeps_its_sign_through_rounding() -> None:
    """An end of 0.0 would not say on which side of no difference it lies."""
    assert signed_points(0.093) == "+9.3"
    assert signed_points(-0.0004) == "\N{MINUS SIGN}0.0"
    assert signed_points(0.0) == "0.0"
    found = Estimate(value=0.1, low=0.0003, high=0.2, n=2, method="m", source="s")
    assert points_interval(found) == "+0.0\xa0–\xa0+20.0"
    assert points_interval(None) is None
