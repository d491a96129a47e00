"""The course of an allegation: what may happen next, and what has happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.independence.allegation.values import (
    Allegation,
    AllegationEvent,
    AllegationOutcome,
    AllegationStanding,
    AllegationState,
    GivenReply,
    InterestStatement,
    Joined,
    Measured,
    PublishedAllegation,
    Received,
    Replied,
    Resolved,
    Triaged,
)
from dokja.independence.allegation.words import INTERESTS
from dokja.programme.matters import Mandate, Matter, Recorded, next_act, read_history

ALLEGATION = "allegation"
FROM: Mapping[type[AllegationEvent], tuple[AllegationState, ...]] = {
    Triaged: (AllegationState.RECEIVED,),
    Joined: (AllegationState.RECEIVED, AllegationState.TRIAGED),
    Measured: (AllegationState.TRIAGED,),
    Replied: (AllegationState.MEASURED, AllegationState.REPLY),
    Resolved: (
        AllegationState.TRIAGED,
        AllegationState.MEASURED,
        AllegationState.REPLY,
    ),
}
"""In which states each can happen; `received` begins the course."""


def allegation_matter(programme: str, name: str) -> Matter:
    """The matter under which an allegation is kept."""
    return Matter(programme=programme, kind=ALLEGATION, id=name)


def interest_words(received: Received) -> Text:
    """What the accuser says of an interest, in words; silence is said as such."""
    if received.interest is InterestStatement.STATED:
        return Text(ko=received.interest_text, en=received.interest_text)
    return INTERESTS[received.interest]


def allegation_of(
    name: str, history: Sequence[Act], *, reply_days: int
) -> Allegation | None:
    """The allegation with its state; None where nothing was received."""
    found: Allegation | None = None
    entries: tuple[Recorded[AllegationEvent], ...] = read_history(
        history,
        AllegationEvent,  # type: ignore[arg-type]  # a union of structs
    )
    for entry in entries:
        found = _after(found, entry, name=name, reply_days=reply_days)
    return found


def happen(
    matter: Matter,
    history: Sequence[Act],
    event: AllegationEvent,
    *,
    mandate: Mandate,
    reply_days: int,
    seen: int | None = None,
) -> Act:
    """The act of what happens to an allegation.

    `seen` is how many of its entries whoever acts has read, all where it is None.

    Raises: NotAllowed where its course does not allow it; InvalidInput where a
    receipt states an interest without words; Conflict where somebody acted since.
    """
    current = allegation_of(matter.id, history, reply_days=reply_days)
    if isinstance(event, Received):
        _require_new(event, current)
    else:
        _require_allowed(matter.id, event, current, mandate)
    read = len(history) if seen is None else seen
    return next_act(matter, history, event, seen=read, mandate=mandate)


def duplicates_of(received: Received, others: Sequence[Allegation]) -> tuple[str, ...]:
    """Ids of open allegations that say the same of the same component."""
    return tuple(
        one.id
        for one in others
        if one.state is not AllegationState.RESOLVED
        and not one.joined_to
        and (one.received.team, one.received.component, one.received.reference)
        == (received.team, received.component, received.reference)
    )


def standing_of(one: Allegation) -> AllegationStanding:
    """As much of it as a stage is told: no word of what is alleged."""
    return AllegationStanding(
        id=one.id,
        team=one.received.team,
        aspect=one.received.aspect,
        state=one.state,
        outcome=one.outcome,
    )


def published(allegations: Sequence[Allegation]) -> tuple[PublishedAllegation, ...]:
    """What the public reads: only what is resolved, in full only what was upheld."""
    return tuple(
        PublishedAllegation(
            id=one.id,
            team=one.received.team,
            outcome=one.outcome,
            resolved_at=one.resolved_at,
            clause=one.clause,
            upheld=one if one.outcome is AllegationOutcome.UPHELD else None,
        )
        for one in allegations
        if one.outcome is not None and not one.joined_to
    )


def _require_new(event: Received, current: Allegation | None) -> None:
    if current is not None:
        raise NotAllowed(
            f"allegation {current.id} is on record already",
            remedy="file it under an id of its own; triage can join it to the other",
        )
    stated = event.interest is InterestStatement.STATED
    if stated != bool(event.interest_text.strip()):
        raise InvalidInput(
            "an interest is stated in words, and only then",
            remedy="write the interest, or say stated_none or not_stated",
        )


def _require_allowed(
    name: str,
    event: Triaged | Joined | Measured | Replied | Resolved,
    current: Allegation | None,
    mandate: Mandate,
) -> None:
    if current is None:
        raise InvalidInput(f"there is no allegation {name}", remedy="file it first")
    if current.joined_to:
        raise NotAllowed(
            f"allegation {name} is joined to {current.joined_to}",
            remedy=f"act on {current.joined_to}",
        )
    if current.state not in FROM[type(event)]:
        raise NotAllowed(
            f"allegation {name} is {current.state.value}",
            remedy="its course is: received, triaged, measured, reply, resolved",
        )
    if isinstance(event, Joined) and event.to == name:
        raise InvalidInput("it cannot be joined to itself", remedy="name another")
    if isinstance(event, Replied) and mandate.by != current.received.team:
        raise NotAllowed(
            "only the accused team replies", remedy="reply in the team's own name"
        )
    if isinstance(event, Resolved):
        _require_resolvable(event, current, mandate)


def _require_resolvable(event: Resolved, current: Allegation, mandate: Mandate) -> None:
    if not (event.reasons.ko.strip() and event.reasons.en.strip()):
        raise InvalidInput(
            "an allegation is resolved with reasons in both languages",
            remedy="write what the measurements and the reply come to",
        )
    if event.outcome is AllegationOutcome.INSUFFICIENT:
        return
    if current.state is AllegationState.TRIAGED:
        raise NotAllowed(
            "nothing was measured", remedy="measure first, or resolve as insufficient"
        )
    if event.outcome is AllegationOutcome.NOT_UPHELD:
        return
    if not current.bears_out:
        raise NotAllowed(
            "no measurement bears the allegation out",
            remedy="resolve it as not_upheld or insufficient",
        )
    until = datetime.fromisoformat(current.reply_until)
    if not current.replies and datetime.fromisoformat(mandate.at) < until:
        raise NotAllowed(
            f"the team has until {current.reply_until} to reply",
            remedy="wait for its reply or the deadline",
        )


def _after(
    current: Allegation | None,
    entry: Recorded[AllegationEvent],
    *,
    name: str,
    reply_days: int,
) -> Allegation:
    event, at = entry.event, entry.mandate.at
    if isinstance(event, Received):
        return Allegation(id=name, received=event, received_at=at)
    if current is None:
        raise InvalidInput(
            f"allegation {name} does not begin with its receipt",
            remedy="restore a backup of the record and compare it",
        )
    change = msgspec.structs.replace
    if isinstance(event, Triaged):
        return change(
            current, state=AllegationState.TRIAGED, to_measure=event.to_measure
        )
    if isinstance(event, Joined):
        return change(current, joined_to=event.to)
    if isinstance(event, Measured):
        until = datetime.fromisoformat(at) + timedelta(days=reply_days)
        return change(
            current,
            state=AllegationState.MEASURED,
            facts=event.facts,
            reply_until=until.isoformat(),
        )
    if isinstance(event, Replied):
        replies = (*current.replies, GivenReply(text=event.text, at=at))
        return change(current, state=AllegationState.REPLY, replies=replies)
    return change(
        current,
        state=AllegationState.RESOLVED,
        outcome=event.outcome,
        reasons=event.reasons,
        clause=entry.mandate.clause,
        resolved_at=at,
    )
