"""Scores, totals, ranks, rank probabilities and bounds on what is unknown."""

from dokja.standing.compute import compute_standing
from dokja.standing.draws import ShareDraws
from dokja.standing.measured import Measured
from dokja.standing.values import Standing, TeamStanding

__all__ = ["Measured", "ShareDraws", "Standing", "TeamStanding", "compute_standing"]
