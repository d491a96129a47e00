"""What the acts of a call amount to, and which act may follow in which phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from dokja.call.values import (
    Answered,
    Asked,
    BidMovedUp,
    CallClosed,
    CallClosedOut,
    CallDecided,
    CallDrafted,
    CallEvent,
    CallExtended,
    CallOpened,
    CallPhase,
    CallRevised,
    CallText,
    Channel,
    Clarified,
    Contradiction,
    MarkedContradicting,
    PanelNamed,
    ReviewRound,
    Screened,
    ScreeningBegun,
    VacantPlaces,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Matter, Recorded, read_history

CALL = "call"
EVENTS: Any = CallEvent
"""The union as a value, which no annotation of a type parameter can name."""
_P = CallPhase
ALLOWED: Mapping[type, frozenset[CallPhase]] = {
    CallRevised: frozenset({_P.DRAFT}),
    CallOpened: frozenset({_P.DRAFT}),
    CallExtended: frozenset({_P.OPEN}),
    Clarified: frozenset({_P.OPEN, _P.CLOSED}),
    Asked: frozenset({_P.OPEN}),
    Answered: frozenset({_P.OPEN, _P.CLOSED}),
    MarkedContradicting: frozenset(set(_P) - {_P.DRAFT}),
    CallClosed: frozenset({_P.OPEN}),
    PanelNamed: frozenset({_P.CLOSED, _P.SCREENING, _P.REVIEWING}),
    ScreeningBegun: frozenset({_P.CLOSED}),
    Screened: frozenset({_P.SCREENING}),
    CallDecided: frozenset({_P.REVIEWING}),
    BidMovedUp: frozenset({_P.SELECTED}),
    CallClosedOut: frozenset({_P.SELECTED, _P.NO_SELECTION}),
}
"""The state machine: the phases in which an act may follow."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a notice or of an answer, as it was said."""

    version: int
    at: str
    text: Text
    contradicts: Contradiction | None
    replaced: bool = False
    """Whether a later version stands; what was said stays visible."""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """An official notice in all its versions."""

    id: str
    versions: tuple[Said, ...]


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question with everything that was answered to it."""

    id: str
    channel: Channel
    asked: str
    text: Text
    versions: tuple[Said, ...] = ()


class CallState(msgspec.Struct, frozen=True, kw_only=True):
    """A call as its acts make it."""

    id: str
    text: CallText
    closes: str
    """As extended; the text keeps what was announced."""
    phase: CallPhase = CallPhase.DRAFT
    rules_digest: str = ""
    vacancy: VacantPlaces | None = None
    notices: tuple[Notice, ...] = ()
    questions: tuple[Question, ...] = ()
    panels: Mapping[ReviewRound, PanelNamed] = {}
    screened: Screened | None = None
    decided: CallDecided | None = None
    moved_up: tuple[BidMovedUp, ...] = ()

    def takes(self, at: str) -> bool:
        """Whether an application is in time at that moment: half-open window."""
        if self.phase is not CallPhase.OPEN:
            return False
        return moment(self.text.opens) <= moment(at) < moment(self.closes)


class CallFile(msgspec.Struct, frozen=True, kw_only=True):
    """A call with the acts it was read from."""

    matter: Matter
    acts: tuple[Act, ...]
    entries: tuple[Recorded[Any], ...]
    state: CallState


def call_file(matter: Matter, acts: Sequence[Act]) -> CallFile:
    """The call of these acts. Raises: Conflict where they contradict each other."""
    entries: tuple[Recorded[Any], ...] = read_history(acts, EVENTS)
    return CallFile(
        matter=matter,
        acts=tuple(acts),
        entries=entries,
        state=call_state(matter.id, entries),
    )


def call_state(call: str, entries: Sequence[Recorded[Any]]) -> CallState:
    """The call after these entries. Raises: Conflict where one may not follow."""
    if not entries or not isinstance(entries[0].event, CallDrafted):
        raise Conflict(
            f"call {call} does not begin with a draft",
            remedy="draft the call first, or restore a backup of the record",
        )
    text = entries[0].event.text
    state = CallState(id=call, text=text, closes=text.closes)
    for entry in entries[1:]:
        if state.phase not in ALLOWED.get(type(entry.event), frozenset()):
            raise Conflict(
                f"entry {entry.number} of call {call} cannot follow in phase "
                f"{state.phase.value}",
                remedy="restore a backup of the record and compare it",
            )
        state = _after(state, entry)
    return state


def require_phase(state: CallState, event: type, *, act: str) -> None:
    """Nothing. Raises: NotAllowed where the act may not follow now."""
    allowed = ALLOWED[event]
    if state.phase not in allowed:
        names = ", ".join(sorted(phase.value for phase in allowed))
        raise NotAllowed(
            f"call {state.id} is {state.phase.value}; {act} while it is {names}",
            remedy=f"`dokja call show {state.id}` says what is due and what waits",
        )


def moment(at: str) -> datetime:
    """The moment of an ISO 8601 text. Raises: InvalidInput without a zone."""
    try:
        found = datetime.fromisoformat(at)
    except ValueError as error:
        raise InvalidInput(
            f"{at!r} is no moment", remedy="write 2026-01-23T09:00:00+09:00"
        ) from error
    if found.tzinfo is None:
        raise InvalidInput(f"{at} has no zone", remedy="write the zone, such as +09:00")
    return found


def _after(state: CallState, entry: Recorded[Any]) -> CallState:
    event = entry.event
    changes: dict[str, Any]
    match event:
        case CallRevised():
            changes = {"text": event.text, "closes": event.text.closes}
        case CallOpened():
            changes = {"rules_digest": event.rules_digest, "vacancy": event.vacancy}
        case CallExtended():
            changes = {"closes": event.closes}
        case PanelNamed():
            changes = {"panels": {**state.panels, event.round: event}}
        case Screened():
            changes = {"screened": event}
        case CallDecided():
            changes = {"decided": event}
        case BidMovedUp():
            changes = {"moved_up": (*state.moved_up, event)}
        case Clarified() | Answered() | Asked() | MarkedContradicting():
            changes = _words_after(state, event, entry.mandate.at)
        case _:
            changes = {}
    return replace(state, phase=_phase_after(state, event), **changes)


def _phase_after(state: CallState, event: Any) -> CallPhase:
    if isinstance(event, CallDecided) and not event.selected:
        return CallPhase.NO_SELECTION
    return _NEXT.get(type(event), state.phase)


_NEXT: Mapping[type, CallPhase] = {
    CallOpened: CallPhase.OPEN,
    CallClosed: CallPhase.CLOSED,
    ScreeningBegun: CallPhase.SCREENING,
    Screened: CallPhase.REVIEWING,
    CallDecided: CallPhase.SELECTED,
    CallClosedOut: CallPhase.CLOSED_OUT,
}


def _words_after(
    state: CallState,
    event: Clarified | Answered | Asked | MarkedContradicting,
    at: str,
) -> dict[str, Any]:
    """What of the state changes after something was asked, said or marked."""
    match event:
        case Asked():
            asked = Question(
                id=event.id, channel=event.channel, asked=at, text=event.text
            )
            return {"questions": (*state.questions, asked)}
        case Clarified():
            known = {notice.id: notice for notice in state.notices}
            notice = known.get(event.id, Notice(id=event.id, versions=()))
            versions = _said(notice.versions, event, at)
            known[event.id] = replace(notice, versions=versions)
            return {"notices": tuple(known.values())}
        case Answered():
            return {
                "questions": tuple(
                    replace(q, versions=_said(q.versions, event, at))
                    if q.id == event.question
                    else q
                    for q in state.questions
                )
            }
        case MarkedContradicting():
            return {
                "notices": tuple(_marked(n, event) for n in state.notices),
                "questions": tuple(_marked(q, event) for q in state.questions),
            }


def _said(
    versions: tuple[Said, ...], event: Clarified | Answered, at: str
) -> tuple[Said, ...]:
    latest = Said(
        version=len(versions) + 1,
        at=at,
        text=event.text,
        contradicts=event.contradicts,
    )
    return (*(replace(said, replaced=True) for said in versions), latest)


def _marked(of: Any, event: MarkedContradicting) -> Any:
    if of.id != event.id:
        return of
    return replace(
        of,
        versions=tuple(
            replace(said, contradicts=event.contradiction)
            if said.version == event.version
            else said
            for said in of.versions
        ),
    )
