"""Draws of weights: the official ones perturbed, and all weights alike."""

from __future__ import annotations

import numpy as np

from dokja.evidence.seeds import exponential_draws, seed_for, uniform_draws
from dokja.statistics.bayesian_bootstrap import Draws

ROUNDS = 64
"""Rounds of rejection; each accepts more than nine draws of ten."""


def uniform_weights(seed: int, *, draws: int, parts: int) -> Draws:
    """(parts, draws) weights, uniform over all that sum to one."""
    drawn = exponential_draws(seed, parts * draws).reshape(parts, draws)
    return np.asarray(drawn / drawn.sum(axis=0))


def perturbed_weights(seed: int, shapes: Draws, *, draws: int) -> Draws:
    """(parts, draws) Dirichlet(shapes) weights, from gamma draws."""
    drawn = np.stack(
        [
            gamma_draws(seed_for(str(seed), f"part/{part}"), float(shape), draws)
            for part, shape in enumerate(shapes)
        ]
    )
    return np.asarray(drawn / drawn.sum(axis=0))


def gamma_draws(seed: int, shape: float, count: int) -> Draws:
    """(count,) gamma draws of a shape, scale 1, from Philox bits alone.

    Source: G. Marsaglia, W. Tsang, A simple method for generating gamma
    variables, ACM TOMS 26 (2000), the boost for shapes below 1 included.
    """
    if shape < 1:
        boost = uniform_draws(seed_for(str(seed), "boost"), count) ** (1 / shape)
        return gamma_draws(seed, shape + 1, count) * boost
    d = shape - 1 / 3
    c = 1 / np.sqrt(9 * d)
    found: Draws = np.empty(count)
    left = count
    for round_number in range(ROUNDS):
        own = seed_for(str(seed), f"round/{round_number}")
        normal, uniform = _normals_and_uniforms(own, left)
        root = 1 + c * normal
        v, square = root * root * root, normal * normal
        # The squeeze accepts nearly all; only the rest needs logarithms.
        accepted = (v > 0) & (uniform < 1 - 0.0331 * square * square)
        rest = np.flatnonzero(~accepted & (v > 0))
        accepted[rest] = np.log(uniform[rest]) < square[rest] / 2 + d * (
            1 - v[rest] + np.log(v[rest])
        )
        taken = (d * v)[accepted]
        found[count - left : count - left + len(taken)] = taken
        left -= len(taken)
        if not left:
            break
    # 64 rounds of rejection all failing is beyond any draw that will be made.
    assert left == 0
    return found


def normal_draws(seed: int, count: int) -> Draws:
    """(count,) standard normals: both halves of the Box-Muller transform."""
    half = (count + 1) // 2
    uniform = uniform_draws(seed, 2 * half)
    radius, angle = np.sqrt(-2 * np.log(uniform[:half])), 2 * np.pi * uniform[half:]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count]


def _normals_and_uniforms(seed: int, count: int) -> tuple[Draws, Draws]:
    return (
        normal_draws(seed_for(str(seed), "normal"), count),
        uniform_draws(seed_for(str(seed), "uniform"), count),
    )
