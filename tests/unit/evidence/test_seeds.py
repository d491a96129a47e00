"""The same draw for the same words, on every machine and in every year."""

from __future__ import annotations

import numpy as np

from dokja.evidence.seeds import (
    exponential_blocks,
    exponential_draws,
    open_unit,
    permutation,
    seed_for,
    uniform_draws,
)

_SEED = seed_for("sha256:00", "team-a", "beacon")


def test_a_seed_is_the_one_published_with_the_decision() -> None:
    """A golden value: a changed recipe would change every drawn sample."""
    assert _SEED == 116966377620598883124624693875720979938
    assert seed_for("sha256:00", "team-a") == 287361405176276080019514129524126457721


def test_a_seed_hangs_on_rules_subject_and_beacon() -> None:
    """Neither another team's draw nor a guessed beacon gives this one away."""
    others = {
        seed_for("sha256:01", "team-a", "beacon"),
        seed_for("sha256:00", "team-b", "beacon"),
        seed_for("sha256:00", "team-a", "beacoN"),
        seed_for("sha256:00", "team-a"),
        seed_for("sha256:00team-a", "", "beacon"),
    }
    assert len(others) == 5
    assert _SEED not in others


def test_draws_are_the_published_ones_bit_for_bit() -> None:
    """Golden values of the Philox words, read as exact doubles."""
    assert [draw.hex() for draw in uniform_draws(_SEED, 4).tolist()] == [
        "0x1.5b4a3212c1361p-1",
        "0x1.f76aaa165f646p-2",
        "0x1.549fa5052b2d6p-2",
        "0x1.e4c8fbec23accp-3",
    ]
    assert permutation(_SEED, 8).tolist() == [3, 2, 7, 4, 1, 6, 0, 5]


def test_a_longer_draw_begins_with_the_shorter() -> None:
    """An added voter leaves the draws of the others as they were."""
    assert uniform_draws(_SEED, 9)[:5].tolist() == uniform_draws(_SEED, 5).tolist()


def test_the_outermost_words_stay_inside_the_open_interval() -> None:
    """A uniform of 0 or 1 becomes a weight that is infinite or none."""
    words = np.array([0, 2**63, 2**64 - 1], dtype=np.uint64)
    low, middle, high = open_unit(words).tolist()
    assert low == 2.0**-53
    assert middle == 0.5 + 2.0**-53
    assert high == 1 - 2.0**-53


def test_exponential_draws_have_the_mean_and_variance_of_exponentials() -> None:
    """Both are 1; four standard errors are allowed."""
    draws = exponential_draws(_SEED, 40_000)
    assert draws.min() > 0
    assert abs(draws.mean() - 1) < 4 / np.sqrt(40_000)
    assert abs(draws.var() - 1) < 4 * np.sqrt(8 / 40_000)


def test_a_permutation_holds_every_place_once() -> None:
    """A permutation test over a multiset would have another distribution."""
    assert sorted(permutation(_SEED, 1000).tolist()) == list(range(1000))


def test_exponential_draws_are_the_same_in_blocks_of_any_size() -> None:
    """And bit for bit those of the uniforms they are made from."""
    whole = -np.log(uniform_draws(_SEED, 100_003))
    assert np.array_equal(exponential_draws(_SEED, 100_003), whole)
    for size in (7_001, 100_003, 200_000):
        blocks = list(exponential_blocks(_SEED, 100_003, size=size))
        assert np.array_equal(np.concatenate(blocks), whole)
