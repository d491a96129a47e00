"""What a team applied to, what was agreed with it, and what it owes."""

from __future__ import annotations

from datetime import date

import msgspec

from dokja.call.state import CallFile
from dokja.call.words import PHASES
from dokja.evidence.values import Text
from dokja.web.calls.views import AgreementView, agreement_view
from dokja.wiring.calls import CallRoom


class OwnApplication(msgspec.Struct, frozen=True, kw_only=True):
    """An application of the team, with the agreement that came of it."""

    path: str
    call: Text
    phase: Text
    reply_until: str
    """When a reply is due; empty where none is waited for."""
    agreement: AgreementView | None


class OpenCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call that somebody can apply to now."""

    path: str
    call: Text
    closes: str


class OwnCalls(msgspec.Struct, frozen=True, kw_only=True):
    """Calls as they concern one team."""

    applications: tuple[OwnApplication, ...]
    open: tuple[OpenCall, ...]
    """Those it has not applied to."""


def own_calls(room: CallRoom, team: str, *, today: date, now: str) -> OwnCalls:
    """What the team applied to, and the calls it may still apply to."""
    applications, others = [], []
    for call in room.all_calls():
        found = _applied(room, call, team, today, now)
        if found is not None:
            applications.append(found)
        elif call.state.takes(now):
            path = f"/calls/{call.state.id}"
            title, closes = call.state.text.title, call.state.closes
            others.append(OpenCall(path=path, call=title, closes=closes))
    return OwnCalls(applications=tuple(applications), open=tuple(others))


def _applied(
    room: CallRoom, call: CallFile, team: str, today: date, now: str
) -> OwnApplication | None:
    name = call.state.id
    begun = room.begun(name, team)
    if begun is None:
        return None
    waiting = [one.request.until for one in begun.state.replies if not one.is_over(now)]
    agreed = room.drafted_agreement(name, team)
    return OwnApplication(
        path=f"/calls/{name}/{team}",
        call=call.state.text.title,
        phase=PHASES[begun.state.phase.value],
        reply_until=max(waiting, default=""),
        agreement=None if agreed is None else agreement_view(agreed.state, today),
    )
