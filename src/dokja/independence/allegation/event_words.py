"""What each act on an allegation is called where people read it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.independence.allegation import values as allegation

EVENT_WORDS: Mapping[type, Text] = {
    allegation.Received: Text("의혹 제기 접수", "allegation received"),
    allegation.Triaged: Text("측정 대상 확정", "said what is to be measured"),
    allegation.Joined: Text("다른 건에 병합", "joined to another"),
    allegation.Measured: Text("측정 결과 기록", "measurements put on record"),
    allegation.Replied: Text("소명 접수", "the team replied"),
    allegation.Resolved: Text("처리 완료", "resolved"),
}
