"""Whether weights lie on a grid, as rounding to a few bits leaves them.

A quantiser rounds the weights of a row, or of a group of 16 to 256 neighbours,
to multiples of one step, however the result is stored afterwards. Sixteen
neighbours show it: there is a step whose multiples, shifted by one offset, they
all nearly are. Types of few bits whose values are spaced unevenly (eight-bit
floats, NF4) show in that neighbours often hold equal values. Storing in 16-bit
floats does neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.lineage.draws import Draws
from dokja.lineage.layout import Indices, Matrix, Table, take
from dokja.lineage.values import RelationRules
from dokja.submission.ports import Checkpoint

RUN = 16
"""Neighbouring weights that are held against one grid: the smallest group that
the quantisers of GGUF use."""
WIDE_RUN = 64
"""Neighbouring weights among which equal values are counted."""
RUNS = 32
"""Runs looked at of each table, along each of its axes."""
LEAST_RUNS = 8
LIVING = 0.75
"""Least share of weights in a run that are not zero: cut weights are no grid."""
FINEST = 256
"""Most steps between the ends of a run: eight bits."""
CYCLE_PARTS = 4
"""Candidates for the step tried for each further step between the ends."""
NEAR_BEST = 0.97
"""Of the best fit, what the coarsest step has to reach: its halves fit as well."""

Spot = tuple[Indices, Indices]
"""Units and channels of one corner of a table."""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """How well the neighbouring weights of one table lie on grids of their own."""

    fit: float
    """0 to 1: length of the mean of exp(2 pi i w / step), the best step's, in
    the median run."""
    levels: float
    """Values of the grid between the ends of a run, in the upper tenth of runs."""
    distinct: float
    """Share of a wide run's weights that are different values, in the median."""
    rounding: float | None
    """Root mean square of what the other model's weights differ by, in steps;
    None where its weights do not correspond in place."""

    def even(self, rules: RelationRules) -> bool:
        """Whether the weights are multiples of a step."""
        return self.fit >= rules.lattice_fit

    def on_grid(self, rules: RelationRules) -> bool:
        """Whether few bits explain the weights, evenly spaced or not."""
        return self.even(rules) or self.distinct <= rules.lattice_distinct


def grid_of(
    table: Table, checkpoint: Checkpoint, other: tuple[Table, Checkpoint] | None,
    draws: Draws,
) -> Grid | None:  # fmt: skip
    """The grid of a table, by runs along units and along channels.

    `other` is the other model's table where entries correspond. None where no
    axis has enough living weights.
    """
    found = [
        grid
        for spot, turned in _spots(table, draws)
        if (grid := _along(_read(table, checkpoint, spot, turned=turned),
                           other and _read(*other, spot, turned=turned))) is not None
    ]  # fmt: skip
    return max(found, key=lambda grid: (grid.fit, -grid.distinct), default=None)


def fitted(runs: Matrix) -> tuple[Matrix, Matrix]:
    """(runs,) the fit of each run's best step, and the steps between its ends.

    Zeros are left out; runs are (count, neighbours).
    """
    living = (runs != 0.0).astype(np.float32)
    low = np.where(living > 0, runs, np.inf).min(axis=1, keepdims=True)
    high = np.where(living > 0, runs, -np.inf).max(axis=1, keepdims=True)
    places = (runs - low) / (high - low)
    steps = np.arange(2 * CYCLE_PARTS, FINEST * CYCLE_PARTS, dtype=np.float32)
    steps /= CYCLE_PARTS
    angles = np.float32(2.0 * np.pi) * places.astype(np.float32)[:, None, :]
    angles = angles * steps[None, :, None]
    real, imaginary = (
        np.einsum("rsn,rn->rs", wave(angles), living) for wave in (np.cos, np.sin)
    )
    fits = np.hypot(real, imaginary) / living.sum(axis=1, keepdims=True)
    best = fits.max(axis=1)
    coarsest = np.argmax(fits >= NEAR_BEST * best[:, None], axis=1)
    return best, steps[coarsest]


def _spots(table: Table, draws: Draws) -> Iterable[tuple[Spot, bool]]:
    """Corners that hold long runs along the channels, then along the units."""
    for turned in (False, True):
        across, along = table.shape[::-1] if turned else table.shape
        if along < RUN:
            continue
        lines = draws.some("lines of a grid", across, RUNS)
        blocks = along // WIDE_RUN or 1
        start = int(draws.order("place on a grid", blocks)[0]) * WIDE_RUN
        run = np.arange(start, min(start + WIDE_RUN, along))
        yield ((run, lines) if turned else (lines, run)), turned


def _read(table: Table, checkpoint: Checkpoint, spot: Spot, *, turned: bool) -> Matrix:
    corner = take(checkpoint, table, *spot)
    return corner.T if turned else corner


def _along(corner: Matrix, other: Matrix | None) -> Grid | None:
    """The grid of (lines, neighbours) weights."""
    lines, length = corner.shape
    kept = corner[:, : length // RUN * RUN].reshape(-1, RUN)
    # One run of each line, at another place in each.
    first = np.arange(lines) * (length // RUN) + np.arange(lines) % (length // RUN)
    runs = kept[first]
    spread = runs.max(axis=1) > runs.min(axis=1)
    living = np.mean(runs != 0.0, axis=1) >= LIVING
    chosen = np.flatnonzero(spread & living)
    if len(chosen) < LEAST_RUNS:
        return None
    runs = runs[chosen]
    fits, steps = fitted(runs)
    rounding = None
    if other is not None:
        theirs = other[:, : length // RUN * RUN].reshape(-1, RUN)[first][chosen]
        rounding = _in_steps(runs, theirs, steps)
    return Grid(
        fit=float(np.median(fits)),
        levels=float(np.quantile(steps, 0.9)) + 1.0,
        distinct=_distinct(corner),
        rounding=rounding,
    )


def _in_steps(runs: Matrix, theirs: Matrix, steps: Matrix) -> float:
    """What two tables differ by, in steps of the first: rounding leaves 0.29."""
    step = (runs.max(axis=1) - runs.min(axis=1)) / steps
    apart = np.sqrt(np.mean(np.square(runs - theirs), axis=1)) / step
    return float(np.median(apart))


def _distinct(corner: Matrix) -> float:
    """Share of a line's living weights that are different values."""
    shares = [
        len(np.unique(living)) / len(living)
        for line in corner
        if len(living := line[line != 0.0]) >= RUN
    ]
    return float(np.median(shares)) if shares else 1.0


def most_on_grid(grids: Sequence[Grid], rules: RelationRules) -> bool:
    """Whether enough tables lie on grids for the model to have been rounded."""
    lying = [grid.on_grid(rules) for grid in grids]
    return bool(lying) and sum(lying) >= rules.lattice_tables * len(lying)
