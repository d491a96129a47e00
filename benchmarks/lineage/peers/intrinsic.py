"""Intrinsic fingerprint: how the spread of attention weights runs along depth.

arXiv 2507.03014 (2025): the standard deviations of W_Q, W_K, W_V and W_O
by layer, standardised along depth, compared by Pearson's correlation and
averaged over the four. Ours: where depths differ the longer curve is read at
the shorter one's relative depths. The text gives no line, so nothing is named.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from decoder import Decoder, read
from pairs import Answer, NotComparable

KINDS = ("q_proj", "k_proj", "v_proj", "o_proj")
FEWEST = 3


def judge(candidate: Path, reference: Path) -> Answer:
    """The mean correlation of the four curves."""
    one, other = read(candidate), read(reference)
    points = min(len(one.layers), len(other.layers))
    if points < FEWEST:
        raise NotComparable("fewer than three layers make no curve")
    curves = [[_curve(model, kind, points) for kind in KINDS] for model in (one, other)]
    scores = [np.corrcoef(a, b)[0, 1] for a, b in zip(*curves, strict=True)]
    return Answer(score=float(np.mean(scores)), named=None, verdict="ranking only")


def _curve(model: Decoder, kind: str, points: int) -> np.ndarray:
    spreads = [float(layer[kind].std(dtype=np.float64)) for layer in model.layers]
    own = np.linspace(0.0, 1.0, len(spreads))
    return np.interp(np.linspace(0.0, 1.0, points), own, spreads)
