"""Allegations of a programme: read from the record, acted on."""

from __future__ import annotations

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.values import Act
from dokja.independence.allegation.course import (
    ALLEGATION,
    allegation_matter,
    allegation_of,
    duplicates_of,
    happen,
    published,
    standing_of,
)
from dokja.independence.allegation.event_words import EVENT_WORDS
from dokja.independence.allegation.values import (
    Allegation,
    AllegationEvent,
    AllegationStanding,
    Joined,
    PublishedAllegation,
    Received,
)
from dokja.programme.agenda import TimelineEntry, timeline
from dokja.programme.matters import Mandate, Recorded, read_history
from dokja.wiring.matter_desk import MatterDesk


class Allegations(msgspec.Struct, frozen=True, kw_only=True):
    """What is on record: everything for the office, the rest for the public."""

    programme: str
    open: tuple[Allegation, ...]
    standings: tuple[AllegationStanding, ...]
    """For `dossier.json` of a stage: those that were not joined to another."""
    published: tuple[PublishedAllegation, ...]


def read_allegations(desk: MatterDesk, *, public: bool) -> Allegations:
    """Every allegation; for the public only what it may read."""
    found = _all(desk)
    return Allegations(
        programme=desk.programme,
        open=() if public else found,
        standings=()
        if public
        else tuple(standing_of(one) for one in found if not one.joined_to),
        published=published(found),
    )


def allegation_act(
    desk: MatterDesk,
    name: str,
    event: AllegationEvent,
    *,
    mandate: Mandate,
    seen: int | None = None,
) -> Act:
    """The act of what happens to an allegation. Raises: what `happen` raises."""
    matter = allegation_matter(desk.programme, name)
    if isinstance(event, Joined):
        head = {one.id: one for one in _all(desk)}.get(event.to)
        if head is None or head.joined_to:
            raise InvalidInput(
                f"{event.to} is no allegation that stands for itself",
                remedy="name the one that was filed first",
            )
    return happen(
        matter,
        desk.history(matter),
        event,
        mandate=mandate,
        reply_days=_reply_days(desk),
        seen=seen,
    )


def allegation_history(desk: MatterDesk, name: str) -> tuple[TimelineEntry, ...]:
    """Everything that happened to an allegation, the earliest first."""
    events: tuple[Recorded[AllegationEvent], ...] = read_history(
        desk.history(allegation_matter(desk.programme, name)),
        AllegationEvent,  # type: ignore[arg-type]
    )
    return timeline([(name, events)], EVENT_WORDS)


def same_as(desk: MatterDesk, received: Received) -> tuple[str, ...]:
    """Open allegations that say the same, for triage to join."""
    return duplicates_of(received, _all(desk))


def _all(desk: MatterDesk) -> tuple[Allegation, ...]:
    histories = desk.histories(ALLEGATION)
    if not histories:
        return ()
    days = _reply_days(desk)
    found = (
        allegation_of(name, history, reply_days=days)
        for name, history in histories.items()
    )
    return tuple(one for one in found if one is not None)


def _reply_days(desk: MatterDesk) -> int:
    reply = desk.rulebook.reply
    if reply is None:
        raise InvalidInput(
            "the rulebook is silent about the right to reply",
            remedy="add [reply] before an allegation is taken in",
        )
    return reply.days
