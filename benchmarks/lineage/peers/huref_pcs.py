"""HuRef's parameter cosine (PCS): the weights of both models as one vector each.

Zeng et al., "HuRef", NeurIPS 2024, arXiv 2312.04828. Only matrices that both
models hold under one name and in one shape; vectors are left out, since norm
gains near one would make any two models alike. Nothing is named.
"""

from __future__ import annotations

from pathlib import Path

from decoder import read
from pairs import Answer, NotComparable


def judge(candidate: Path, reference: Path) -> Answer:
    """The cosine of the shared matrices."""
    one, other = read(candidate).tensors, read(reference).tensors
    across = left = right = 0.0
    for name in sorted(one.keys() & other.keys()):
        a, b = one[name], other[name]
        if a.shape == b.shape and a.ndim == 2:
            across += float((a * b).sum(dtype="float64"))
            left += float((a * a).sum(dtype="float64"))
            right += float((b * b).sum(dtype="float64"))
    if left == 0.0 or right == 0.0:
        raise NotComparable("no matrix has one name and shape in both")
    score = across / (left * right) ** 0.5
    return Answer(score=score, named=None, verdict="ranking only")
