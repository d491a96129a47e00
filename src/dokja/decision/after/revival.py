"""The revival call of empty places: what it may fill, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dokja.call.agreements.state import AgreementState
from dokja.call.agreements.values import AgreementPhase
from dokja.call.applications.state import ApplicationState
from dokja.call.applications.values import ApplicationPhase
from dokja.call.values import Settled, VacantPlaces
from dokja.decision.after.vacancy import FinalStage
from dokja.decision.after.values import (
    EmptyPlaces,
    PlaceFilled,
    PlacesLeftEmpty,
    VacancyEvent,
)
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Text

_BOUND = frozenset(AgreementPhase) - {AgreementPhase.DRAFTED, AgreementPhase.TERMINATED}


def vacant_places(final: FinalStage, places: EmptyPlaces) -> VacantPlaces:
    """The places that a revival call of the stage may fill, as the record has them.

    Raises: NotAllowed before the decision is final, and where no place is empty.
    """
    if final.confirmed is None:
        raise NotAllowed(
            f"the decision of {final.stage} is not final",
            remedy="confirm it once objections are over or closed early",
        )
    free = places.places - len(places.filled)
    if free < 1:
        raise NotAllowed(
            f"{final.stage} has no empty place", remedy="nothing has to be filled"
        )
    early = final.confirmed.early
    return VacantPlaces(
        stage=final.stage,
        places=free,
        settled=Settled.CLOSED_EARLY if early else Settled.CONFIRMED,
        at=final.final_at,
        decision=final.confirmed.decision,
    )


def outcome_of(
    call: str,
    places: EmptyPlaces,
    applications: Sequence[ApplicationState],
    agreements: Sequence[AgreementState],
    *,
    teams: Mapping[str, str],
) -> tuple[VacancyEvent, ...]:
    """What becomes of the places at the end of their call.

    Whoever was selected and signed takes a place, as the team that `teams` names for
    the application, else under the application's id; the rest stays empty.

    Raises: InvalidInput where `teams` names an application that takes no place.
    """
    signed = {a.terms.application for a in agreements if a.phase in _BOUND}
    entered = [
        a.id
        for a in applications
        if a.phase is ApplicationPhase.SELECTED and a.id in signed
    ]
    if unknown := sorted(set(teams) - set(entered)):
        raise InvalidInput(
            f"{', '.join(unknown)} takes no place from call {call}",
            remedy=f"applications with a signed agreement: "
            f"{', '.join(entered) or 'none'}",
        )
    known = {place.application for place in places.filled}
    filled = [
        PlaceFilled(team=teams.get(name, name), application=name)
        for name in entered
        if name not in known
    ]
    free = places.places - len(places.filled) - len(filled)
    if free < 1:
        return tuple(filled)
    reason = Text(
        f"추가 공모 {call}에서 {len(entered)}팀이 협약을 맺어 {free}자리를 비워 둠",
        f"{len(entered)} team(s) signed an agreement in revival call {call}; {free} "
        "place(s) stay empty",
    )
    return (*filled, PlacesLeftEmpty(reason=reason))
