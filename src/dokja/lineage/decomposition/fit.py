"""A candidate's tables fitted by its parents': weights, intervals, controls.

Least squares under the sign constraint: Lawson and Hanson, Solving Least
Squares Problems (1974), chapter 23. Delete-a-group jackknife: Kott, Journal
of Official Statistics 17 (2001), 521-526.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls
from scipy.stats import t as student_t

from dokja.lineage.decomposition.sums import Matrix, Sums
from dokja.lineage.decomposition.values import DecompositionRules

LARGEST_CONDITION = 1e12
"""Beyond it the weights are rounding errors of float64."""
NOT_MOVED = 1e-12
"""Sum of squares of a parent's difference, in the largest, that is none."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """One least-squares fit of a candidate by its parents."""

    weights: Matrix
    """(parents,); 0 for a parent that is the ancestor here."""
    half_widths: Matrix
    """(parents,) of the corrected 95 % intervals."""
    unmoved: tuple[int, ...]
    """Parents equal to the ancestor here, whose weight nothing can tell."""
    used: tuple[int, ...]
    signed: bool
    explained_single: float
    explained_joint: float
    gain: float
    unexplained: float | None
    control_weight: float
    planted_error: float
    condition: float
    nearest: int | None
    """The parent that the candidate is within half the distance of, if any."""
    values: int
    from_ancestor: bool


def fit(sums: Sums, rules: DecompositionRules) -> Fit | None:
    """The weights with all that judges them; None where they are not identified."""
    total = sums.products.sum(axis=0)
    parents, target = sums.columns()
    own = np.diag(parents @ total @ parents.T)
    moved = own > NOT_MOVED * own.max()
    if not moved.any():
        return None
    design = parents[moved]
    condition = _condition(design @ total @ design.T)
    if not condition <= LARGEST_CONDITION:
        return None
    weights, half = np.zeros(len(parents)), np.zeros(len(parents))
    free = _solved(total, design, target, signed=True)
    half[moved] = _half_widths(sums, design, target)
    signed = bool((free + half[moved] < -rules.weight_minimum).any())
    weights[moved] = free if signed else _solved(total, design, target, signed=False)
    control = _control_weight(sums, total, moved)
    size = np.abs(weights)
    large = (size >= rules.weight_minimum) & (size - half > control)
    used = tuple(int(k) for k in np.flatnonzero(large & moved))
    whole = _left(total, target)
    single = min(_single(total, row, target) for row in design)
    joint = min(single, _left(total, target - weights @ parents))
    distances = _distances(sums, total)
    floor = _unseen_ancestor(weights, used, distances)
    return Fit(
        weights=weights,
        half_widths=half,
        unmoved=tuple(int(k) for k in np.flatnonzero(~moved)),
        used=used,
        signed=signed,
        explained_single=1.0 - single / whole if whole > 0.0 else 0.0,
        explained_joint=1.0 - joint / whole if whole > 0.0 else 0.0,
        gain=_gain(single, joint, whole, distances),
        unexplained=joint / floor if floor > 0.0 else None,
        control_weight=control,
        planted_error=_planted_error(sums, total, weights, moved),
        condition=condition,
        nearest=_nearest(sums, total, distances),
        values=sums.values,
        from_ancestor=sums.from_ancestor,
    )


def _half_widths(sums: Sums, design: Matrix, target: Matrix) -> Matrix:
    """(rows of design,) of the intervals, from fits without sign constraint.

    A weight held at 0 by the constraint would otherwise look exact.
    """
    total = sums.products.sum(axis=0)
    filled = [block for block in sums.products if np.trace(block) > 0.0]
    groups = len(filled)
    if groups < 2:
        return np.full(len(design), np.inf)
    left_out = np.stack(
        [_solved(total - block, design, target, signed=True) for block in filled]
    )
    around = left_out - left_out.mean(axis=0)
    error = np.sqrt((groups - 1) / groups * np.sum(around * around, axis=0))
    factor = float(student_t.ppf(1.0 - 0.025 / len(design), groups - 1))
    half: Matrix = factor * error
    return half


