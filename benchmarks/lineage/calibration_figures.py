"""What effects and p-values of pairs that share models amount to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import beta, kstest
from strangers import Names

from dokja.lineage.models_apart import upper_bound

PLACES = 6
LEVEL = 0.05


def effects(values: Sequence[float], pairs: Sequence[Names]) -> dict[str, Any]:
    """The distribution of the effects, and how much pairs share through models."""
    median, q95, q99 = np.quantile(values, (0.5, 0.95, 0.99))
    shared = shared_correlation(values, pairs)
    return {
        "highest": rounded(max(values)),
        "median": rounded(median),
        "q95": rounded(q95),
        "q99": rounded(q99),
        "shared_correlation": rounded(shared),
        "effective_pairs": round(effective_pairs(shared, pairs), 1),
    }


def shared_correlation(values: Sequence[float], pairs: Sequence[Names]) -> float:
    """The correlation of two pairs that have a model in common, 0 to .5.

    0 where pairs are as good as independent; .5 where a pair's value is the sum
    of something of either model, and nothing else.
    """
    centred = np.asarray(values, dtype=np.float64) - np.mean(values)
    square = float(np.mean(centred**2))
    sums: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(float)
    for value, pair in zip(centred, pairs, strict=True):
        for name in pair:
            sums[name] += value
            squares[name] += value * value
    products = sum(sums[name] ** 2 - squares[name] for name in sums)
    count = _neighbours(pairs)
    if not count or not square > 0.0:
        return 0.0
    return float(min(0.5, max(0.0, products / count / square)))


def effective_pairs(correlation: float, pairs: Sequence[Names]) -> float:
    """Independent pairs whose mean would be as sure as that of these.

    n pairs of m models, all of them: n at a correlation of 0, about m / 2 at .5.
    """
    return len(pairs) ** 2 / (len(pairs) + correlation * _neighbours(pairs))


def reached(
    values: Sequence[float], level: float, trials: tuple[int, float]
) -> dict[str, Any]:
    """How many values reach a level, and what no such value would show.

    `trials` are the disjoint pairs and the effective ones. Bounds only where no
    value does.
    """
    count = int(np.sum(np.asarray(values) >= level))
    bounds = {
        "bound_disjoint": upper_bound(trials[0]),
        "bound_effective": float(1.0 - LEVEL ** (1.0 / max(1.0, trials[1]))),
        "bound_if_independent": upper_bound(len(values)),
    }
    return {"level": level, "reached": count} | {
        name: None if count else rounded(bound) for name, bound in bounds.items()
    }


def uniformity(p_values: Sequence[float]) -> dict[str, Any]:
    """Kolmogorov-Smirnov against the uniform, and the rate at .05 with interval.

    The interval is Clopper and Pearson's. Under the null two pairs that share a
    model have independent p-values, as each is uniform whatever the shared model
    is: the rate has the variance of as many independent pairs.
    """
    found = kstest(p_values, "uniform")
    hits, n = int(np.sum(np.asarray(p_values) <= LEVEL)), len(p_values)
    low, high = clopper_pearson(hits, n)
    return {
        "n": n,
        "ks": rounded(found.statistic),
        "ks_p": rounded(found.pvalue),
        "rate_05": rounded(hits / n),
        "low": rounded(low),
        "high": rounded(high),
        "smallest": float(f"{min(p_values):.4g}"),
    }


def clopper_pearson(hits: int, n: int) -> tuple[float, float]:
    """The exact 95 % interval of a rate."""
    low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, n - hits + 1))
    high = 1.0 if hits == n else float(beta.ppf(0.975, hits + 1, n - hits))
    return low, high


def most_disjoint(pairs: Sequence[Names]) -> list[int]:
    """Places of pairs without a model in common, taken in the given order."""
    taken: set[str] = set()
    places: list[int] = []
    for place, pair in enumerate(pairs):
        if taken.isdisjoint(pair):
            taken.update(pair)
            places.append(place)
    return places


def rounded(value: float) -> float:
    """A figure in as many places as the table holds."""
    return round(float(value), PLACES)


def _neighbours(pairs: Sequence[Names]) -> int:
    """Ordered choices of two pairs that have a model in common."""
    degree: dict[str, int] = defaultdict(int)
    for pair in pairs:
        for name in pair:
            degree[name] += 1
    return sum(count * (count - 1) for count in degree.values())
