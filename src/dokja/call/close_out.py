"""What follows a selection: feedback to each applicant, and the end of the call."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.call.agreements.state import AgreementState
from dokja.call.agreements.values import AgreementPhase
from dokja.call.applications.state import (
    ApplicationFile,
    ApplicationState,
)
from dokja.call.applications.state import (
    require_phase as require_application,
)
from dokja.call.applications.values import ApplicationPhase, FeedbackGiven
from dokja.call.state import CallFile, require_phase
from dokja.call.values import CallClosedOut
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, next_act

_P = ApplicationPhase
LEFT = frozenset({_P.INELIGIBLE, _P.SCREENED_OUT, _P.NOT_SELECTED})
"""Phases in which an applicant is owed feedback."""
_CONCLUDED = frozenset(AgreementPhase) - {AgreementPhase.DRAFTED}


def give_feedback(
    application: ApplicationFile, given: FeedbackGiven, *, seen: int, mandate: Mandate
) -> Act:
    """The act of feedback; only the applicant and auditors are shown it.

    Raises: NotAllowed for who was not decided against; InvalidInput if empty.
    """
    require_application(application.state, FeedbackGiven, act="feedback is given only")
    if not given.text.ko.strip() and not given.text.en.strip():
        raise InvalidInput(
            "the feedback is empty", remedy="say what would have helped the bid"
        )
    return next_act(
        application.matter, application.acts, given, seen=seen, mandate=mandate
    )


def close_out_call(
    call: CallFile,
    applications: Sequence[ApplicationState],
    agreements: Sequence[AgreementState],
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that ends a call.

    Raises: NotAllowed while a selected team has no signed agreement, or somebody
    who left has no feedback.
    """
    require_phase(call.state, CallClosedOut, act="it is closed out only")
    open_ends = (
        *(f"no signed agreement: {n}" for n in unsigned(applications, agreements)),
        *(f"no feedback: {n}" for n in without_feedback(applications)),
    )
    if open_ends:
        raise NotAllowed(
            f"call {call.state.id} is not at its end: {'; '.join(open_ends)}",
            remedy="sign, or record the withdrawal; give feedback to whoever left",
        )
    return next_act(call.matter, call.acts, CallClosedOut(), seen=seen, mandate=mandate)


def unsigned(
    applications: Sequence[ApplicationState], agreements: Sequence[AgreementState]
) -> tuple[str, ...]:
    """Selected applications whose agreement nobody signed yet."""
    signed = {a.terms.application for a in agreements if a.phase in _CONCLUDED}
    return tuple(
        sorted(
            a.id
            for a in applications
            if a.phase is ApplicationPhase.SELECTED and a.id not in signed
        )
    )


def without_feedback(applications: Sequence[ApplicationState]) -> tuple[str, ...]:
    """Applications that were decided against and were told nothing more yet."""
    return tuple(
        sorted(a.id for a in applications if a.phase in LEFT and a.feedback is None)
    )
