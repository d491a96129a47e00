"""Programs that models write: taken out of the answer, run elsewhere, scored."""

from dokja.benchmark.programs.extract import program_of
from dokja.benchmark.programs.score import ScoresPrograms, score_programs

__all__ = ["ScoresPrograms", "program_of", "score_programs"]
