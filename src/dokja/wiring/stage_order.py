"""From one stage to the next on the office's record, and to the end."""

from __future__ import annotations

from datetime import datetime

from dokja.decision.after import (
    NextStage,
    final_matter,
    name_teams,
    select_final,
    stage_teams_matter,
)
from dokja.decision.after.values import EmptyPlaces
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate
from dokja.wiring.after_decision import desk_of_office, settled_stage
from dokja.wiring.calls import CallRoom
from dokja.wiring.office import Office


def name_next_stage(
    office: Office, stage: str, *, begins: str, ends: str, mandate: Mandate
) -> Act:
    """The act that names the teams of the stage that follows the office's.

    Raises: what `name_teams` raises.
    """
    settled = settled_stage(office)
    matter = stage_teams_matter(office.plan.programme, stage)
    following = NextStage(
        id=stage, begins=begins, ends=ends, begins_of=_begins(office, settled.places)
    )
    return name_teams(
        settled,
        following,
        desk_of_office(office).history(matter),
        rulebook=office.rulebook,
        mandate=mandate,
    )


def end_programme(office: Office, *, mandate: Mandate) -> Act:
    """The act that ends the programme with who is left. Raises: as `select_final`."""
    history = desk_of_office(office).history(final_matter(office.plan.programme))
    return select_final(
        settled_stage(office), history, rulebook=office.rulebook, mandate=mandate
    )


def _begins(office: Office, places: EmptyPlaces) -> dict[str, str]:
    """From when the time of each team in a filled place counts.

    The day its agreement starts; where the call was held elsewhere, the moment at
    which the place was filled.
    """
    desk = desk_of_office(office)
    room = CallRoom(desk=desk)
    found = {}
    for place, filled_at in zip(places.filled, places.filled_at, strict=True):
        agreed = room.drafted_agreement(places.call or "", place.application)
        if agreed is None:
            found[place.team] = filled_at
            continue
        zone = office.now().tzinfo
        day = agreed.state.terms.starts
        moment = datetime(day.year, day.month, day.day, tzinfo=zone)
        found[place.team] = moment.isoformat()
    return found
