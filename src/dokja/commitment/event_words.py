"""What each act on a commitment is called where people read it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.commitment import values as commitment
from dokja.evidence.values import Text

EVENT_WORDS: Mapping[type, Text] = {
    commitment.Promised: Text("약속 등록", "promise entered"),
    commitment.PromiseAmended: Text("약속 변경", "promise changed in public"),
    commitment.Measured: Text("측정 결과 기록", "measurement put on record"),
    commitment.Judged: Text("판단 기록", "judgement put on record"),
    commitment.PromiseWithdrawn: Text("약속 철회", "promise taken back"),
}
