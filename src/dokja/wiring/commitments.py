"""Commitments of a programme, read from the record and acted on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from dokja.commitment import (
    COMMITMENT,
    Commitment,
    Promised,
    commitment_matter,
    commitment_of,
    record,
    register,
)
from dokja.commitment.assess import read_events
from dokja.commitment.event_words import EVENT_WORDS
from dokja.commitment.listed import FILE
from dokja.commitment.values import (
    Judged,
    Measured,
    PromiseAmended,
    PromiseWithdrawn,
)
from dokja.errors import Unavailable
from dokja.evidence.values import Act
from dokja.programme.agenda import TimelineEntry, timeline
from dokja.programme.matters import Mandate
from dokja.wiring.matter_desk import MatterDesk, entries_read
from dokja.wiring.programmes import find_programme


def read_commitments(
    desk: MatterDesk, *, on: date | None = None
) -> tuple[Commitment, ...]:
    """Every commitment as it stands on a day, today where none is named."""
    day = desk.clock().date() if on is None else on
    return tuple(
        commitment_of(commitment_matter(desk.programme, name), history, on=day)
        for name, history in desk.histories(COMMITMENT).items()
    )


def commitment_history(desk: MatterDesk, name: str) -> tuple[TimelineEntry, ...]:
    """Everything that happened to a commitment, the earliest first."""
    history = desk.history(commitment_matter(desk.programme, name))
    return timeline([(name, read_events(history))], EVENT_WORDS)


def new_commitment(
    desk: MatterDesk, name: str, promise: Promised, *, mandate: Mandate
) -> Act:
    """The act that enters a promise. Raises: what `register` raises."""
    matter = commitment_matter(desk.programme, name)
    return register(matter, desk.history(matter), promise, mandate=mandate)


def new_commitments(
    desk: MatterDesk, promises: Mapping[str, Promised], *, mandate: Mandate
) -> tuple[Act, ...]:
    """The acts that enter every promise, to be filed together.

    Raises: what `register` raises, so that none is entered where one cannot be.
    """
    known = desk.histories(COMMITMENT)
    return tuple(
        register(
            commitment_matter(desk.programme, name),
            known.get(name, ()),
            promise,
            mandate=mandate,
        )
        for name, promise in promises.items()
    )


def shipped_list(programme: str) -> Path:
    """The list of promises beside a programme's rulebook.

    Raises: Unavailable where there is no such programme, or no list.
    """
    place = find_programme(programme).root / FILE
    if not place.is_file():
        raise Unavailable(
            f"programme {programme} has no {FILE}", remedy="give the file that has it"
        )
    return place


def commitment_event(
    desk: MatterDesk,
    name: str,
    event: PromiseAmended | Measured | Judged | PromiseWithdrawn,
    *,
    seen: int | None,
    mandate: Mandate,
) -> Act:
    """The act of what happened to a promise. Raises: what `record` raises."""
    matter = commitment_matter(desk.programme, name)
    history = desk.history(matter)
    at = entries_read(seen, history)
    return record(matter, history, event, seen=at, mandate=mandate)
