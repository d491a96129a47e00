"""Which layer of each parent a layer of the candidate is fitted by.

A merge that stacks layers of its parents moves them to other places. In the
basis as stored, a layer resembles the one it came from and hardly any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dokja.lineage.decomposition.values import DecompositionRules
from dokja.lineage.draws import Draws
from dokja.lineage.layout import Layout, Table, take
from dokja.lineage.roles import CLASS_OF, Role
from dokja.submission.ports import Checkpoint

Sketch = Mapping[tuple[Role, tuple[int, int]], npt.NDArray[np.float32]]
"""Drawn values of a layer's tables by role and shape, of length 1 each."""
Matrix = npt.NDArray[np.float64]

CLEARLY = 6.0
"""Standard errors by which another layer must be nearer than the one in the same
place; there are thousands of pairs of layers to be wrong about."""


def sketch_layer(
    number: int,
    *,
    model: tuple[Checkpoint, Layout],
    draws: Draws,
    rules: DecompositionRules,
) -> Sketch:
    """A work item: a few drawn values of each table of one layer.

    Raises: InvalidInput where one of them is NaN or infinite.
    """
    checkpoint, layout = model
    found = {}
    for role, table in layout.layers[number].items():
        if role not in CLASS_OF:
            continue
        values = _drawn(checkpoint, table, draws, rules)
        values -= values.mean(axis=0, keepdims=True)
        length = float(np.linalg.norm(values))
        if length > 0.0:
            found[role, table.shape] = (values / np.float32(length)).ravel()
    return found


def partners_of(
    mine: Sequence[Sketch], theirs: Sequence[Sequence[Sketch]], *, together: bool
) -> tuple[tuple[int | None, ...], ...]:
    """For each layer of the candidate, its partner in each other model.

    None in a model without layers. With `together` the others, of equal depth,
    share one choice: differences between them are of one place only.
    """
    pairs = [_resemblance(mine, other) for other in theirs]
    if together:
        total = np.sum([found for found, _ in pairs], axis=0)
        chosen = _chosen(total, len(pairs) ** 0.5 * max(error for _, error in pairs))
        return tuple((partner,) * len(pairs) for partner in chosen)
    each = [_chosen(found, error) for found, error in pairs]
    return tuple(zip(*each, strict=True))


def _drawn(
    checkpoint: Checkpoint, table: Table, draws: Draws, rules: DecompositionRules
) -> npt.NDArray[np.float32]:
    units = draws.some(
        f"partner units {table.role.value}", table.shape[0], rules.partner_units
    )
    channels = draws.some("partner channels", table.shape[1], rules.partner_channels)
    whole = len(channels) == table.shape[1]
    return take(checkpoint, table, units, None if whole else channels).astype("f4")


def _resemblance(
    mine: Sequence[Sketch], theirs: Sequence[Sketch]
) -> tuple[Matrix, float]:
    """(layers, layers) mean correlations over shared tables, and their error."""
    total = np.zeros((len(mine), len(theirs)))
    shared = np.zeros_like(total)
    values = 1.0
    for key in sorted({key for sketch in mine for key in sketch}):
        rows = [i for i, sketch in enumerate(mine) if key in sketch]
        columns = [j for j, sketch in enumerate(theirs) if key in sketch]
        if not columns:
            continue
        left = np.stack([mine[i][key] for i in rows])
        right = np.stack([theirs[j][key] for j in columns])
        total[np.ix_(rows, columns)] += left @ right.T
        shared[np.ix_(rows, columns)] += 1.0
        values += left.shape[1]
    return total / np.maximum(shared, 1.0), values**-0.5


def _chosen(found: Matrix, error: float) -> list[int | None]:
    if not found.shape[1]:
        return [None] * len(found)
    best = [int(np.argmax(row)) for row in found]
    if found.shape[0] != found.shape[1]:
        return list(best)
    return [
        partner if found[i, partner] - found[i, i] > CLEARLY * error else i
        for i, partner in enumerate(best)
    ]
