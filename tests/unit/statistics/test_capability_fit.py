"""The latent scale finds what it was made with, and says how well."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import least_squares
from scipy.special import expit, ndtri, stdtrit

from dokja.evidence.seeds import uniform_draws
from dokja.statistics.capability_fit import (
    CapabilityFit,
    _linear,
    _loss,
    _Seen,
    capability_fit,
)
from dokja.statistics.clustered import Mask, Scores

MODELS, BENCHMARKS = 25, 15
RIDGE = 1e-3


def _made(seed: int, noise: float = 0.02) -> tuple[Scores, Scores, Mask]:
    """Abilities, scores with noise, and which of them there are: 70 %."""
    drawn = [ndtri(uniform_draws(10 * seed + k, n)) for k, n in enumerate((25, 15, 15))]
    ability, difficulty, slope = 1.2 * np.sort(drawn[0]), drawn[1], drawn[2]
    expected = expit(np.exp(0.2 + 0.35 * slope) * (ability[:, None] - difficulty))
    size = MODELS * BENCHMARKS
    spread = ndtri(uniform_draws(10 * seed + 5, size)).reshape(expected.shape)
    seen = uniform_draws(10 * seed + 6, size).reshape(expected.shape) > 0.3
    return ability, expected + noise * spread, seen


def _fit(scores: Scores, seen: Mask) -> CapabilityFit:
    found = capability_fit(scores, seen, ridge=RIDGE)
    assert found is not None
    return found


def test_abilities_are_found_again() -> None:
    """Correlation .999 of 25 models on 15 benchmarks with 30 % missing."""
    correlations = []
    for seed in range(10):
        ability, scores, seen = _made(seed)
        correlations.append(np.corrcoef(ability, _fit(scores, seen).capability)[0, 1])
    assert np.median(correlations) > 0.999
    assert min(correlations) > 0.98


def test_the_jacobian_is_that_of_the_model() -> None:
    """Against central differences; a wrong one would still settle, elsewhere."""
    _, scores, seen = _made(1)
    where = np.nonzero(seen)
    data = _Seen(where[0], where[1], scores[where], MODELS, BENCHMARKS)
    place = 0.5 * ndtri(uniform_draws(9, MODELS + 2 * BENCHMARKS))
    _, jacobian = _linear(place, data)
    for parameter in (0, 12, MODELS, MODELS + 14, MODELS + BENCHMARKS + 3):
        step = np.zeros(len(place))
        step[parameter] = 1e-6
        # Residuals fall as expected scores rise.
        numeric = (_linear(place - step, data)[0] - _linear(place + step, data)[0]) / (
            2e-6
        )
        assert jacobian[:, parameter] == pytest.approx(numeric, abs=1e-8)


def test_no_other_method_finds_a_better_fit() -> None:
    """Held against scipy's trust region, from the settled place and from nowhere."""
    _, scores, seen = _made(2)
    where = np.nonzero(seen)
    data = _Seen(where[0], where[1], scores[where], MODELS, BENCHMARKS)
    found = _fit(scores, seen)
    place = np.concatenate([found.capability, found.difficulty, np.log(found.slope)])

    def residuals(parameters: Scores) -> Scores:
        pull = np.sqrt(RIDGE) * parameters
        return np.concatenate([_linear(parameters, data)[0], pull])

    for start in (place, np.zeros(len(place))):
        other = least_squares(residuals, start, xtol=1e-12, ftol=1e-12, gtol=1e-12)
        assert _loss(place, data, RIDGE) <= 2 * other.cost * (1 + 1e-6)


def test_anchors_fix_the_scale_and_nothing_else_moves_it() -> None:
    """Anchors have their values without error; the rest keeps its order."""
    _, scores, seen = _made(3)
    found = _fit(scores, seen)
    assert found.on_scale(5, (5, 20), (130.0, 150.0)) == (130.0, 0.0)
    value, error = found.on_scale(20, (5, 20), (130.0, 150.0))
    assert value == pytest.approx(150.0)
    assert error == pytest.approx(0.0, abs=1e-9)
    placed = [found.on_scale(m, (5, 20), (130.0, 150.0))[0] for m in range(MODELS)]
    assert np.argsort(placed).tolist() == np.argsort(found.capability).tolist()


def test_errors_cover_what_the_scores_were_made_with() -> None:
    """93 to 97 of 100, over models below, between and above the anchors."""
    held, tried = 0, 0
    for seed in range(120):
        ability, scores, seen = _made(100 + seed)
        found = _fit(scores, seen)
        width = float(stdtrit(found.freedom, 0.975))
        span = ability[20] - ability[5]
        for model in (0, 2, 8, 12, 16, 22, 24):
            value, error = found.on_scale(model, (5, 20), (130.0, 150.0))
            truth = 130 + 20 * (ability[model] - ability[5]) / span
            held += abs(value - truth) <= width * error
            tried += 1
    assert 0.93 <= held / tried <= 0.97


def test_anchors_of_one_ability_give_no_scale() -> None:
    """Dividing by nothing would place the teams anywhere."""
    _, scores, seen = _made(4)
    with pytest.raises(ValueError, match="same ability"):
        _fit(scores, seen).on_scale(0, (5, 5), (130.0, 150.0))
