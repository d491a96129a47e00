"""Jensen-Shannon divergence of next-token distributions on the same texts.

A behavioural statistic used as a comparison by Zhu et al., ICML 2025, arXiv
2502.12292; Lin 1991 for the divergence. Score: minus its mean over positions,
base 2. It measures what models do and not where weights come from, and no line
is drawn for it, so nothing is named.
"""

from __future__ import annotations

from pathlib import Path

import torch
from pairs import Answer
from texts import load_both, passages

TEXTS = 60
LENGTH = 128
ROWS = 16


def judge(candidate: Path, reference: Path) -> Answer:
    """The mean divergence, negated."""
    models = load_both(candidate, reference)
    ids = models[0].blocks(passages(TEXTS), LENGTH)[:ROWS]
    total = 0.0
    for row in ids:
        logits = [model.logits(row[None])[0] for model in models]
        kept = min(values.shape[1] for values in logits)
        logs = [values[:, :kept].log_softmax(dim=-1) for values in logits]
        middle = torch.logsumexp(torch.stack(logs), dim=0) - torch.log(
            torch.tensor(2.0)
        )
        parts = [(log.exp() * (log - middle)).sum(dim=-1) for log in logs]
        total += float(torch.stack(parts).mean()) / float(torch.log(torch.tensor(2.0)))
    score = -total / len(ids)
    return Answer(score=score, named=None, verdict="ranking only")
