"""A sketch of an update: weights at coordinates that a tree head's root chose.

Whoever invents weights later cannot have known where they would be looked at, and
each coordinate has a bound of its own. A projection on axes, so it costs no pass
over the tensors, unlike a count-sketch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.training.values import SKETCHED

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


def coordinates(
    root: str, sizes: Sequence[int], count: int = SKETCHED
) -> tuple[Places, Places]:
    """(count,) index of the tensor and (count,) offset in it, drawn by the root.

    Each of the weights is as likely as any other; `sizes` are in the order of the
    list of first weights. A coordinate may come twice.
    """
    ends = np.cumsum(np.asarray(sizes, dtype=np.int64))
    if not len(ends) or ends[-1] < 1:
        empty = np.empty(0, dtype=np.int64)
        return empty, empty
    drawn = uniform_draws(seed_for("dokja-sketch/1", root), count)
    places = np.minimum((drawn * float(ends[-1])).astype(np.int64), ends[-1] - 1)
    tensors = np.searchsorted(ends, places, side="right")
    starts = ends - np.asarray(sizes, dtype=np.int64)
    return tensors, places - starts[tensors]


def adam_reach(beta1: float, beta2: float, steps: int) -> Array:
    """(steps,) most that Adam can move a weight at step 1, 2, …, in units of lr.

    By Cauchy-Schwarz on the two moving averages with bias correction:
    |m|/sqrt(v) <= (1-b1)/sqrt(1-b2) * sqrt(sum_k (b1^2/b2)^k) over the steps so
    far, times sqrt(1-b2^t)/(1-b1^t). Its running maximum, so that an optimizer
    whose state began anew is bounded too.
    """
    t = np.arange(1, steps + 1, dtype=np.float64)
    ratio = beta1 * beta1 / beta2
    series = t if ratio == 1.0 else (1 - ratio**t) / (1 - ratio)
    scale = (1 - beta1) / np.sqrt(1 - beta2)
    corrected = np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return np.maximum.accumulate(scale * np.sqrt(series) * corrected)


def budget(moves: Array, shrinks: Array) -> tuple[float, float]:
    """How far a weight may be from its start after the steps: a + b |start|.

    `moves` (s,) is lr times reach, `shrinks` (s,) lr times decoupled decay: a
    step takes |w| * shrink off and adds at most its move, so that a move is
    carried on by the shrinks of the steps after it.
    """
    if not len(moves):
        return 0.0, 0.0
    carried = np.cumprod((1 + shrinks)[::-1])[::-1]
    later = np.append(carried[1:], 1.0)
    return float(moves @ later), float(carried[0] - 1)
