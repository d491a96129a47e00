"""Products of a candidate's tables with those of its parents, block by block.

Whatever is fitted later is computed from these sums alone, so that tables add
up in any grouping, and a block of rows is left out at no cost.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.lineage.layout import Indices

Matrix = npt.NDArray[np.float64]

SAME = 1e-7
"""Deviation of the parents from one another, in their own, below which they
are one table to float32."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Sums:
    """Products of columns over blocks of rows, added over tables.

    Columns: the origin, each parent's difference from it, the candidate's; then
    the same again for each control, with the rows in another order.
    """

    products: Matrix
    """(blocks, columns, columns)."""
    values: int
    """Weights of the candidate that entered."""
    parents: int
    from_ancestor: bool
    """Whether the origin is an ancestor, and differences are what is fitted."""

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            products=self.products + other.products,
            values=self.values + other.values,
            parents=self.parents,
            from_ancestor=self.from_ancestor,
        )

    @property
    def controls(self) -> range:
        """Numbers of the shuffled orders; 0 is the order as stored."""
        return range(1, self.products.shape[1] // (self.parents + 2))

    def columns(self, order: int = 0) -> tuple[Matrix, Matrix]:
        """(parents, columns) and (columns,): parents and candidate in columns."""
        step = self.parents + 2
        rows = np.eye(self.products.shape[1])[order * step : (order + 1) * step]
        parents, candidate = rows[1:-1].copy(), rows[-1].copy()
        if not self.from_ancestor:
            # The tables themselves: a free scale is the sum of the weights.
            parents += rows[0]
            candidate += rows[0]
        return parents, candidate


def sums_of(
    candidate: Matrix,
    parents: Sequence[Matrix],
    ancestor: Matrix | None,
    orders: Sequence[Indices],
    blocks: int,
) -> Sums | None:
    """The products of one table; None where the parents do not differ in it.

    All matrices are (units, channels); `orders` are the controls' orders of
    units. The mean of each channel is taken out: any two models share some of
    it. Without an ancestor the parents' mean is the origin. Each table is
    divided by the parents' deviation from their mean, so that tables of small
    weights count as much as others.
    """
    tables = [_centred(table) for table in (candidate, *parents)]
    mean = np.mean(tables[1:], axis=0)
    origin = mean if ancestor is None else _centred(ancestor)
    spread = float(np.sqrt(np.mean([(p - mean) ** 2 for p in tables[1:]])))
    if not spread > SAME * float(np.sqrt(np.mean(mean * mean))):
        return None
    mine, *theirs = [(table - origin) / spread for table in tables]
    stored = np.stack([origin / spread, *theirs, mine])
    count = len(stored) * (1 + len(orders))
    products = np.zeros((blocks, count, count))
    for block in range(blocks):
        rows = np.arange(block, stored.shape[1], blocks)
        shuffled = [stored[:, order[rows]] for order in orders]
        part = np.concatenate([stored[:, rows], *shuffled]).reshape(count, -1)
        products[block] = part @ part.T
    return Sums(
        products=products,
        values=candidate.size,
        parents=len(parents),
        from_ancestor=ancestor is not None,
    )


def added(found: Iterable[Sums | None]) -> Sums | None:
    """All of them together, None where there are none."""
    total: Sums | None = None
    for one in found:
        if one is not None:
            total = one if total is None else total + one
    return total


def _centred(table: Matrix) -> Matrix:
    centred: Matrix = table - table.mean(axis=0, keepdims=True)
    return centred
