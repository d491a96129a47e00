"""Unconstrained test on gate and up activations (phi_MATCH), all layer pairs.

Zhu, Ahmed, Kuditipudi, Liang, ICML 2025, arXiv 2502.12292: the hidden units of
two layers are matched once by their gate's and once by their up projection's
activations on the same texts; that the two matches agree (Spearman) does not
depend on the order or basis of either model. The paper calls a layer pair
matched below 1e-4. Ours: the smallest p-value over all layer pairs, times their
number. Unequal widths match every unit of the narrower layer. Score: minus the
base-10 logarithm of that p. Named: p < 1e-6.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pairs import Answer
from statistic import Array, assigned, cosine, rank_log10_p
from texts import Runner, load_both, passages

THRESHOLD = -6.0
MATCHED = -4.0
TEXTS = 60
LENGTH = 128
ROWS = 16


def judge(candidate: Path, reference: Path) -> Answer:
    """The corrected p-value of the best layer pair, and the layer map."""
    one, other = load_both(candidate, reference)
    ids = one.blocks(passages(TEXTS), LENGTH)[:ROWS]
    left, right = _both(one, ids), _both(other, ids)
    logs = np.array([[_log10_p(a, b) for b in right] for a in left])
    best = min(0.0, float(logs.min()) + float(np.log10(logs.size)))
    nearest = logs.argmin(axis=1)
    layers = [int(j) if logs[i, j] < MATCHED else None for i, j in enumerate(nearest)]
    return Answer(
        score=-best,
        named=best < THRESHOLD,
        verdict=f"p = 1e{best:.1f}",
        detail={"layer_map": layers},
    )


def _both(model: Runner, ids: object) -> list[tuple[Array, Array]]:
    gates = model.activations(ids, "gate_proj")
    return list(zip(gates, model.activations(ids, "up_proj"), strict=True))


def _log10_p(one: tuple[Array, Array], other: tuple[Array, Array]) -> float:
    if len(one[0]) > len(other[0]):
        one, other = other, one
    gate, up = (assigned(cosine(a, b)) for a, b in zip(one, other, strict=True))
    return rank_log10_p(gate, up)
