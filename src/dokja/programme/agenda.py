"""What is due, what waits, and for what; and everything that happened to matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from dokja.evidence.values import Text
from dokja.programme.matters import Matter, Recorded


class Standing(StrEnum):
    """Whether something can be done now."""

    DUE = "due"
    OVERDUE = "overdue"
    WAITS = "waits"
    BLOCKED = "blocked"


class AgendaItem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do, whether it can be done, and why not."""

    standing: Standing
    what: Text
    why: Text
    until: str = ""
    """Moment or day that it hangs on; empty where on none."""
    matter: Matter | None = None
    """What it is about, where that is one matter."""


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One act of the record: when, by whom, under which clause."""

    at: str
    matter: str
    number: int
    by: str
    clause: str
    what: Text
    reason: Text | None


def timeline(
    files: Sequence[tuple[str, Sequence[Recorded[Any]]]],
    words: Mapping[type[msgspec.Struct], Text],
) -> tuple[TimelineEntry, ...]:
    """Every act of these matters, the earliest first; `words` says what each was."""
    found = [
        TimelineEntry(
            at=entry.mandate.at,
            matter=name,
            number=entry.number,
            by=entry.mandate.by,
            clause=entry.mandate.clause,
            what=words[type(entry.event)],
            reason=entry.mandate.reason,
        )
        for name, entries in files
        for entry in entries
    ]
    return tuple(
        sorted(found, key=lambda e: (datetime.fromisoformat(e.at), e.matter, e.number))
    )