def _solved(total: Matrix, design: Matrix, target: Matrix, *, signed: bool) -> Matrix:
    """(rows of design,) least-squares weights, at least 0 unless signed."""
    gram, wanted = design @ total @ design.T, design @ total @ target
    scale = np.sqrt(np.maximum(np.diag(gram), np.finfo(float).tiny))
    values, vectors = np.linalg.eigh(gram / np.outer(scale, scale))
    kept = values > values[-1] / LARGEST_CONDITION
    root = np.sqrt(values[kept])[:, None] * vectors[:, kept].T
    sought = (vectors[:, kept].T @ (wanted / scale)) / np.sqrt(values[kept])
    if signed:
        found = np.linalg.lstsq(root, sought, rcond=None)[0]
    else:
        found = nnls(root, sought)[0]
    weights: Matrix = found / scale
    return weights


def _control_weight(sums: Sums, total: Matrix, moved: npt.NDArray[np.bool_]) -> float:
    """The largest weight of parents with shuffled rows, fitted beside the true."""
    parents, target = sums.columns()
    found = [0.0]
    for order in sums.controls:
        strangers = sums.columns(order)[0][moved]
        design = np.concatenate([parents[moved], strangers])
        weights = _solved(total, design, target, signed=True)
        found.append(float(np.abs(weights[-len(strangers) :]).max()))
    return max(found)


def _planted_error(
    sums: Sums, total: Matrix, weights: Matrix, moved: npt.NDArray[np.bool_]
) -> float:
    """The most by which known weights are missed, under what the fit left.

    The planted mixture holds its parents as 1 : 2 : …, and in place of noise the
    rest that this fit leaves, its rows shuffled.
    """
    parents = sums.columns()[0]
    shares = np.cumsum(moved) * moved
    shares = shares / shares.sum()
    found = [0.0]
    for order in sums.controls:
        shuffled, candidate = sums.columns(order)
        planted = shares @ parents + (candidate - weights @ shuffled)
        again = _solved(total, parents[moved], planted, signed=False)
        found.append(float(np.abs(again - shares[moved]).max()))
    return max(found)


def _single(total: Matrix, row: Matrix, target: Matrix) -> float:
    """What one parent at its best weight of at least 0 leaves."""
    own = float(row @ total @ row)
    weight = max(0.0, float(row @ total @ target) / own) if own > 0.0 else 0.0
    return _left(total, target - weight * row)


def _gain(single: float, joint: float, whole: float, distances: Matrix) -> float:
    """0 where a single parent leaves nothing but rounding."""
    if single <= 1e-12 * max(whole, float(distances.max())):
        return 0.0
    return (single - joint) / single


def _left(total: Matrix, combination: Matrix) -> float:
    """Sum of squares of a combination of the columns."""
    return max(0.0, float(combination @ total @ combination))


def _condition(gram: Matrix) -> float:
    scale = np.sqrt(np.diag(gram))
    values = np.linalg.eigvalsh(gram / np.outer(scale, scale))
    return float(values[-1] / values[0]) if values[0] > 0.0 else float("inf")


def _distances(sums: Sums, total: Matrix) -> Matrix:
    """(parents, parents) sums of squared differences."""
    parents = sums.columns()[0]
    apart = parents[:, None] - parents[None, :]
    found: Matrix = np.einsum("ijk,kl,ijl->ij", apart, total, apart)
    return np.maximum(0.0, found)


def _unseen_ancestor(
    weights: Matrix, used: tuple[int, ...], distances: Matrix
) -> float:
    """What the fit would leave, had the candidate only an ancestor in common.

    Let parents be a + d_k with departures orthogonal to one another. The
    affine fit of `a` has w_k proportional to 1/|d_k|² and leaves 1/Σ1/|d_k|²,
    which is Σ_{i<j} w_i w_j |x_i - x_j|² / (n - 1). A sibling of the parents
    leaves that and its own departure; common departures only add to it.
    """
    if len(used) < 2:
        return 0.0
    shares = np.abs(weights[list(used)])
    shares = shares / shares.sum()
    apart = distances[np.ix_(used, used)]
    return float(shares @ apart @ shares) / 2.0 / (len(used) - 1)


def _nearest(sums: Sums, total: Matrix, distances: Matrix) -> int | None:
    """The parent that the candidate is nearer to than half way to any other."""
    parents, target = sums.columns()
    away = [_left(total, target - row) for row in parents]
    near = int(np.argmin(away))
    others = np.delete(distances[near], near)
    return near if away[near] <= float(others.min()) / 4.0 else None
