"""The independence gate: checks, right to reply, finding per aspect."""

from dokja.independence.dossier import Dossier
from dokja.independence.find import find_independence
from dokja.independence.values import FindingResult, IndependenceFinding

__all__ = ["Dossier", "FindingResult", "IndependenceFinding", "find_independence"]
