"""States and acts of facts of outsiders, as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.recognition.values import RecognitionState

STATES: Mapping[RecognitionState, Text] = {
    RecognitionState.STANDS: Text(ko="유효", en="stands"),
    RecognitionState.CORRECTED: Text(ko="정정됨", en="corrected"),
    RecognitionState.TAKEN_OFF: Text(ko="제외됨", en="taken off"),
}
