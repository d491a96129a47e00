"""Gamma draws from Philox bits: the joint weight of votes that are alike.

Source: G. Marsaglia, W. W. Tsang, ACM Transactions on Mathematical Software
26:363 (2000), figure 1, with its squeeze; normals by inversion.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from dokja.evidence.seeds import open_unit
from dokja.statistics.clustered import Scores

BLOCK_CELLS = 1 << 15


def gamma_draws(seed: int, shapes: Scores, *, draws: int) -> Scores:
    """(cells, draws) of Gamma(shape, 1), a row for each shape of at least 1.

    A sum of as many standard exponentials as the shape says, without drawing
    each. What is refused is drawn again further along the stream, in blocks
    of rows whose size depends on `draws` alone.
    """
    stream = np.random.Philox(key=seed)
    found = np.empty((len(shapes), draws))
    rows = max(1, BLOCK_CELLS // draws)
    for start in range(0, len(shapes), rows):
        part = np.repeat(shapes[start : start + rows], draws)
        found[start : start + rows] = _block(stream, part).reshape(-1, draws)
    return found


def _block(stream: np.random.Philox, shapes: Scores) -> Scores:
    found, pending = _tried(stream, shapes)
    while len(pending):
        again, refused = _tried(stream, shapes[pending])
        found[pending] = again
        pending = pending[refused]
    return found


def _tried(
    stream: np.random.Philox, shapes: Scores
) -> tuple[Scores, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """One try for each shape, and the places where it is refused."""
    count = len(shapes)
    normal: Scores = ndtri(open_unit(stream.random_raw(count)))
    chance = open_unit(stream.random_raw(count))
    centre = shapes - 1 / 3
    cube = (1 + normal / np.sqrt(9 * centre)) ** 3
    square = normal * normal
    doubtful = np.flatnonzero(~(chance < 1 - 0.0331 * square * square) | (cube <= 0))
    volume = cube[doubtful]
    positive = np.where(volume > 0, volume, 1.0)
    bound = square[doubtful] / 2 + centre[doubtful] * (1 - volume + np.log(positive))
    refused = doubtful[(volume <= 0) | (np.log(chance[doubtful]) >= bound)]
    return centre * cube, refused
