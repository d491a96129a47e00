"""modelDNA 0.1.0 through its Python API, in its own environment.

Score: its probability that the first derives from the second (0 where it rules
the pair out, for layer counts or shapes). Named: a verdict that it calls a
lineage, which needs a probability of 0.9. Package `modeldna` on PyPI,
Apache-2.0.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from modeldna.scan import compare_pair
from pairs import Answer, NotComparable, serve

NAMED = {"EXACT_COPY", "QUANTIZED_COPY", "FINE_TUNE", "SAME_LINEAGE", "LIKELY_MERGE"}


def judge(candidate: Path, reference: Path) -> Answer:
    """Its verdict and probability for the pair."""
    _, _, _, verdict = compare_pair(str(candidate), str(reference))
    said = verdict.verdict.value
    result = verdict.candidates[0] if verdict.candidates else None
    probability = result.probability if result else None
    if probability is None:
        reason = (result.ruled_out if result else None) or said
        if said == "INSUFFICIENT":
            raise NotComparable(reason)
        return Answer(score=0.0, named=False, verdict=said, detail={"reason": reason})
    return Answer(score=float(probability), named=said in NAMED, verdict=said)


if __name__ == "__main__":
    serve(judge, version("modeldna"))
