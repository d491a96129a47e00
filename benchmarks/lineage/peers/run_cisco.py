"""Cisco's provenance kit 1.0.0 through its Python API, in its own environment.

Score: its pipeline score, which is 1 where nine fields of the two configurations
are equal and else its weight score; that one is kept beside it. Named: its
"Confirmed Match" or "High-Confidence Match" (above 0.75), not its "Weak Match"
(above 0.65). Its cache of features is off, so that every pair is read. Package
`cisco-ai-provenance-kit` on PyPI, Apache-2.0.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from pairs import Answer, serve
from provenancekit.core.scanner import ModelProvenanceScanner
from provenancekit.services.cache import NullCache

NAMED = {"Confirmed Match", "High-Confidence Match"}
LINE = 0.75


def judge(candidate: Path, reference: Path) -> Answer:
    """Its decision, its score and the weight score."""
    result = ModelProvenanceScanner(cache=NullCache()).compare(
        str(candidate), str(reference)
    )
    scores = result.scores
    weights = scores.identity_score
    return Answer(
        score=scores.pipeline_score,
        named=scores.provenance_decision in NAMED,
        verdict=scores.provenance_decision,
        detail={
            "weight_score": weights,
            "weight_named": weights is not None and weights > LINE,
            "config_tier": scores.mfi_tier,
        },
    )


if __name__ == "__main__":
    serve(judge, version("cisco-ai-provenance-kit"))
