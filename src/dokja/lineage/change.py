"""What became of weights where the entries of two tables correspond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.lineage.explained_share import Part, share_of, sums_by_block
from dokja.lineage.layout import Matrix

BRAIN, HALF, SINGLE = 7, 10, 23
"""Bits after the leading one in the floats that checkpoints are stored in."""
LEAST_HALF = np.float32(2.0**-24)
"""Step between the smallest half-precision floats."""
BY_ROUNDING = 1.5
"""Times the energy of rounding that what is left over may hold."""
ABOVE_ROUNDING = 10.0
"""Times the energy of rounding from which a difference has a rank to speak of."""
SMALL = 0.25
"""Share of the entries that count as the smallest of their table."""


@dataclass(frozen=True, kw_only=True)
class TableChange:
    """One table of the candidate against the reference's."""

    equal: bool
    """Whether every value is the same, stored as it may be."""
    rounded: bool
    """Whether one side is the other stored in a float of fewer bits."""
    rank: int | None
    """Directions that the difference has above rounding; None where it has none
    above rounding or where they are no fewer than `side`."""
    side: int
    """Rows or columns looked at, whichever are fewer."""
    zeros: tuple[float, float]
    """Shares of exact zeros, the candidate's and the reference's."""
    kept: tuple[tuple[float, float], tuple[float, float]]
    """Of the reference's smallest and other entries: (held, there to hold)."""
    share: float
    """Of the candidate's entries, explained in place: their squared correlation."""
    size: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """The tables together."""

    tables: tuple[TableChange, ...]

    @property
    def same_values(self) -> bool:
        """Whether storing them anew explains every difference."""
        return bool(self.tables) and all(t.equal or t.rounded for t in self.tables)

    @property
    def touched(self) -> tuple[TableChange, ...]:
        """The tables that more than storing has changed."""
        return tuple(t for t in self.tables if not (t.equal or t.rounded))

    def low_rank(self, most: float) -> int | None:
        """The largest rank of a difference, where all are at most `most` of the side.

        None where nothing was touched.
        """
        touched = self.touched
        if not touched or any(
            t.rank is None or t.rank > most * t.side for t in touched
        ):
            return None
        return max(t.rank or 0 for t in touched)

    @property
    def zeros(self) -> tuple[float, float]:
        """Mean shares of exact zeros, the candidate's and the reference's."""
        count = max(1, len(self.tables))
        return (
            sum(t.zeros[0] for t in self.tables) / count,
            sum(t.zeros[1] for t in self.tables) / count,
        )

    @property
    def share(self) -> float:
        """The share of the candidate explained in place, by entries."""
        size = sum(t.size for t in self.tables)
        return sum(t.size * t.share for t in self.tables) / size if size else 0.0

    @property
    def slopes(self) -> tuple[float, float]:
        """What the candidate holds of the reference's smallest entries, and of others.

        Slopes of its entries on theirs.
        """
        found = []
        for part in (0, 1):
            held = sum(t.kept[part][0] for t in self.tables)
            whole = sum(t.kept[part][1] for t in self.tables)
            found.append(held / whole if whole else 0.0)
        return found[0], found[1]


def change_of(pairs: Iterable[tuple[Matrix, Matrix]]) -> Change:
    """What became of each pair of tables, the candidate's first."""
    return Change(tables=tuple(table_change(*pair) for pair in pairs))


def table_change(mine: Matrix, theirs: Matrix) -> TableChange:
    """What became of one table."""
    difference = mine - theirs
    steps = [_storage_steps(table) for table in (mine, theirs)]
    moved = float(np.square(difference, dtype=np.float64).sum())
    rounding = sum(float(np.square(one, dtype=np.float64).sum()) / 12 for one in steps)
    rank = None
    if moved > ABOVE_ROUNDING * rounding:
        rank = _rank(difference, BY_ROUNDING * rounding)
    return TableChange(
        equal=moved == 0.0,
        rounded=moved > 0.0 and _is_rounded(np.abs(difference), steps),
        rank=rank,
        side=min(difference.shape),
        zeros=(float(np.mean(mine == 0.0)), float(np.mean(theirs == 0.0))),
        kept=_kept(mine, theirs),
        share=share_of([Part(sums=sums_by_block(mine, theirs))]),
        size=mine.size,
    )


def _rank(difference: Matrix, rounding: float) -> int:
    """Singular values that rounding does not explain.

    What all others hold together is at most `rounding`.
    """
    short = difference if len(difference) <= difference.shape[1] else difference.T
    squares = np.linalg.eigvalsh(short.astype(np.float64) @ short.T)
    left_over = np.cumsum(np.maximum(squares, 0.0))
    return len(squares) - int(np.searchsorted(left_over, rounding, side="right"))


def _storage_steps(table: Matrix) -> Matrix:
    """What each value is rounded to by the float that holds them all."""
    bits = _storage_bits(table)
    _, exponents = np.frexp(table)
    steps: Matrix = np.ldexp(np.float32(1.0), exponents - 1 - bits)
    return np.maximum(steps, LEAST_HALF) if bits == HALF else steps


def _storage_bits(table: Matrix) -> int:
    stored = np.ascontiguousarray(table, dtype=np.float32)
    if not np.any(stored.view(np.uint32) & np.uint32(0xFFFF)):
        return BRAIN
    with np.errstate(over="ignore"):
        half = stored.astype(np.float16).astype(np.float32)
    return HALF if np.array_equal(half, stored) else SINGLE


def _is_rounded(apart: Matrix, steps: Sequence[Matrix]) -> bool:
    """Whether a float of fewer bits on one side explains every difference."""
    coarse = [float(one.max()) for one in steps]
    if coarse[0] == coarse[1]:
        return False
    return bool(np.all(apart <= steps[int(coarse[1] > coarse[0])]))


def _kept(
    mine: Matrix, theirs: Matrix
) -> tuple[tuple[float, float], tuple[float, float]]:
    sizes = np.abs(theirs)
    small = sizes <= np.quantile(sizes, SMALL)
    products = mine.astype(np.float64) * theirs
    squares = np.square(theirs, dtype=np.float64)
    found = [
        (float(products[part].sum()), float(squares[part].sum()))
        for part in (small, ~small)
    ]
    return found[0], found[1]
