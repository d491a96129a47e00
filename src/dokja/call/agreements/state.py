"""What the acts of an agreement amount to, and which may follow in which phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from dokja.call.agreements.values import (
    AgreementActivated,
    AgreementAmended,
    AgreementCompleted,
    AgreementDrafted,
    AgreementEvent,
    AgreementPhase,
    AgreementSigned,
    AgreementTerminated,
    AgreementTerms,
    Obligation,
    ObligationBreached,
    ObligationMet,
    ObligationStatus,
    ObligationWaived,
)
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Matter, Recorded, read_history

AGREEMENT = "agreement"
EVENTS: Any = AgreementEvent
"""The union as a value, which no annotation of a type parameter can name."""
_P = AgreementPhase
_RUNNING = frozenset({_P.ACTIVE, _P.AMENDED})
ALLOWED: Mapping[type, frozenset[AgreementPhase]] = {
    AgreementSigned: frozenset({_P.DRAFTED}),
    AgreementActivated: frozenset({_P.SIGNED}),
    AgreementAmended: _RUNNING,
    ObligationMet: _RUNNING,
    ObligationBreached: _RUNNING,
    ObligationWaived: _RUNNING,
    AgreementTerminated: frozenset({_P.DRAFTED, _P.SIGNED, *_RUNNING}),
    AgreementCompleted: _RUNNING,
}
"""The state machine: the phases in which an act may follow."""
SETTLING: Mapping[type, ObligationStatus] = {
    ObligationMet: ObligationStatus.MET,
    ObligationBreached: ObligationStatus.BREACHED,
    ObligationWaived: ObligationStatus.WAIVED,
}


class AgreementState(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement as its acts make it."""

    id: str
    terms: AgreementTerms
    phase: AgreementPhase = AgreementPhase.DRAFTED
    document: str = ""
    settled: Mapping[str, ObligationStatus] = {}
    """By obligation; what is not here is due."""

    def status(self, obligation: str) -> ObligationStatus:
        """What became of an obligation so far."""
        return self.settled.get(obligation, ObligationStatus.DUE)

    @property
    def open(self) -> tuple[Obligation, ...]:
        """What is still owed, the next day first."""
        owed = (
            o
            for o in self.terms.obligations
            if self.status(o.id) is ObligationStatus.DUE
        )
        return tuple(sorted(owed, key=lambda o: (o.due, o.id)))

    def overdue(self, on: date) -> tuple[Obligation, ...]:
        """What was owed before this day and is not settled."""
        return tuple(o for o in self.open if o.due < on)


class AgreementFile(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement with the acts it was read from."""

    matter: Matter
    acts: tuple[Act, ...]
    entries: tuple[Recorded[Any], ...]
    state: AgreementState


def agreement_file(matter: Matter, acts: Sequence[Act]) -> AgreementFile:
    """The agreement of these acts. Raises: Conflict where they do not fit."""
    entries: tuple[Recorded[Any], ...] = read_history(acts, EVENTS)
    state = agreement_state(matter.id, entries)
    return AgreementFile(matter=matter, acts=tuple(acts), entries=entries, state=state)


def agreement_state(name: str, entries: Sequence[Recorded[Any]]) -> AgreementState:
    """The agreement after these entries. Raises: Conflict where one may not follow."""
    if not entries or not isinstance(entries[0].event, AgreementDrafted):
        raise Conflict(
            f"agreement {name} does not begin with a draft",
            remedy="draft it first, or restore a backup of the record",
        )
    state = AgreementState(id=name.rpartition("/")[2], terms=entries[0].event.terms)
    for entry in entries[1:]:
        if state.phase not in ALLOWED.get(type(entry.event), frozenset()):
            raise Conflict(
                f"entry {entry.number} of agreement {name} cannot follow in phase "
                f"{state.phase.value}",
                remedy="restore a backup of the record and compare it",
            )
        state = _after(state, entry.event)
    return state


def require_phase(state: AgreementState, event: type, *, act: str) -> None:
    """Nothing. Raises: NotAllowed where the act may not follow now."""
    allowed = ALLOWED[event]
    if state.phase not in allowed:
        names = ", ".join(sorted(phase.value for phase in allowed))
        raise NotAllowed(
            f"the agreement with {state.id} is {state.phase.value}; {act} while it is "
            f"{names}",
            remedy=f"`dokja call show {state.terms.call}` says what is due",
        )


def _after(state: AgreementState, event: Any) -> AgreementState:
    changes: dict[str, Any] = {}
    match event:
        case AgreementSigned():
            changes = {"document": event.document}
        case AgreementAmended():
            changes = {"terms": event.terms}
        case ObligationMet() | ObligationBreached() | ObligationWaived():
            settled = {**state.settled, event.obligation: SETTLING[type(event)]}
            changes = {"settled": settled}
    phase = _NEXT.get(type(event), state.phase)
    return replace(state, phase=phase, **changes)


_NEXT: Mapping[type, AgreementPhase] = {
    AgreementSigned: _P.SIGNED,
    AgreementActivated: _P.ACTIVE,
    AgreementAmended: _P.AMENDED,
    AgreementTerminated: _P.TERMINATED,
    AgreementCompleted: _P.COMPLETED,
}
