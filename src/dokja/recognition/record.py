"""A fact of an outsider: put on record, corrected, taken off."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act, read_history
from dokja.programme.matters import Recorded as Entry
from dokja.recognition.values import (
    Fact,
    FactCorrected,
    IndexValue,
    Recognition,
    RecognitionEvent,
    RecognitionState,
    Recorded,
    TakenOff,
)

RECOGNITION = "recognition"


def recognition_matter(programme: str, name: str) -> Matter:
    """The matter of one fact."""
    return Matter(programme=programme, kind=RECOGNITION, id=name)


def recognition_act(
    matter: Matter,
    history: Sequence[Act],
    event: RecognitionEvent,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act by which a fact is recorded, corrected or taken off.

    Raises: InvalidInput for a fact of another team or outsider than the first, and for
    a value that is none; NotAllowed out of turn.
    """
    if isinstance(event, Recorded):
        if history:
            raise NotAllowed(
                f"{matter.id} is on record", remedy="correct it, or choose another id"
            )
        _check_fact(event.fact)
        return next_act(matter, history, event, seen=seen, mandate=mandate)
    found = recognition_of(matter, history)
    if found.state is RecognitionState.TAKEN_OFF:
        raise NotAllowed(
            f"{matter.id} was taken off", remedy="record a new fact under another id"
        )
    if isinstance(event, FactCorrected):
        _check_fact(event.fact)
        _check_same(event.fact, found.fact)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def recognition_of(matter: Matter, history: Sequence[Act]) -> Recognition:
    """The fact as it stands. Raises: Unavailable where nothing is on record."""
    entries: tuple[Entry[RecognitionEvent], ...] = read_history(
        history,
        RecognitionEvent,  # type: ignore[arg-type]
    )
    events = [entry.event for entry in entries]
    facts = [e.fact for e in events if isinstance(e, Recorded | FactCorrected)]
    if not facts:
        raise Unavailable(
            f"there is no fact {matter.id}", remedy="record it with its source first"
        )
    last = events[-1]
    state = RecognitionState.STANDS
    if len(facts) > 1:
        state = RecognitionState.CORRECTED
    if isinstance(last, TakenOff):
        state = RecognitionState.TAKEN_OFF
    return Recognition(
        id=matter.id,
        fact=facts[-1],
        state=state,
        reason=None if isinstance(last, Recorded) else last.reason,
        earlier=tuple(facts[:-1]),
        entries=len(entries),
    )


def _check_fact(fact: Fact) -> None:
    if isinstance(fact, IndexValue):
        if not Decimal(fact.value).is_finite():
            raise InvalidInput(
                f"{fact.value} is no value of an index", remedy="give a number"
            )
        if (fact.rank is None) != (fact.among is None):
            raise InvalidInput(
                "a rank needs what it is among", remedy="give both or neither"
            )


def _check_same(fact: Fact, known: Fact) -> None:
    if (type(fact), fact.team, fact.body) != (type(known), known.team, known.body):
        raise InvalidInput(
            f"the fact on record is of {known.body} about {known.team}",
            remedy="another fact has an id of its own",
        )
