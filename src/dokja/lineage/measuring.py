"""What one statistical test found, before any correction across tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from dokja.evidence.values import Text
from dokja.lineage.values import TensorClass

ROW_PRODUCTS = "token_gram"
"""The test of token tables through products of their own rows."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PairTable:
    """A statistic for every pair of a candidate and a reference layer."""

    effect: npt.NDArray[np.float64]
    """(candidate layers, reference layers)."""
    p_value: npt.NDArray[np.float64] | None
    """Corrected for the pairs searched; None for a test without p-values."""

    def best(self, row: int) -> int:
        """The reference layer closest to a candidate layer."""
        return int(np.argmax(self.effect[row]))


@dataclass(frozen=True, kw_only=True, eq=False)
class Measured:
    """One test of one tensor class.

    `p_value` is corrected for the layer pairs searched inside the test and
    for nothing else.
    """

    id: str
    tensor_class: TensorClass
    statistic: float
    effect: float
    p_value: float | None
    null: Text
    survives: Text
    pairs: PairTable | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Controlled:
    """One test with its controls, all made in the same pass."""

    measured: Measured
    strangers: tuple[float, ...]
    """Effects on known negatives."""
    descendant: float
    """Effect on a known descendant."""
    descendant_p: float | None
    """Its p-value, corrected for the layer pairs searched."""
    planted: Mapping[float, Measured] = field(default_factory=dict)
    """The test on candidates with a known share of the reference."""


@dataclass(frozen=True, kw_only=True)
class NotMeasured:
    """A test that could not be made, with the reason."""

    id: str
    tensor_class: TensorClass
    null: Text
    survives: Text
    reason: Text


def summary_effect(table: PairTable, least: float) -> float:
    """Mean effect over the layers that have a partner, else the largest one.

    `least` is the effect from which a layer counts as having one. Taking the
    largest where none has keeps known-negatives comparable with the search
    that the candidate went through.
    """
    best = table.effect.max(axis=1)
    found = best[best >= least]
    return float(found.mean()) if found.size else float(best.max())
