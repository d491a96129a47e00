"""REEF: CKA of last-layer states at the last token of the same texts.

Zhang et al., "REEF: Representation Encoding Fingerprints", ICLR 2025, arXiv
2410.14273: 200 texts, linear CKA. Score: the CKA. Named: at least 0.8, the line
at which the paper's tables part derived from other models.
"""

from __future__ import annotations

from pathlib import Path

from pairs import Answer
from statistic import centred_alignment
from texts import Runner, passages

THRESHOLD = 0.8
TEXTS = 200
LENGTH = 64


def judge(candidate: Path, reference: Path) -> Answer:
    """The CKA of the two models' states."""
    texts = passages(TEXTS)
    models = (Runner.load(candidate), Runner.load(reference))
    one, other = (model.last_states(texts, LENGTH) for model in models)
    score = centred_alignment(one, other)
    return Answer(score=score, named=score >= THRESHOLD, verdict=f"CKA {score:.3f}")
