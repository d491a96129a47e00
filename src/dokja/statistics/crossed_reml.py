"""Mixed models with crossed random intercepts, fitted by REML.

Source: D. Bates, M. Mächler, B. Bolker, S. Walker, Journal of Statistical
Software 67(1) (2015): the profiled REML criterion, section 3.4, eq. 41, with
the penalised least squares of eqs. 17-18.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import LinAlgError
from scipy.linalg.lapack import dpotrf, dtrtrs
from scipy.optimize import minimize

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

STARTS = (0.1, 1.0)
"""Relative deviations the search starts from, the same for all factors."""
LARGEST = 1e3


@dataclass(frozen=True)
class CrossedFit:
    """A fit: what is fixed with its covariance, variances, predicted intercepts."""

    fixed: Array
    covariance: Array
    variances: tuple[float, ...]
    """Of each random factor, in the order given."""
    noise: float
    predicted: tuple[Array, ...]
    """Intercept of every level of each random factor, drawn towards 0."""
    criterion: float
    """-2 log REML."""


def fit_crossed(y: Array, fixed: Array, factors: Sequence[Codes]) -> CrossedFit:
    """The REML fit of y (n,) on fixed (n, p) and random factors (n,).

    Factors are codes from 0 without gaps. The fixed columns must be independent
    and fewer than the rows.
    """
    model = _Model(y, fixed, factors)
    best = min(
        (
            minimize(
                model.criterion,
                np.full(len(factors), start),
                method="L-BFGS-B",
                bounds=[(0.0, LARGEST)] * len(factors),
                options={"ftol": 1e-12, "gtol": 1e-8},
            )
            for start in STARTS
        ),
        key=lambda found: (float(found.fun), tuple(found.x)),
    )
    return model.fit(np.asarray(best.x, dtype=np.float64))


class _Model:
    """Cross products of a model, taken once for every trial of the search."""

    def __init__(self, y: Array, fixed: Array, factors: Sequence[Codes]) -> None:
        self.sizes = [int(codes.max()) + 1 for codes in factors]
        z = np.zeros((len(y), sum(self.sizes)))
        start = 0
        for codes, size in zip(factors, self.sizes, strict=True):
            z[np.arange(len(y)), start + codes] = 1.0
            start += size
        self.freedom = len(y) - fixed.shape[1]
        self.zz, self.zx, self.zy = z.T @ z, z.T @ fixed, z.T @ y
        self.xx, self.xy, self.yy = fixed.T @ fixed, fixed.T @ y, float(y @ y)

    def criterion(self, theta: Array) -> float:
        """-2 log REML at relative standard deviations (factors,)."""
        lower, _, _, rx, squares = self._solve(theta)
        logs = np.log(np.diag(lower)).sum() + np.log(np.abs(np.diag(rx))).sum()
        scale = 2 * math.pi * squares / self.freedom
        return float(2 * logs + self.freedom * (1 + math.log(scale)))

    def fit(self, theta: Array) -> CrossedFit:
        """The fit at these relative standard deviations."""
        lower, rzx, cu, rx, squares = self._solve(theta)
        noise = squares / self.freedom
        fixed = _solved(rx, self._rest, lower=False)
        inverse = _solved(rx, np.eye(len(rx)), lower=False)
        spherical = _solved(lower, cu - rzx @ fixed, lower=True, transposed=True)
        ends = np.cumsum(self.sizes)[:-1]
        return CrossedFit(
            fixed=fixed,
            covariance=noise * inverse @ inverse.T,
            variances=tuple(float(t * t * noise) for t in theta),
            noise=float(noise),
            predicted=tuple(np.split(self._scales(theta) * spherical, ends)),
            criterion=self.criterion(theta),
        )

    def _scales(self, theta: Array) -> Array:
        return np.repeat(theta, self.sizes)

    def _solve(self, theta: Array) -> tuple[Array, Array, Array, Array, float]:
        """Factors L, R_ZX, c_u, R_X and the penalised residual sum of squares."""
        scales = self._scales(theta)
        inner = scales[:, None] * self.zz * scales + np.eye(len(scales))
        lower = _cholesky(inner, lower=True)
        rzx = _solved(lower, scales[:, None] * self.zx, lower=True)
        cu = _solved(lower, scales * self.zy, lower=True)
        rx = _cholesky(self.xx - rzx.T @ rzx, lower=False)
        self._rest = _solved(rx, self.xy - rzx.T @ cu, lower=False, transposed=True)
        squares = self.yy - float(cu @ cu) - float(self._rest @ self._rest)
        return lower, rzx, cu, rx, max(squares, 1e-300)


def _cholesky(matrix: Array, *, lower: bool) -> Array:
    """The factor of `scipy.linalg.cholesky`, whose checks take longer than the work.

    Raises: LinAlgError where the matrix is not positive definite.
    """
    factor, info = dpotrf(matrix, lower=lower, clean=True)
    if info:
        raise LinAlgError(f"dpotrf says {info}: no positive definite matrix")
    found: Array = factor
    return found


def _solved(
    triangle: Array, right: Array, *, lower: bool, transposed: bool = False
) -> Array:
    """The solution of `scipy.linalg.solve_triangular`, for a factor of `_cholesky`.

    Raises: LinAlgError where the triangle is singular.
    """
    solution, info = dtrtrs(triangle, right, lower=lower, trans=transposed)
    if info:
        raise LinAlgError(f"dtrtrs says {info}: a singular triangle")
    found: Array = solution
    return found
