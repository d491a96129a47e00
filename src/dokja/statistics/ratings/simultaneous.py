"""Intervals that hold for all teams at once, and the ranks they leave open.

Source: T. Hothorn, F. Bretz, P. Westfall, Biometrical Journal 50:346 (2008),
section 3: the greatest of the studentised differences is compared with that of
draws from the multivariate t with the same covariance. Ranks: J. Klein,
T. Wright, J. Wieczorek, Journal of the Royal Statistical Society A 183:893
(2020): a team's rank lies between 1 plus the teams certainly above it and the
number of teams less those certainly below, for all teams together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv, ndtri

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.clustered import Mask, Scores

BLOCK_CELLS = 1 << 16
"""Draws of differences held at once."""


@dataclass(frozen=True, eq=False)
class Simultaneous:
    """Critical values: how many errors wide a joint 95 % interval reaches."""

    strengths: float
    """For all strengths at once."""
    differences: float
    """For all differences of two strengths at once."""


def critical_values(
    seed: int, covariance: Scores, *, freedom: float, draws: int
) -> Simultaneous:
    """Critical values of joint 95 % intervals, from seeded draws.

    Strengths without an error count for nothing. The draws belong to places:
    teams in another order get values that differ by the draws' own error.
    """
    teams = len(covariance)
    normal = _correlated(seed, covariance, freedom=freedom, draws=draws)
    errors = np.sqrt(np.diag(covariance))
    single = np.abs(normal * _inverse_or_zero(errors)).max(axis=1)
    first, second = np.triu_indices(teams, 1)
    apart = _inverse_or_zero(_difference_errors(covariance)[first, second])
    paired = np.empty(draws)
    rows = max(1, BLOCK_CELLS // max(1, len(first)))
    for start in range(0, draws, rows):
        block = normal[start : start + rows]
        gaps = np.abs(block[:, first] - block[:, second])
        paired[start : start + rows] = (gaps * apart).max(axis=1)
    return Simultaneous(_quantile(single), _quantile(paired))


def certainly_above(strengths: Scores, covariance: Scores, *, reach: float) -> Mask:
    """(teams, teams) whether the row is above the column by `reach` errors.

    `reach` is `Simultaneous.differences`. Where a difference has no error,
    nothing is certain.
    """
    errors = _difference_errors(covariance)
    gaps = strengths[:, None] - strengths[None, :]
    found: Mask = (errors > 0) & (gaps > reach * errors)
    return found


def rank_interval(
    above: Mask, teams: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """(rated,) best and worst rank of each rated team among `teams`.

    `above` is (rated, rated) as of `certainly_above`. Teams without a finite
    strength may stand anywhere, so they leave room at both ends.
    """
    return 1 + above.sum(axis=0), teams - above.sum(axis=1)


def _correlated(seed: int, covariance: Scores, *, freedom: float, draws: int) -> Scores:
    """(draws, teams) of the multivariate t with this scale matrix.

    The root is the symmetric one, which does not hang on the signs that an
    eigenvector comes with; products are summed in a fixed order.
    """
    teams = len(covariance)
    values, vectors = np.linalg.eigh(covariance)
    scaled = vectors * np.sqrt(np.maximum(values, 0))
    root = np.einsum("ik,jk->ij", scaled, vectors, optimize=False)
    words = uniform_draws(seed, draws * (teams + 1)).reshape(draws, teams + 1)
    normal: Scores = np.einsum("dk,jk->dj", ndtri(words[:, :-1]), root, optimize=False)
    if np.isfinite(freedom):
        chi = 2 * gammaincinv(freedom / 2, words[:, -1:])
        normal *= np.sqrt(freedom / chi)
    return normal


def _difference_errors(covariance: Scores) -> Scores:
    variances = np.diag(covariance)
    found = variances[:, None] + variances[None, :] - 2 * covariance
    # Rounding leaves about 1e-16 of the variances where voters never differed.
    least = 1e-12 * (variances[:, None] + variances[None, :])
    errors: Scores = np.sqrt(np.where(found > least, found, 0.0))
    return errors


def _inverse_or_zero(errors: Scores) -> Scores:
    return np.divide(1.0, errors, out=np.zeros_like(errors), where=errors > 0)


def _quantile(greatest: Scores) -> float:
    return float(np.quantile(greatest, 0.95, method="inverted_cdf"))
