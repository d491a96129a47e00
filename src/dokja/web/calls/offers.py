"""Which acts a page offers: those that may follow as the record stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dokja.call.agreements import state as agreements
from dokja.call.agreements import values as agreed
from dokja.call.agreements.state import AgreementState
from dokja.call.applications import state as applications
from dokja.call.applications import values as applied
from dokja.call.applications.eligibility import eligibility_of
from dokja.call.applications.state import ApplicationState
from dokja.call.applications.values import ApplicationPhase, Eligibility
from dokja.call.state import ALLOWED, CallState, Notice, Question, moment
from dokja.call.values import (
    Answered,
    Asked,
    BidMovedUp,
    CallClosed,
    CallClosedOut,
    CallDecided,
    CallExtended,
    CallKind,
    CallOpened,
    CallPhase,
    CallRevised,
    Clarified,
    MarkedContradicting,
    PanelNamed,
    Screened,
    ScreeningBegun,
)
from dokja.evidence.values import Check

_STEPS: Mapping[str, type] = {
    "call-revise": CallRevised,
    "call-open": CallOpened,
    "call-extend": CallExtended,
    "call-close": CallClosed,
    "call-panel": PanelNamed,
    "call-screen": ScreeningBegun,
    "call-shortlist": Screened,
    "call-decide": CallDecided,
    "call-move-up": BidMovedUp,
    "call-close-out": CallClosedOut,
}
_OF_PLACES = {"call-open", "call-close-out"}
"""Acts of a revival call that say something of the stage's empty places as well."""
_WORDS: Mapping[str, type] = {
    "call-notice": Clarified,
    "call-question": Asked,
    "call-answer": Answered,
    "call-mark": MarkedContradicting,
}
_EXAMINES: Mapping[str, type] = {
    "application-check": applied.TrackChecked,
    "application-cite": applied.ComparisonCited,
    "application-ask-reply": applied.ApplicantAsked,
    "application-feedback": applied.FeedbackGiven,
}
_AGREES: Mapping[str, type] = {
    "agreement-sign": agreed.AgreementSigned,
    "agreement-begin": agreed.AgreementActivated,
    "agreement-met": agreed.ObligationMet,
    "agreement-waived": agreed.ObligationWaived,
    "agreement-breached": agreed.ObligationBreached,
    "agreement-amend": agreed.AgreementAmended,
    "agreement-complete": agreed.AgreementCompleted,
    "agreement-terminate": agreed.AgreementTerminated,
}
_NOT_SIGNED = {agreed.AgreementPhase.DRAFTED, agreed.AgreementPhase.TERMINATED}
_SETTLES = {"agreement-met", "agreement-waived", "agreement-breached"}


def steps_of(
    call: CallState, applications: Sequence[ApplicationState], now: str
) -> tuple[str, ...]:
    """Acts of the office on the call itself."""
    found = [name for name, event in _STEPS.items() if call.phase in ALLOWED[event]]
    is_revival = call.text.kind is CallKind.REVIVAL
    is_over = moment(now) >= moment(call.closes)
    not_now = {"call-extend" if is_over else "call-close"}
    if not _given_up(call, applications):
        not_now.add("call-move-up")
    return tuple(
        f"{name}-revival" if is_revival and name in _OF_PLACES else name
        for name in found
        if name not in not_now
    )


def _given_up(call: CallState, applications: Sequence[ApplicationState]) -> bool:
    """Whether a selected bid was withdrawn and nobody took its place."""
    selected = call.decided.selected if call.decided else ()
    taken = {event.instead_of for event in call.moved_up}
    held = {*selected, *(event.application for event in call.moved_up)} - taken
    return any(
        bid.id in held and bid.phase is ApplicationPhase.WITHDRAWN
        for bid in applications
    )


def words_of(call: CallState) -> tuple[str, ...]:
    """Acts of the office on what is said of the call."""
    found = [name for name, event in _WORDS.items() if call.phase in ALLOWED[event]]
    spoken: tuple[Notice | Question, ...] = (*call.notices, *call.questions)
    unmarked = any(said.contradicts is None for one in spoken for said in one.versions)
    missing = set()
    if not call.questions:
        missing.add("call-answer")
    if not unmarked:
        missing.add("call-mark")
    return tuple(name for name in found if name not in missing)


def applies_to(call: CallState, now: str, *, is_office: bool) -> tuple[str, ...]:
    """The act by which an application to the call begins, while there is time."""
    if call.phase is not CallPhase.OPEN or moment(now) >= moment(call.closes):
        return ()
    return ("application-draft",) if is_office else ("own-application-draft",)


def examines(
    call: CallState, application: ApplicationState, checks: Sequence[Check]
) -> tuple[str, ...]:
    """Acts of the office on an application."""
    allowed, phase = applications.ALLOWED, application.phase
    found = [name for name, event in _EXAMINES.items() if phase in allowed[event]]
    is_time = call.phase in (CallPhase.CLOSED, CallPhase.SCREENING)
    if phase in allowed[applied.EligibilityFound] and is_time:
        found.append("application-eligibility")
        if eligibility_of(checks) is not Eligibility.ELIGIBLE:
            found.append("application-settle")
    is_reviewing = call.phase is CallPhase.REVIEWING
    if phase in allowed[applied.PresentationHeld] and is_reviewing:
        found.append("application-present")
    return tuple(found)


def hands_in(
    call: CallState,
    application: ApplicationState,
    agreement: AgreementState | None,
    now: str,
) -> tuple[str, ...]:
    """Acts of the applicant, or of the office that takes in what came on paper."""
    allowed, phase = applications.ALLOWED, application.phase
    found = []
    if phase is ApplicationPhase.DRAFT and call.phase is CallPhase.OPEN:
        found.append("application-revise")
        if call.takes(now):
            found.append("application-submit")
    is_awaited = any(not one.is_over(now) for one in application.replies)
    if phase in allowed[applied.ApplicantReplied] and is_awaited:
        found.append("application-reply")
    if phase in allowed[applied.ConsortiumAmended]:
        found.append("application-amend")
    is_signed = agreement is not None and agreement.phase not in _NOT_SIGNED
    if phase in allowed[applied.ApplicationWithdrawn] and not is_signed:
        found.append("application-withdraw")
    return tuple(found)


def agrees(
    application: ApplicationState, agreement: AgreementState | None
) -> tuple[str, ...]:
    """Acts of the office on the agreement with a selected application."""
    if agreement is None:
        is_selected = application.phase is ApplicationPhase.SELECTED
        return ("agreement-draft",) if is_selected else ()
    allowed = agreements.ALLOWED
    found = [n for n, event in _AGREES.items() if agreement.phase in allowed[event]]
    not_now = {"agreement-complete"} if agreement.open else _SETTLES
    return tuple(name for name in found if name not in not_now)
