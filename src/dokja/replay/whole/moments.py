"""Moments as exact as they were published, and what stands for them in an act."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

from dokja.evidence.values import Text
from dokja.programme.schedule.versions import first_day, last_day
from dokja.replay.whole import words

KOREA = timezone(timedelta(hours=9))


def first_moment(published: str) -> datetime:
    """The first moment that a published time can mean."""
    if "T" in published:
        return datetime.fromisoformat(published)
    return datetime.combine(first_day(published), time(), tzinfo=KOREA)


def last_moment(published: str) -> datetime:
    """The first moment after everything that a published time can mean."""
    if "T" in published:
        return datetime.fromisoformat(published)
    after = last_day(published) + timedelta(days=1)
    return datetime.combine(after, time(), tzinfo=KOREA)


def stand_ins(*published: str | None) -> tuple[Text, ...]:
    """What has to be said of these times where an act needs exact ones."""
    whole = [one for one in published if one and "T" not in one]
    months = any(len(one) < len("2026-01-15") for one in whole)
    days = any(len(one) == len("2026-01-15") for one in whole)
    return (
        *((words.WHOLE_DAYS,) if days else ()),
        *((words.WHOLE_MONTHS,) if months else ()),
    )
