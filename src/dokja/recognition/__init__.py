"""What others say of the teams' models: dated facts of outsiders, and no score.

It stands above standing and decision, so that neither can read it.
"""

from dokja.recognition.record import (
    RECOGNITION,
    recognition_act,
    recognition_matter,
    recognition_of,
)
from dokja.recognition.series import difference, series
from dokja.recognition.values import (
    IndexValue,
    Listing,
    Recognition,
    RecognitionState,
    Recorded,
)

__all__ = [
    "RECOGNITION",
    "IndexValue",
    "Listing",
    "Recognition",
    "RecognitionState",
    "Recorded",
    "difference",
    "recognition_act",
    "recognition_matter",
    "recognition_of",
    "series",
]
