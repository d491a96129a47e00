"""Latent ability of models from their scores on benchmarks of unknown difficulty.

score = sigma(alpha (C - D)), with C a model's capability, D a benchmark's
difficulty and alpha its slope: a two-parameter logistic model of mean scores,
fitted by least squares with a ridge.

Source: A. Ho et al., A Rosetta Stone for AI Benchmarks, arXiv 2512.00193 (2025),
and the methodology page of the Epoch Capabilities Index (Epoch AI, 2025). The
size of the ridge is ours, and so are the errors: J. MacKinnon, H. White,
Journal of Econometrics 29:305 (1985), HC3, since scores near 0 or 1 scatter less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from dokja.statistics.clustered import Mask, Scores

STEPS = 200
SETTLED = 1e-10
"""Relative gain of a step below which the fit has settled."""
LEAST_LEFT = 1e-6
"""Least of one less a score's leverage, so that a lone score divides nothing by 0."""
GAUGE = 2
"""Shift and scale of the ability axis, which the scores do not fix."""


@dataclass(frozen=True, eq=False)
class CapabilityFit:
    """A settled fit; abilities are known up to shift and scale alone."""

    capability: Scores
    """(models,)"""
    difficulty: Scores
    """(benchmarks,)"""
    slope: Scores
    """(benchmarks,)"""
    covariance: Scores
    """(models, models) of the capabilities."""
    spread: float
    """Standard deviation of what the fit leaves unexplained, in score."""
    freedom: int
    steps: int

    def on_scale(
        self, model: int, anchors: tuple[int, int], values: tuple[float, float]
    ) -> tuple[float, float]:
        """Ability and its error where both anchors have the values given.

        The error is that of the ratio of abilities, by the delta method.
        Raises: ValueError where the anchors have the same ability.
        """
        first, second = anchors
        span = self.capability[second] - self.capability[first]
        if span == 0:
            raise ValueError("the two anchors have the same ability")
        share = (self.capability[model] - self.capability[first]) / span
        width = values[1] - values[0]
        gradient = np.zeros(len(self.capability))
        gradient[model] += 1
        gradient[first] += share - 1
        gradient[second] -= share
        variance = gradient @ self.covariance @ gradient * (width / span) ** 2
        value = values[0] + width * share
        return float(value), float(np.sqrt(max(variance, 0.0)))


@dataclass(frozen=True, eq=False)
class _Seen:
    """The scores there are, with the place of each."""

    model: npt.NDArray[np.intp]
    benchmark: npt.NDArray[np.intp]
    score: Scores
    models: int
    benchmarks: int


def capability_fit(scores: Scores, seen: Mask, *, ridge: float) -> CapabilityFit | None:
    """Fit of (models, benchmarks) scores where `seen`; None if it never settles.

    Levenberg and Marquardt's steps with the analytic Jacobian. The ridge pulls
    C, D and ln(alpha) to 0, which fixes the axis that the scores leave open.
    """
    models, benchmarks = scores.shape
    where = np.nonzero(seen)
    data = _Seen(where[0], where[1], scores[where], models, benchmarks)
    place = _start(scores, seen)
    damping, loss = 1e-2, _loss(place, data, ridge)
    for step in range(1, STEPS + 1):
        residual, jacobian = _linear(place, data)
        curvature = jacobian.T @ jacobian + ridge * np.eye(len(place))
        slope = jacobian.T @ residual - ridge * place
        move = np.linalg.solve(curvature + damping * np.eye(len(place)), slope)
        tried = _loss(place + move, data, ridge)
        if tried > loss:
            damping *= 4
            if damping > 1e8:
                return None
            continue
        gain, place, loss = loss - tried, place + move, tried
        damping = max(damping / 8, 1e-12)
        if gain <= SETTLED * loss:
            return _settled(place, data, ridge, step)
    return None


def _start(scores: Scores, seen: Mask) -> Scores:
    """Logits of the means of rows and columns, slopes of 1."""
    held = np.where(seen, np.clip(scores, 0.02, 0.98), 0.0)
    rows = held.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    columns = held.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    ability = logit(np.clip(rows, 0.02, 0.98))
    difficulty = -logit(np.clip(columns, 0.02, 0.98))
    found: Scores = np.concatenate(
        [ability - ability.mean(), difficulty, np.zeros(scores.shape[1])]
    )
    return found


def _parts(place: Scores, data: _Seen) -> tuple[Scores, Scores, Scores]:
    """Expected scores, distances C - D and slopes, of each score there is."""
    ability = place[: data.models]
    difficulty = place[data.models : data.models + data.benchmarks]
    slope = np.exp(place[data.models + data.benchmarks :])[data.benchmark]
    distance = ability[data.model] - difficulty[data.benchmark]
    return expit(slope * distance), distance, slope


def _loss(place: Scores, data: _Seen, ridge: float) -> float:
    expected, _, _ = _parts(place, data)
    return float(
        np.square(data.score - expected).sum() + ridge * np.square(place).sum()
    )


def _linear(place: Scores, data: _Seen) -> tuple[Scores, Scores]:
    """(n,) residuals and (n, parameters) derivatives of the expected scores."""
    expected, distance, slope = _parts(place, data)
    steep = expected * (1 - expected) * slope
    jacobian = np.zeros((len(data.score), len(place)))
    rows = np.arange(len(data.score))
    jacobian[rows, data.model] = steep
    jacobian[rows, data.models + data.benchmark] = -steep
    jacobian[rows, data.models + data.benchmarks + data.benchmark] = steep * distance
    return data.score - expected, jacobian


def _settled(place: Scores, data: _Seen, ridge: float, steps: int) -> CapabilityFit:
    residual, jacobian = _linear(place, data)
    freedom = len(residual) - (len(place) - GAUGE)
    spread = float(np.sqrt(np.square(residual).sum() / max(freedom, 1)))
    inverse = np.linalg.inv(jacobian.T @ jacobian + ridge * np.eye(len(place)))
    leverage = np.einsum("ij,jk,ik->i", jacobian, inverse, jacobian, optimize=True)
    squares = np.square(residual / np.maximum(1 - leverage, LEAST_LEFT))
    covariance = inverse @ (jacobian.T * squares) @ jacobian @ inverse
    models, benchmarks = data.models, data.benchmarks
    return CapabilityFit(
        capability=place[:models],
        difficulty=place[models : models + benchmarks],
        slope=np.exp(place[models + benchmarks :]),
        covariance=covariance[:models, :models],
        spread=spread,
        freedom=freedom,
        steps=steps,
    )
