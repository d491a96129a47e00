"""Matters of the office: a call, a lease, a schedule, each a row of numbered acts.

Whatever the office decides grows act by act. The number stands in the act's name, so
that of two officers who act on what both have seen, the record takes one and refuses
the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import msgspec

from dokja.errors import Conflict
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text

WHOLE_PROGRAMME = "programme"
"""Stage under which acts stand that belong to no single stage."""

Event = TypeVar("Event", bound=msgspec.Struct)


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """Which record grows: `kind` says what it is, `id` which one."""

    programme: str
    kind: str
    id: str
    stage: str = WHOLE_PROGRAMME


class Mandate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who acts, when, and under which clause of the rulebook."""

    by: str
    """Pseudonym of the officer, or the id of the team that acts for itself."""
    at: str
    """ISO 8601 with zone, from the programme's clock."""
    clause: str
    reason: Text | None = None


class Recorded(msgspec.Struct, Generic[Event], frozen=True, kw_only=True):
    """One act of a matter, read back."""

    number: int
    mandate: Mandate
    event: Event


def next_act(
    matter: Matter,
    history: Sequence[Act],
    event: msgspec.Struct,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that follows the matter's history.

    `history` holds the acts of this matter, `seen` how many of them whoever acts has
    read. `event` is a tagged struct.

    Raises: Conflict where somebody has acted since.
    """
    require_read(matter, history, seen=seen)
    return Act(
        programme=matter.programme,
        stage=matter.stage,
        kind=matter.kind,
        subject=f"{matter.id}/{seen + 1:05d}",
        at=mandate.at,
        body={
            "mandate": msgspec.to_builtins(mandate),
            "event": msgspec.to_builtins(event),
        },
    )


def require_read(matter: Matter, history: Sequence[Act], *, seen: int) -> None:
    """Nothing. Raises: Conflict where there are other entries than were read."""
    if seen != len(history):
        raise Conflict(
            f"{matter.kind} {matter.id} has {len(history)} entries, and you have read "
            f"{seen}",
            remedy="read what was added, then act again",
        )


def acts_of(matter: Matter, acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts of one matter among those of its kind, in order."""
    own = (act for act in acts if _names(act, matter))
    return tuple(sorted(own, key=lambda act: act.subject))


def ids_of(kind: str, acts: Sequence[Act]) -> tuple[str, ...]:
    """Ids of the matters of a kind, in the order in which they began."""
    return tuple(
        dict.fromkeys(a.subject.rpartition("/")[0] for a in acts if a.kind == kind)
    )


def read_history(
    history: Sequence[Act], events: type[Event]
) -> tuple[Recorded[Event], ...]:
    """The acts of one matter as what happened; `events` is the union of its kinds.

    Raises: InvalidInput for an act that is none of them; Conflict where one is
    missing.
    """
    found = []
    for number, act in enumerate(history, start=1):
        if not act.subject.endswith(f"/{number:05d}"):
            raise Conflict(
                f"entry {number} of {act.kind} {act.subject} is missing",
                remedy="restore a backup of the record and compare it",
            )
        found.append(
            Recorded(
                number=number,
                mandate=read_as(act.body["mandate"], Mandate, where=act.subject),
                event=read_as(act.body["event"], events, where=act.subject),
            )
        )
    return tuple(found)


def _names(act: Act, matter: Matter) -> bool:
    named = (act.programme, act.stage, act.kind, act.subject.rpartition("/")[0])
    return named == (matter.programme, matter.stage, matter.kind, matter.id)
