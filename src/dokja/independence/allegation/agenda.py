"""What is due about allegations, what waits, and for what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from dokja.evidence.values import Text
from dokja.independence.allegation.values import Allegation, AllegationState
from dokja.programme.agenda import AgendaItem, Standing


def allegation_agenda(
    found: Sequence[Allegation], *, now: str
) -> tuple[AgendaItem, ...]:
    """What is to be done at that moment, in the order of receipt."""
    return tuple(item for one in found for item in _next(one, now))


def _next(one: Allegation, now: str) -> Iterator[AgendaItem]:
    if one.joined_to:
        return
    match one.state:
        case AllegationState.RECEIVED:
            yield _item(one, Standing.DUE, _TRIAGE)
        case AllegationState.TRIAGED:
            yield _item(one, Standing.DUE, _MEASURE)
        case AllegationState.MEASURED:
            over = datetime.fromisoformat(now) >= datetime.fromisoformat(
                one.reply_until
            )
            standing = Standing.DUE if over else Standing.WAITS
            yield _item(one, standing, _SILENT if over else _REPLY, one.reply_until)
        case AllegationState.REPLY:
            yield _item(one, Standing.DUE, _RESOLVE)
        case AllegationState.RESOLVED:
            return


def _item(
    one: Allegation, standing: Standing, why: Text, until: str = ""
) -> AgendaItem:
    what = Text(f"의혹 제기 {one.id} 처리", f"handle allegation {one.id}")
    return AgendaItem(standing=standing, what=what, why=why, until=until)


_TRIAGE = Text(
    "무엇을 잴지 정하거나 같은 건에 병합합니다.",
    "say what is to be measured, or join it to one that says the same",
)
_MEASURE = Text("측정 결과를 기록합니다.", "put on record what was measured")
_REPLY = Text(
    "팀의 소명을 기다립니다. 그 전에는 인용할 수 없습니다.",
    "waits for the team's reply; it is not upheld before",
)
_SILENT = Text("소명 기한이 지났습니다.", "the days for the reply are over")
_RESOLVE = Text("팀이 소명했습니다. 판단합니다.", "the team replied; resolve it")
