"""A gain is real only against items drawn and against models of the same kind."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri
from scipy.stats import t

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import Scores, single_items
from dokja.statistics.difference_in_differences import (
    gain_on_chosen,
    gain_on_differences,
    prediction_p_value,
)

CHOSEN = np.repeat([True, False], 60)
ALONE = single_items(120)


def _normal(seed: int, *shape: int) -> Scores:
    found: Scores = ndtri(uniform_draws(seed, math.prod(shape))).reshape(shape)
    return found


def test_what_references_gain_too_is_taken_off() -> None:
    """Chosen items that are easier for everybody by one point show no gain."""
    easier = CHOSEN.astype(np.float64)
    scores = _normal(1, 6, 120) + easier
    found = gain_on_chosen(scores[0], scores[1:], CHOSEN, ALONE)
    assert found.own_gap == pytest.approx(1, abs=0.5)
    assert found.statistic.value == pytest.approx(
        found.own_gap - np.mean(found.reference_gaps)
    )
    assert found.p_value is not None
    assert found.p_value > 0.05


def test_a_planted_gain_is_found() -> None:
    """Two points on the chosen items, that no reference has."""
    scores = _normal(2, 6, 120)
    scores[0] += 2 * CHOSEN
    found = gain_on_chosen(scores[0], scores[1:], CHOSEN, ALONE)
    assert found.p_value is not None
    assert found.p_value < 0.001


@pytest.mark.parametrize(("spread", "items_alone"), [(0.0, 0.07), (0.5, 1.0)])
def test_innocent_models_are_seldom_called(spread: float, items_alone: float) -> None:
    """5 % of 800 within chance; over items alone many where models differ."""
    tastes = spread * _normal(3, 800, 6, 1) * CHOSEN
    alarms = items = 0
    for scores in _normal(4, 800, 6, 120) + tastes:
        found = gain_on_chosen(scores[0], scores[1:], CHOSEN, ALONE)
        assert found.p_value is not None
        assert found.p_items is not None
        alarms += found.p_value <= 0.05
        items += found.p_items <= 0.05
    assert alarms / 800 <= 0.065
    assert items / 800 <= items_alone
    if spread:
        assert items / 800 > 0.15


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_references_give_no_p_value(count: int) -> None:
    """How much models differ innocently cannot be seen from two."""
    scores = _normal(5, 3, 120)
    found = gain_on_chosen(scores[0], scores[1 : 1 + count], CHOSEN, ALONE)
    assert found.p_value is None
    assert found.p_items is not None


def test_references_that_are_all_alike_give_no_p_value() -> None:
    """No spread is no measure of how far one may lie from them."""
    assert prediction_p_value(1.0, np.zeros(5)) is None


def test_one_more_draw_of_the_same_kind_is_uniform() -> None:
    """The prediction test is exact for normal gaps, with as few as three."""
    values = _normal(6, 2000, 4)
    found = [prediction_p_value(row[0], row[1:]) for row in values]
    below = np.mean([p <= 0.05 for p in found if p is not None])
    assert below == pytest.approx(0.05, abs=0.015)
    oracle = t.sf((2.0 - 1.0) / (1.0 * math.sqrt(4 / 3)), 2)
    assert prediction_p_value(2.0, np.array([0.0, 1.0, 2.0])) == pytest.approx(oracle)


@given(st.floats(-5, 5), st.floats(0.1, 10))
def test_units_and_origin_do_not_matter(constant: float, scale: float) -> None:
    """Percent or shares, the p-value is the same."""
    scores = _normal(7, 5, 40)
    chosen, alone = np.repeat([True, False], 20), single_items(40)
    plain = gain_on_chosen(scores[0], scores[1:], chosen, alone)
    moved = scores * scale + constant
    other = gain_on_chosen(moved[0], moved[1:], chosen, alone)
    assert other.p_value == pytest.approx(plain.p_value, rel=1e-6)


def test_differences_of_two_wordings_are_compared_alike() -> None:
    """Everybody prefers originals by one; the team by one more."""
    differences = _normal(8, 5, 80) + 1
    differences[0] += 1
    found = gain_on_differences(differences[0], differences[1:], single_items(80))
    assert found.statistic.value == pytest.approx(1, abs=0.4)
    assert found.p_value is not None
    assert found.p_value < 0.01
