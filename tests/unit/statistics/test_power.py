"""How many items separate two models: published figures, and what happens."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtri

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import Scores, cluster_index, differs, single_items
from dokja.statistics.power import (
    PairSpread,
    Target,
    gap_detectable,
    items_needed,
    items_to_separate,
    pair_spread,
)

ONCE = PairSpread(between=1 / 9, left_noise=1 / 6, right_noise=1 / 6)
"""The example of the paper: w^2 = 1/9, answers of variance 1/6."""
NOISELESS = PairSpread(between=1 / 9, left_noise=0.0, right_noise=0.0)


def _normal(seed: int, *shape: int) -> Scores:
    found: Scores = ndtri(uniform_draws(seed, math.prod(shape))).reshape(shape)
    return found


@pytest.mark.parametrize(("spread", "published"), [(NOISELESS, 968), (ONCE, 3871)])
def test_the_published_numbers_of_items(spread: PairSpread, published: int) -> None:
    """For 3 points; published with the quantiles rounded to 1.96 and 0.84."""
    rounded = (1.96 + 0.84) ** 2 * spread.per_item / 0.03**2
    assert rounded == pytest.approx(published, abs=1)
    assert items_needed(0.03, spread) == pytest.approx(published, rel=0.0015)


def test_repeats_take_out_the_answer_noise_and_nothing_else() -> None:
    """Many repeats come down to the items' own variance."""
    counts = [items_needed(0.03, ONCE.with_repeats(k, k)) for k in (1, 2, 4, 1000)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] == items_needed(0.03, NOISELESS) + 3


def test_clusters_multiply_the_items() -> None:
    """A design effect of 4 needs four times as many."""
    clustered = PairSpread(
        between=1 / 9, left_noise=None, right_noise=None, design_effect=4.0
    )
    assert items_needed(0.03, clustered) == pytest.approx(
        4 * items_needed(0.03, NOISELESS), abs=4
    )


def test_the_gap_that_n_items_find_needs_n_items() -> None:
    """The two questions are one formula."""
    gap = gap_detectable(500, ONCE, Target(power=0.9))
    assert items_needed(gap * (1 + 1e-9), ONCE, Target(power=0.9)) == 500


def test_spread_is_taken_apart_as_it_was_put_together() -> None:
    """w^2 = 0.5, answers of variance 1 and 2, asked four and two times."""
    items = 20_000
    between = math.sqrt(0.5) * _normal(1, items, 1)
    left = between + _normal(2, items, 4)
    right = math.sqrt(2) * _normal(3, items, 2)
    found = pair_spread(left, right, single_items(items))
    assert found.between == pytest.approx(0.5, rel=0.1)
    assert found.left_noise == pytest.approx(1, rel=0.03)
    assert found.right_noise == pytest.approx(2, rel=0.03)
    assert found.design_effect == pytest.approx(1)
    assert (found.left_repeats, found.right_repeats) == (4, 2)


def test_noise_of_items_asked_once_is_not_known() -> None:
    """It is inside w^2, and no promise can be made of repeats."""
    found = pair_spread(_normal(4, 50), _normal(5, 50), single_items(50))
    assert (found.left_noise, found.right_noise) == (None, None)
    with pytest.raises(ValueError, match="asked once"):
        found.with_repeats(4, 4)
    with pytest.raises(ValueError, match="one item"):
        pair_spread(np.ones(1), np.ones(1), single_items(1))


def test_related_items_show_in_the_design_effect() -> None:
    """Five copies of each question are worth a fifth."""
    left, right = np.repeat(_normal(6, 2, 400), 5, axis=1)
    clusters = cluster_index([f"{i:03}" for i in range(400) for _ in range(5)])
    assert pair_spread(left, right, clusters).design_effect == pytest.approx(5, rel=0.1)


def test_so_many_items_find_the_gap_as_often_as_promised() -> None:
    """Power of 80 % at the number of items, by simulation."""
    items = items_needed(0.3, PairSpread(between=2, left_noise=None, right_noise=None))
    left = _normal(7, 1500, items) + 0.3
    right = _normal(8, 1500, items)
    alone = single_items(items)
    found = sum(differs(a, b, alone) for a, b in zip(left, right, strict=True))
    assert found / 1500 == pytest.approx(0.8, abs=0.03)


def test_two_models_are_told_how_many_items_would_separate_them() -> None:
    """The ends of the number come from the ends of the gap."""
    left, right = _normal(9, 400) + 0.4, _normal(10, 400)
    found = items_to_separate(left, right, single_items(400), source="test")
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert "power=0.8" in found.method


def test_a_gap_that_may_be_none_has_no_upper_end() -> None:
    """No number of items separates what may be equal."""
    left, right = _normal(11, 2, 50)
    found = items_to_separate(left, right, single_items(50), source="test")
    assert found is not None
    assert found.low is not None
    assert found.high is None


def test_equal_means_cannot_be_separated() -> None:
    """Not by an infinite number, and not by 0."""
    scores = np.array([0.0, 1.0, 1.0])
    assert items_to_separate(scores, scores, single_items(3), source="") is None
    with pytest.raises(ValueError, match="equal models"):
        items_needed(0.0, ONCE)
