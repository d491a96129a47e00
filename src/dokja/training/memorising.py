"""What each segment learned by heart: loss drops on its own data against others'.

Source: Choi, Shavit and Duvenaud, Tools for Verifying Neural Models' Training Data,
arXiv 2307.00682, section 4: data that was just trained on drops further than data of
the same source that was not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Memory:
    """How clearly one segment remembers its own data."""

    z: float
    """Difference of mean drops over its standard error."""
    auc: float
    """Chance that an own sequence dropped further than one held out."""
    is_own: bool
    """Whether its data dropped furthest in it, of all segments looked at."""


def memory(own: Array, held_out: Array, *, number: int) -> Memory:
    """How well segment `number` remembers its data.

    `own` (segments, n) holds the drops of its data in each segment, `held_out`
    (segments, m) those of data that nobody trained on.
    """
    excess = own.mean(axis=1) - held_out.mean(axis=1)
    mine, others = own[number], held_out[number]
    error = np.sqrt(mine.var(ddof=1) / len(mine) + others.var(ddof=1) / len(others))
    z = float(excess[number] / error) if error > 0 else 0.0
    above = (mine[:, None] > others[None, :]).mean()
    level = (mine[:, None] == others[None, :]).mean()
    return Memory(
        z=z,
        auc=float(above + level / 2),
        is_own=int(np.argmax(excess)) == number,
    )
