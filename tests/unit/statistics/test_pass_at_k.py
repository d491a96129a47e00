"""pass@k against its definition and against counting."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.statistics.pass_at_k import pass_at_k


@pytest.mark.parametrize("programs", [1, 2, 5, 7])
def test_it_is_the_share_of_draws_that_hold_a_right_one(programs: int) -> None:
    """By counting every draw of k programs."""
    for right in range(programs + 1):
        for k in range(1, programs + 1):
            draws = list(combinations([n < right for n in range(programs)], k))
            share = Fraction(sum(map(any, draws)), len(draws))
            assert pass_at_k(programs, right, k) == share


def test_it_is_unbiased() -> None:
    """The mean over many tasks is 1 - (1 - p)^k, where the naive power is not."""
    chance, programs, k, tasks = 0.2, 10, 5, 20_000
    draws = uniform_draws(seed_for("test", "pass@k", ""), tasks * programs)
    right = (np.reshape(draws, (tasks, programs)) < chance).sum(axis=1)
    table = [float(pass_at_k(programs, c, k)) for c in range(programs + 1)]
    true = 1 - (1 - chance) ** k
    assert abs(np.mean(np.take(table, right)) - true) < 0.01
    naive = np.mean(1 - (1 - right / programs) ** k)
    assert abs(naive - true) > 0.02


@pytest.mark.parametrize("wrong", [(5, 6, 1), (5, 2, 6), (5, 2, 0), (5, -1, 1)])
def test_what_cannot_be_is_refused(wrong: tuple[int, int, int]) -> None:
    """More right than there are, or a larger k than was asked."""
    with pytest.raises(InvalidInput, match="cannot be had"):
        pass_at_k(*wrong)
