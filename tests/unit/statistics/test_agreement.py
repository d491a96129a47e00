"""Krippendorff's alpha against its published value, evalica, and its truth."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.statistics.agreement import alpha_estimate, interval_alpha

_ = np.nan
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)
"""K. Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part C."""


def test_alpha_is_the_published_one() -> None:
    """Four observers and twelve units, of which the last was seen once."""
    assert interval_alpha(PUBLISHED)[0] == pytest.approx(0.849, abs=5e-4)


def test_alpha_is_evalicas() -> None:
    """Another implementation on scores with gaps, to fifteen digits."""
    evalica = pytest.importorskip("evalica")
    pandas = pytest.importorskip("pandas")
    scores = np.random.Generator(np.random.Philox(3)).normal(size=(10, 7))
    scores[0, 1] = scores[4, :4] = np.nan
    theirs = evalica.alpha(pandas.DataFrame(scores), distance="interval").alpha
    assert interval_alpha(scores)[0] == pytest.approx(theirs, abs=1e-14)


def test_weights_of_one_change_nothing_and_a_weight_of_none_leaves_out() -> None:
    """A rater without weight is a rater who is not there."""
    ones = np.ones((1, 4))
    assert interval_alpha(PUBLISHED, ones) == interval_alpha(PUBLISHED)
    without = np.array([[1.0, 1.0, 1.0, 1e-9]])
    rest = interval_alpha(PUBLISHED[:3, :10])[0]
    assert interval_alpha(PUBLISHED[:, :10], without)[0] == pytest.approx(
        rest, abs=1e-6
    )


def test_full_agreement_is_one_and_no_spread_is_nothing() -> None:
    """Where nothing could disagree, agreement is not perfect but unknown."""
    agreed = np.tile(np.arange(5.0), (4, 1))
    found = alpha_estimate(agreed, seed=1)
    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([1.0] * 3)
    assert alpha_estimate(np.full((4, 5), 3.0), seed=1) is None
    assert alpha_estimate(np.array([[1.0, 2.0]]), seed=1) is None


@pytest.mark.slow
def test_the_interval_covers_the_alpha_of_many_raters() -> None:
    """Ten raters drawn from a population that judges the same teams."""
    stream = np.random.Generator(np.random.Philox(11))
    covered = 0
    for trial in range(200):
        team = stream.normal(size=5)
        people = stream.normal(size=(600, 1)) * 0.5
        noise = stream.normal(size=(600, 5)) * 0.6
        truth = interval_alpha(team + people + noise)[0]
        found = alpha_estimate((team + people + noise)[:10], seed=trial)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high
    assert covered / 200 > 0.88
