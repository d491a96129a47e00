"""The numbers of the page: how well scores and verdicts part descent from none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from records import LOWEST, Record
from scipy.stats import beta, rankdata

CONFIDENCE = 0.95


def area(derived: Sequence[Record], independent: Sequence[Record]) -> float | None:
    """The chance that a derived pair scores above an independent one, ties half.

    Mann and Whitney 1947; None where either side is empty.
    """
    if not derived or not independent:
        return None
    ranks = rankdata([record.rank for record in (*derived, *independent)])
    n, m = len(derived), len(independent)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))


def above_all(derived: Sequence[Record], independent: Sequence[Record]) -> list[Record]:
    """The derived pairs that score above every independent one."""
    highest = max((record.rank for record in independent), default=LOWEST)
    return [record for record in derived if record.rank > highest]


def named(records: Sequence[Record]) -> int | None:
    """How many are called descendants; None where the method draws no line."""
    said = [record.named for record in records if record.named is not None]
    return sum(said) if said else None


def interval(hits: int, of: int) -> tuple[float, float]:
    """The two-sided 95 % interval of a rate (Clopper and Pearson 1934)."""
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(1 - tail, hits + 1, of - hits)) if hits < of else 1.0
    return low, high


def middle(values: Sequence[float | None]) -> float | None:
    """The median of the values that are there."""
    kept = [value for value in values if value is not None]
    return float(np.median(kept)) if kept else None


def highest(values: Sequence[float | None]) -> float | None:
    """The greatest of the values that are there."""
    return max((value for value in values if value is not None), default=None)
