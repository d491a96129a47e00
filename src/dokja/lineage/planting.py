"""Candidates with a known share of the reference: how little would be found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from dokja.lineage.layer_sample import LayerSample
from dokja.lineage.layout import Matrix


def mixed_samples(
    mine: LayerSample, theirs: LayerSample, shares: Sequence[float]
) -> Iterator[tuple[float, LayerSample]]:
    """The candidate's tables with each share of their variance from the reference."""
    if any(
        role not in theirs.tables or theirs.tables[role].shape != table.shape
        for role, table in mine.tables.items()
    ):
        return
    mixtures = {
        role: mixture(table, theirs.tables[role]) for role, table in mine.tables.items()
    }
    for share in shares:
        yield (
            share,
            LayerSample(
                tables={role: mix(share) for role, mix in mixtures.items()},
                of=mine.of,
                roles=mine.roles,
                edges=mine.edges,
                grams={},
                asked={},
                heads=None,
                silent={},
            ),
        )


def mixture(candidate: Matrix, reference: Matrix) -> Callable[[float], Matrix]:
    """Gives the candidate with a share of its variance taken from the reference."""
    mine = candidate - candidate.mean(dtype=np.float64)
    theirs = reference - reference.mean(dtype=np.float64)
    ratio = float(mine.std()) / (float(theirs.std()) or 1.0)

    def mix(share: float) -> Matrix:
        mixed = np.sqrt(1.0 - share) * mine + np.sqrt(share) * ratio * theirs
        return np.asarray(mixed, dtype=np.float32)

    return mix
