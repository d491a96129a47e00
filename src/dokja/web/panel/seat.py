"""The seat a visitor has at the panel, and the form they sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from dokja.panel.desk import PanelDesk
from dokja.people.permissions import Permission, require
from dokja.web.visit import Visit
from dokja.wiring.panel_room import PanelRoom, open_panel_room


@dataclass(frozen=True)
class Seat:
    """An expert at the desk of the stage's panel."""

    room: PanelRoom
    desk: PanelDesk
    expert: str
    """Pseudonym."""
    at: str
    """The moment of the request."""


def seat_of(visit: Visit) -> Seat:
    """The seat of the signed-in expert.

    Raises: NotAllowed for everybody else, and while nobody can score yet.
    """
    require(visit.account, Permission.SCORE_SHEETS)
    assert visit.account is not None, "nobody else has the permission"
    room = open_panel_room(visit.office)
    room.require_ready()
    return Seat(
        room=room,
        desk=room.desk(visit.account.id),
        expert=visit.account.subject,
        at=visit.office.now().isoformat(),
    )


async def sent_form(request: Request) -> Mapping[str, str]:
    """The text fields of the form; of a field sent twice the last one."""
    form = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


Sent = Annotated[Mapping[str, str], Depends(sent_form)]
