"""The way through a stage as stations, and at which of them it is."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from dokja.evidence.values import Text
from dokja.stage.values import Schedule


class Progress(StrEnum):
    """Where a station lies as seen from now."""

    PAST = "past"
    NOW = "now"
    AHEAD = "ahead"


class Station(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the stage with its time."""

    name: Text
    at: str
    progress: Progress


NAMES = {
    "rules_frozen": Text(ko="규정 동결", en="Rules frozen"),
    "sealed": Text(ko="제출물 봉인", en="Submissions sealed"),
    "benchmarked": Text(ko="벤치마크", en="Benchmarks"),
    "panel_closed": Text(ko="전문가 평가 마감", en="Expert panel closes"),
    "ballots_closed": Text(ko="이용자 평가 마감", en="User evaluation closes"),
    "lineage_measured": Text(ko="독자성 분석", en="Independence analysis"),
    "reply_requested": Text(ko="소명 요청", en="Right to reply"),
    "decided": Text(ko="단계평가 결정", en="Decision"),
}


def stations(schedule: Schedule, now: datetime) -> tuple[Station, ...]:
    """Every station in the order of its time; the first one ahead is `now`."""
    times = sorted(
        (datetime.fromisoformat(getattr(schedule, name)), place, name)
        for place, name in enumerate(NAMES)
    )
    ahead = [entry for entry in times if entry[0] > now]
    return tuple(
        Station(
            name=NAMES[name],
            at=getattr(schedule, name),
            progress=_progress((at, place, name), ahead),
        )
        for at, place, name in times
    )


Entry = tuple[datetime, int, str]


def _progress(entry: Entry, ahead: list[Entry]) -> Progress:
    if entry not in ahead:
        return Progress.PAST
    return Progress.NOW if entry == ahead[0] else Progress.AHEAD
