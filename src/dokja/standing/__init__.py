"""Scores, totals, ranks, rank probabilities and bounds on what is unknown."""

from dokja.standing.compute import compute_standing
from dokja.standing.draws import ShareDraws
from dokja.standing.measured import Measured
from dokja.standing.sensitivity import compute_sensitivity
from dokja.standing.values import Sensitivity, Standing, TeamStanding

__all__ = [
    "Measured",
    "Sensitivity",
    "ShareDraws",
    "Standing",
    "TeamStanding",
    "compute_sensitivity",
    "compute_standing",
]
