"""pass@k: the chance that one of k programs for a task is right.

Source: Chen et al. (2021), Evaluating Large Language Models Trained on Code,
arXiv 2107.03374, section 2.1, equation 1.
"""

from __future__ import annotations

from fractions import Fraction
from math import comb

from dokja.errors import InvalidInput


def pass_at_k(programs: int, right: int, k: int) -> Fraction:
    """Unbiased estimate from `right` among so many `programs`: 1 - C(n-c,k)/C(n,k).

    Exact, so that no order of products changes it. Raises: InvalidInput unless
    1 <= k <= programs and 0 <= right <= programs.
    """
    if not (1 <= k <= programs and 0 <= right <= programs):
        raise InvalidInput(
            f"pass@{k} cannot be had of {right} right among {programs} programs",
            remedy="ask each task at least k times",
        )
    return 1 - Fraction(comb(programs - right, k), comb(programs, k))
