"""AWM: matched embedding columns, then unbiased CKA of query and key weights.

"AWM: Accurate Weight-Matrix Fingerprint for Large Language Models", ICLR 2026,
arXiv 2510.06738: the columns of the embeddings of shared tokens are matched by
assignment on absolute cosines, which gives a signed permutation of the residual
channels; under it the Gram matrices of W_Q and of W_K over the channels are
compared by unbiased CKA, averaged over layers (assigned to each other where
depths differ). The paper prints z = (score - 0.00375) / 0.0028 and draws no
line, so nothing is named. Score: the mean CKA.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from decoder import Decoder, read, shared_rows
from pairs import Answer
from statistic import Array, assigned, cosine, unbiased_alignment

MEAN, SPREAD = 0.00375, 0.0028


def judge(candidate: Path, reference: Path) -> Answer:
    """The mean CKA over the layers."""
    one, other = read(candidate), read(reference)
    if one.embeddings.shape[1] > other.embeddings.shape[1]:
        one, other = other, one
    left, right = shared_rows(one, other)
    similarity = cosine(left.T, right.T)
    columns = assigned(np.abs(similarity))
    signs = np.sign(similarity[np.arange(len(columns)), columns])
    aligned = [_grams(other, i)[:, columns][:, :, columns] for i in _layers(other)]
    signed = [grams * np.outer(signs, signs) for grams in aligned]
    agreed = np.array(
        [[_near(_grams(one, i), b) for b in signed] for i in _layers(one)]
    )
    score = float(_matched(agreed).mean())
    return Answer(score=score, named=None, verdict=f"z = {(score - MEAN) / SPREAD:.1f}")


def _layers(model: Decoder) -> range:
    return range(len(model.layers))


def _grams(model: Decoder, layer: int) -> Array:
    weights = model.layers[layer]
    return np.stack([weights[k].T @ weights[k] for k in ("q_proj", "k_proj")])


def _near(one: Array, other: Array) -> float:
    pairs = zip(one, other, strict=True)
    return float(np.mean([unbiased_alignment(a, b) for a, b in pairs]))


def _matched(agreed: Array) -> Array:
    if agreed.shape[0] == agreed.shape[1]:
        return np.diag(agreed)
    if agreed.shape[0] > agreed.shape[1]:
        agreed = agreed.T
    return agreed[np.arange(len(agreed)), assigned(agreed)]
