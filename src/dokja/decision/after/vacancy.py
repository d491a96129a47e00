"""Places that a final decision left empty: called for, filled, or left empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokja.decision.after.values import (
    DecisionConfirmed,
    EmptyPlaces,
    PlaceFilled,
    PlacesLeftEmpty,
    PlaceState,
    RevivalCalled,
    VacancyEvent,
)
from dokja.decision.policy import PolicyMissing
from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, Recorded, next_act, read_history
from dokja.programme.values import Rulebook, VacancyPolicy

VACANCY = "vacancy"


@dataclass(frozen=True, kw_only=True)
class FinalStage:
    """What has to be known of a stage before its empty places are called for."""

    programme: str
    stage: str
    places: int
    """Planned places less teams that advance."""
    confirmed: DecisionConfirmed | None
    final_at: str = ""
    """When it was confirmed; empty before."""


def vacancy_matter(programme: str, stage: str) -> Matter:
    """The matter of a stage's empty places."""
    return Matter(programme=programme, stage=stage, kind=VACANCY, id=stage)


def fill_or_leave(
    final: FinalStage,
    rulebook: Rulebook,
    history: Sequence[Act],
    event: VacancyEvent,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that calls for the places, fills one, or leaves the rest empty.

    Raises: NotAllowed before the decision is final (no revival call opens earlier),
    where no place is empty, or for a step that is not its turn; PolicyMissing where
    the rules say nothing of empty places.
    """
    if final.confirmed is None:
        raise NotAllowed(
            f"the decision of {final.stage} is not final",
            remedy="confirm it once objections are over or closed early",
        )
    if rulebook.vacancy is None:
        raise PolicyMissing(
            "no rule says what happens to an empty place",
            remedy="the rulebook needs [vacancy]",
        )
    found = empty_places(final, history)
    _refuse_out_of_turn(found, event, rulebook.vacancy.policy)
    matter = vacancy_matter(final.programme, final.stage)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def empty_places(final: FinalStage, history: Sequence[Act]) -> EmptyPlaces:
    """The empty places as they stand."""
    entries: tuple[Recorded[VacancyEvent], ...] = read_history(
        history,
        VacancyEvent,  # type: ignore[arg-type]
    )
    events = [entry.event for entry in entries]
    filled = tuple(e for e in events if isinstance(e, PlaceFilled))
    moments = tuple(e.mandate.at for e in entries if isinstance(e.event, PlaceFilled))
    calls = [e.call for e in events if isinstance(e, RevivalCalled)]
    if any(isinstance(e, PlacesLeftEmpty) for e in events):
        state = PlaceState.LEFT_EMPTY
    elif final.places and len(filled) == final.places:
        state = PlaceState.FILLED
    else:
        state = PlaceState.REVIVAL_CALL if calls else PlaceState.OPEN
    return EmptyPlaces(
        stage=final.stage,
        places=final.places,
        state=state,
        call=calls[-1] if calls else None,
        filled=filled,
        entries=len(entries),
        filled_at=moments,
    )


def _refuse_out_of_turn(
    found: EmptyPlaces, event: VacancyEvent, policy: VacancyPolicy
) -> None:
    if not found.places:
        raise NotAllowed(
            f"{found.stage} left no place empty", remedy="nothing has to be filled"
        )
    if found.state in (PlaceState.FILLED, PlaceState.LEFT_EMPTY):
        raise NotAllowed(
            f"the places of {found.stage} are {found.state}",
            remedy="nothing is left to decide on them",
        )
    calls = isinstance(event, RevivalCalled)
    if calls and policy is not VacancyPolicy.REVIVAL_CALL:
        raise NotAllowed(
            "the rulebook leaves empty places empty", remedy="record that they stay so"
        )
    if calls and found.state is PlaceState.REVIVAL_CALL:
        raise NotAllowed(
            f"{found.call} was called for these places",
            remedy="close it before another call",
        )
    if isinstance(event, PlaceFilled):
        if found.state is PlaceState.OPEN:
            raise NotAllowed(
                "no call was held for these places",
                remedy="fill a place from a revival call",
            )
        if event.team in {place.team for place in found.filled}:
            raise NotAllowed(f"{event.team} has a place", remedy="name another team")
