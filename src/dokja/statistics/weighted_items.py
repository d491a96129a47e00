"""Ratios of sums and quantiles of items, under weights that all columns share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dokja.evidence.seeds import exponential_blocks
from dokja.statistics.bayesian_bootstrap import BLOCK_WORDS, Draws
from dokja.statistics.clustered import ClusterIndex, Scores


@dataclass(frozen=True, eq=False)
class ItemDraws:
    """What reweighting the items does to sums and quantiles of their columns."""

    sums: Draws
    """(draws, columns) weighted sums, of the columns that are summed."""
    quantiles: Draws
    """(draws, columns, levels), of the columns that are ranked."""


def item_draws(
    seed: int,
    clusters: ClusterIndex,
    *,
    summed: Scores,
    ranked: Scores,
    levels: tuple[float, ...],
    draws: int,
) -> ItemDraws:
    """Draws of sums and quantiles on one set of weights, an Exp(1) a cluster.

    Args: summed (n, c) and ranked (n, r), items in one order; c or r may be 0.
    Weights are drawn block by block and never held whole. Raises nothing: a
    quantile is always an item's own figure.
    """
    groups = clusters.groups
    totals = (
        np.stack(
            [np.bincount(clusters.codes, weights=c, minlength=groups) for c in summed.T]
        )
        if summed.shape[1]
        else np.zeros((0, groups))
    )
    orders = [np.argsort(column, kind="stable") for column in ranked.T]
    found = ItemDraws(
        np.empty((draws, summed.shape[1])),
        np.empty((draws, ranked.shape[1], len(levels))),
    )
    rows = max(1, BLOCK_WORDS // max(groups, clusters.items))
    start = 0
    for block in exponential_blocks(seed, draws * groups, size=rows * groups):
        weights = block.reshape(-1, groups)
        stop = start + len(weights)
        found.sums[start:stop] = np.einsum("du,cu->dc", weights, totals, optimize=False)
        for place, order in enumerate(orders):
            found.quantiles[start:stop, place] = _quantiles(
                weights[:, clusters.codes[order]], ranked[order, place], levels
            )
        start = stop
    return found


def quantile(values: Scores, level: float) -> float:
    """The least value at or below which a share of `level` lies."""
    return float(np.quantile(values, level, method="inverted_cdf"))


def _quantiles(weights: Draws, values: Scores, levels: tuple[float, ...]) -> Draws:
    """(draws, levels) quantiles of sorted (n,) values under (draws, n) weights."""
    reached = np.cumsum(weights, axis=1)
    found = np.empty((len(weights), len(levels)))
    for place, level in enumerate(levels):
        short = reached < level * reached[:, -1:]
        found[:, place] = values[np.count_nonzero(short, axis=1)]
    return found
