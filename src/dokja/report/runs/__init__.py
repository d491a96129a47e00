"""Pages of kept runs: one run with its items, and two runs side by side."""

from dokja.report.runs.items import letter_of, score_shown, standing_of
from dokja.report.runs.pair_page import PairView, pair_view
from dokja.report.runs.passages import visible_letters
from dokja.report.runs.run_page import RunView, run_view
from dokja.report.runs.words import CAUSE, NO_CAUSE, STANDING, STATUS, rule_words

__all__ = [
    "CAUSE",
    "NO_CAUSE",
    "STANDING",
    "STATUS",
    "PairView",
    "RunView",
    "letter_of",
    "pair_view",
    "rule_words",
    "run_view",
    "score_shown",
    "standing_of",
    "visible_letters",
]
