"""A revival call and the places it fills, put on record together."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.call.close_out import close_out_call
from dokja.call.open_call import open_call
from dokja.call.state import CallFile
from dokja.decision.after import fill_or_leave, outcome_of, vacant_places
from dokja.decision.after.values import PlaceState, RevivalCalled, VacancyEvent
from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate
from dokja.wiring.after_decision import StagePlaces, desk_of_office, stage_places
from dokja.wiring.calls import CallRoom
from dokja.wiring.office import Office


def open_revival(
    office: Office, call: CallFile, *, seen: int, mandate: Mandate
) -> tuple[Act, ...]:
    """The acts that announce the call and name it for the stage's empty places.

    Raises: NotAllowed before the stage's decision is final, without an empty place,
    and where another call is held for them; what `open_call` raises.
    """
    found = stage_places(office)
    vacancy = vacant_places(found.final, found.places)
    opened = open_call(
        call, vacancy, rulebook=office.rulebook, seen=seen, mandate=mandate
    )
    name = call.state.id
    if (found.places.state, found.places.call) == (PlaceState.REVIVAL_CALL, name):
        return (opened,)
    return (opened, *_on_places(office, found, (RevivalCalled(call=name),), mandate))


def close_out_revival(
    office: Office,
    call: CallFile,
    *,
    teams: Mapping[str, str],
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The acts that end the call and say what became of each place it was held for.

    `teams` names teams by application. Raises: what `close_out_call` and `outcome_of`
    raise; NotAllowed where the places were not called for by this call.
    """
    room, name = CallRoom(desk=desk_of_office(office)), call.state.id
    bids = room.bids(name)
    agreements = [file.state for file in room.agreements(name)]
    ended = close_out_call(call, bids, agreements, seen=seen, mandate=mandate)
    found = stage_places(office)
    if found.places.call not in (None, name):
        raise NotAllowed(
            f"the places of {found.final.stage} were not called for by {name}",
            remedy=f"they were called for by {found.places.call or 'no call'}",
        )
    if found.places.state in (PlaceState.FILLED, PlaceState.LEFT_EMPTY):
        return (ended,)
    events = outcome_of(name, found.places, bids, agreements, teams=teams)
    if found.places.call is None:  # records from before opening a call named it
        events = (RevivalCalled(call=name), *events)
    return (ended, *_on_places(office, found, events, mandate))


def _on_places(
    office: Office,
    found: StagePlaces,
    events: tuple[VacancyEvent, ...],
    mandate: Mandate,
) -> tuple[Act, ...]:
    history = list(found.history)
    for event in events:
        act = fill_or_leave(
            found.final,
            office.rulebook,
            history,
            event,
            seen=len(history),
            mandate=mandate,
        )
        history.append(act)
    return tuple(history[len(found.history) :])
