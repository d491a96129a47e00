"""Ranks, p-values and kernels that several published statistics share."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment
from scipy.stats import chi2, t

Array = npt.NDArray[np.float32]
FLOOR = -300.0  # base-10 logarithm below which a p-value is printed as this


def cosine(left: Array, right: Array) -> Array:
    """The cosines between the rows of two matrices: rows of left × rows of right."""
    return _unit(left) @ _unit(right).T


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, np.float32(1e-20))


def assigned(similarity: Array) -> npt.NDArray[np.intp]:
    """The column given to each row where the sum of similarities is greatest.

    The matrix must not have more rows than columns.
    """
    _, columns = linear_sum_assignment(similarity, maximize=True)
    return np.asarray(columns)


def rank_log10_p(one: npt.NDArray[np.intp], other: npt.NDArray[np.intp]) -> float:
    """Base-10 logarithm of Spearman's one-sided p-value of two orders.

    The law is Student's t with n - 2 degrees of freedom, not below `FLOOR`.
    """
    n = len(one)
    ranks = [np.argsort(np.argsort(order)).astype(float) for order in (one, other)]
    rho = float(np.corrcoef(ranks[0], ranks[1])[0, 1])
    if rho >= 1.0:
        return FLOOR
    statistic = rho * np.sqrt((n - 2) / (1 - rho**2))
    return max(FLOOR, float(t.logsf(statistic, n - 2) / np.log(10)))


def fisher_log10_p(logs: list[float]) -> float:
    """Base-10 logarithm of Fisher's joint p-value of independent p-values."""
    statistic = -2 * np.log(10) * sum(logs)
    with np.errstate(divide="ignore"):
        joint = chi2.logsf(statistic, 2 * len(logs)) / np.log(10)
    return max(FLOOR, float(joint))


def centred_alignment(left: Array, right: Array) -> float:
    """Linear CKA of two sets of features over the same samples (rows).

    Kornblith et al. 2019 (arXiv 1905.00414), with centred columns.
    """
    x = left.astype(np.float64) - left.mean(axis=0, dtype=np.float64)
    y = right.astype(np.float64) - right.mean(axis=0, dtype=np.float64)
    across = np.linalg.norm(y.T @ x) ** 2
    return float(across / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)))


def unbiased_alignment(left: Array, right: Array) -> float:
    """CKA of two Gram matrices with the unbiased HSIC of Song et al. 2012."""
    x, y = (np.asarray(gram, dtype=np.float64) for gram in (left, right))
    within = _unbiased(x, x) * _unbiased(y, y)
    return float(_unbiased(x, y) / np.sqrt(within)) if within > 0 else 0.0


def _unbiased(
    left: npt.NDArray[np.float64], right: npt.NDArray[np.float64]
) -> np.float64:
    n = len(left)
    x, y = (gram - np.diag(np.diag(gram)) for gram in (left, right))
    crossed = x.sum(axis=0) @ y.sum(axis=0)
    total = (x * y).sum() + x.sum() * y.sum() / ((n - 1) * (n - 2))
    return np.float64((total - 2 * crossed / (n - 2)) / (n * (n - 3)))
