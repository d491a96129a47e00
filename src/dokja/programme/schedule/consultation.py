"""Consultations: the teams are asked before dates or rules change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, Matter, Recorded, next_act, read_history
from dokja.programme.schedule.values import (
    Adopted,
    Answered,
    Consultation,
    ConsultationAbout,
    ConsultationEvent,
    ConsultationState,
    Dropped,
    Proposed,
    Stance,
)

CONSULTATION = "consultation"
_STATES: Mapping[type, ConsultationState] = {
    Adopted: ConsultationState.ADOPTED,
    Dropped: ConsultationState.DROPPED,
}


def consultation_matter(programme: str, name: str) -> Matter:
    """The matter of one consultation."""
    return Matter(programme=programme, kind=CONSULTATION, id=name)


def propose(
    matter: Matter, history: Sequence[Act], change: Proposed, *, mandate: Mandate
) -> Act:
    """The act that opens a consultation.

    Raises: InvalidInput where nobody is asked, nothing is proposed, or replies are
    due before today; Conflict where the name is taken.
    """
    dates = change.about is ConsultationAbout.SCHEDULE
    if dates != bool(change.milestones) or dates == (change.rules_digest is not None):
        raise InvalidInput(
            "a consultation about dates names dates, one about rules names the digest "
            "of the rulebook as it would be",
            remedy="give exactly what is to change",
        )
    if not change.teams or len(set(change.teams)) < len(change.teams):
        raise InvalidInput(
            "no team is asked, or one is asked twice", remedy="name each team once"
        )
    if date.fromisoformat(change.replies_until) < _day(mandate.at):
        raise InvalidInput(
            f"replies until {change.replies_until} are due before they are asked for",
            remedy="leave the teams time to reply",
        )
    return next_act(matter, history, change, seen=0, mandate=mandate)


def answer(
    matter: Matter,
    history: Sequence[Act],
    reply: Answered,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of a team's reply.

    Raises: NotAllowed after the last day or for a team that was not asked;
    InvalidInput for dissent without a reason.
    """
    asked = _open(matter, history)
    if reply.team not in asked.proposed.teams:
        raise NotAllowed(
            f"{reply.team} was not asked", remedy="reply from a team that was"
        )
    if _day(mandate.at) > date.fromisoformat(asked.proposed.replies_until):
        raise NotAllowed(
            f"replies were taken until {asked.proposed.replies_until}",
            remedy="write to the office; it can hold another consultation",
        )
    if reply.stance is Stance.DISSENT and not reply.text.strip():
        raise InvalidInput(
            "dissent without a reason", remedy="say what speaks against the change"
        )
    return next_act(matter, history, reply, seen=seen, mandate=mandate)


def settle(
    matter: Matter,
    history: Sequence[Act],
    outcome: Adopted | Dropped,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that adopts the change or drops it.

    Raises: NotAllowed while a team still may reply, or where dissent would be passed
    over in silence.
    """
    asked = _open(matter, history)
    if isinstance(outcome, Adopted):
        if asked.silent and _day(mandate.at) <= date.fromisoformat(
            asked.proposed.replies_until
        ):
            raise NotAllowed(
                f"{', '.join(asked.silent)} may reply until "
                f"{asked.proposed.replies_until}",
                remedy="wait for the replies or for the day after",
            )
        against = [a.team for a in asked.answers if a.stance is Stance.DISSENT]
        if against and outcome.to_dissent is None:
            raise NotAllowed(
                f"{', '.join(against)} dissented",
                remedy="answer the dissent when adopting the change",
            )
    return next_act(matter, history, outcome, seen=seen, mandate=mandate)


def consultation_of(matter: Matter, history: Sequence[Act]) -> Consultation:
    """The consultation as it stands. Raises: NotAllowed where there is none."""
    entries: tuple[Recorded[ConsultationEvent], ...] = read_history(
        history,
        ConsultationEvent,  # type: ignore[arg-type]
    )
    if not entries or not isinstance(entries[0].event, Proposed):
        raise NotAllowed(
            f"there is no consultation {matter.id}", remedy="propose the change first"
        )
    proposed = entries[0].event
    replies = [e.event for e in entries if isinstance(e.event, Answered)]
    latest = {reply.team: reply for reply in replies}
    last = entries[-1]
    state = _STATES.get(type(last.event), ConsultationState.OPEN)
    return Consultation(
        id=matter.id,
        state=state,
        proposed=proposed,
        proposed_at=entries[0].mandate.at,
        answers=tuple(latest[team] for team in sorted(latest)),
        silent=tuple(team for team in sorted(proposed.teams) if team not in latest),
        entries=len(entries),
        settled_at="" if state is ConsultationState.OPEN else last.mandate.at,
        outcome=_outcome(last.event),
    )


def _outcome(event: ConsultationEvent) -> Text | None:
    if isinstance(event, Adopted):
        return event.to_dissent
    return event.reason if isinstance(event, Dropped) else None


def _open(matter: Matter, history: Sequence[Act]) -> Consultation:
    found = consultation_of(matter, history)
    if found.state is not ConsultationState.OPEN:
        raise NotAllowed(
            f"consultation {matter.id} is {found.state}",
            remedy="propose the change anew",
        )
    return found


def _day(moment: str) -> date:
    return datetime.fromisoformat(moment).date()
