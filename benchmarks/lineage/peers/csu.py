"""Constrained test on the MLP's up projection (phi_U), Fisher's sum over layers.

Zhu, Ahmed, Kuditipudi, Liang, "Independence Tests for Language Models", ICML
2025, arXiv 2502.12292: in each layer the rows of the two up projections are
matched by assignment on their cosines, and Spearman's correlation of the match
with the identity has a known law where the hidden units carry no common order.
Score: minus the base-10 logarithm of p. Named: p < 1e-6. Both need equal shapes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from decoder import read
from pairs import Answer, NotComparable
from statistic import assigned, cosine, fisher_log10_p, rank_log10_p

THRESHOLD = -6.0


def judge(candidate: Path, reference: Path) -> Answer:
    """The joint p-value over the layers."""
    one, other = read(candidate), read(reference)
    ups = [[layer["up_proj"] for layer in model.layers] for model in (one, other)]
    if [up.shape for up in ups[0]] != [up.shape for up in ups[1]]:
        raise NotComparable("the shapes differ")
    logs = []
    for left, right in zip(*ups, strict=True):
        match = assigned(cosine(left, right))
        logs.append(rank_log10_p(match, np.arange(len(match))))
    joint = fisher_log10_p(logs)
    return Answer(
        score=-joint,
        named=joint < THRESHOLD,
        verdict=f"p = 1e{joint:.1f}",
        detail={"layers": [round(log, 2) for log in logs]},
    )
