"""What the public, each team and an auditor see of one and the same record.

Scores are committed to; the rules say which are opened. A mean is published with
what proves that it is the mean of the sealed scores, and each team gets its own.
"""

from dokja.disclosure.check import check_published, check_sheet
from dokja.disclosure.publish import Scores, publish_scores, score_sheets
from dokja.disclosure.values import PublishedScores, ScoreSheet

__all__ = [
    "PublishedScores",
    "ScoreSheet",
    "Scores",
    "check_published",
    "check_sheet",
    "publish_scores",
    "score_sheets",
]
