"""Scores on the scale where chance is 0 and the ceiling 1, never clipped.

A score below chance is a negative number here. Cutting it off at 0 would
raise the mean of every model that guesses and shrink its error; only
`shown_percent` cuts, for a scale drawn from 0 to 100.
"""

from __future__ import annotations

from dokja.evidence.values import Estimate
from dokja.statistics.clustered import Scores


def normalised(scores: Scores, *, chance: float, ceiling: float = 1.0) -> Scores:
    """(s - chance) / (ceiling - chance), for scores of any shape.

    `ceiling` is 1 less the known share of wrong labels. Raises: ValueError
    unless the ceiling lies above chance.

    Source: Open LLM Leaderboard 2, documentation of scores normalisation
    (Hugging Face 2024), without its clipping at 0 and with a ceiling.
    """
    found: Scores = (scores - chance) / _span(chance, ceiling)
    return found


def normalised_estimate(
    found: Estimate, *, chance: float, ceiling: float = 1.0
) -> Estimate:
    """The estimate on the same scale; its interval is moved and stretched alike."""
    span = _span(chance, ceiling)
    return Estimate(
        value=(found.value - chance) / span,
        low=None if found.low is None else (found.low - chance) / span,
        high=None if found.high is None else (found.high - chance) / span,
        n=found.n,
        method=f"{found.method}/normalised/chance={chance:g}/ceiling={ceiling:g}",
        source=found.source,
    )


def shown_percent(share: float) -> float:
    """100 times the share, cut to 0 to 100: for display and nothing else."""
    return 100.0 * min(1.0, max(0.0, share))


def _span(chance: float, ceiling: float) -> float:
    if not chance < ceiling:
        raise ValueError(f"a ceiling of {ceiling} does not lie above chance, {chance}")
    return ceiling - chance
