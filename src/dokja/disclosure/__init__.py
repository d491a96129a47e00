"""What the public, each team and an auditor see of one and the same record.

Scores are committed to; the rules say which are opened. A mean is published with
what proves that it is the mean of the sealed scores, and each team gets its own.
"""

from dokja.disclosure.check import check_published, check_sheet
from dokja.disclosure.publish import Scores, publish_scores, score_sheets
from dokja.disclosure.values import PublishedScores, ScoreSheet
from dokja.disclosure.view import (
    RecordView,
    Shown,
    Viewer,
    WholeRecord,
    view_of,
    viewer_of,
)

__all__ = [
    "PublishedScores",
    "RecordView",
    "ScoreSheet",
    "Scores",
    "Shown",
    "Viewer",
    "WholeRecord",
    "check_published",
    "check_sheet",
    "publish_scores",
    "score_sheets",
    "view_of",
    "viewer_of",
]
