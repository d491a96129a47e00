"""What each act on dates and consultations is called where people read it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.programme.schedule import values as schedule

EVENT_WORDS: Mapping[type, Text] = {
    schedule.ScheduleSet: Text("일정 등록", "dates set"),
    schedule.Proposed: Text("의견 수렴 시작", "change proposed"),
    schedule.Answered: Text("의견 회신", "a team replied"),
    schedule.Adopted: Text("변경 채택", "change adopted"),
    schedule.Dropped: Text("변경 철회", "change dropped"),
}
