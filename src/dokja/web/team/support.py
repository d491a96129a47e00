"""What a team is shown of its support on its own page; the rest stands at /support."""

from __future__ import annotations

import msgspec

from dokja.support.gpu.values import IncidentState
from dokja.support.overview import SupportOverview, TeamTotal, of_team
from dokja.web.support.acts.making import record_of
from dokja.wiring.office import Office


class OwnSupport(msgspec.Struct, frozen=True, kw_only=True):
    """Support of one team in a few figures."""

    unit: str
    total: TeamTotal | None
    """None where it was promised no GPUs."""
    owed: tuple[str, ...]
    """Incidents that are fixed and not made up for yet."""
    data: int
    """Assets it is entitled to."""
    held_back: int
    """How many of them cannot be handed over yet."""


def own_support(office: Office, team: str) -> OwnSupport | None:
    """The team's support; None where the rulebook says nothing of any."""
    if not office.rulebook.support_rules:
        return None
    found = of_team(record_of(office).overview, team)
    return OwnSupport(
        unit=found.unit,
        total=found.teams[0] if found.teams else None,
        owed=_owed(found),
        data=len(found.assets),
        held_back=sum(asset.held_back is not None for asset in found.assets),
    )


def _owed(found: SupportOverview) -> tuple[str, ...]:
    return tuple(
        f"{pool.id} {incident.id}"
        for pool in found.pools
        for incident in pool.incidents
        if incident.state is IncidentState.FIXED
    )
