"""What the acts of an application amount to, and which may follow in which phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from dokja.call.applications.values import (
    ApplicantAsked,
    ApplicantReplied,
    ApplicationDrafted,
    ApplicationEvent,
    ApplicationPhase,
    ApplicationRevised,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    CitedComparison,
    ComparisonCited,
    ConsortiumAmended,
    ConsortiumState,
    DocumentsReviewed,
    Eligibility,
    EligibilityFound,
    FeedbackGiven,
    HandedInFile,
    MovedUp,
    PresentationHeld,
    Proposal,
    SelectionMade,
    TrackChecked,
)
from dokja.call.state import moment
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act, CheckResult
from dokja.programme.matters import Matter, Recorded, read_history

APPLICATION = "application"
DEFINITION = "definition"
"""Id of the check whether the shown models meet the definition."""
TRACK = "track"
"""Id of the check whether there is more than an application."""
EVENTS: Any = ApplicationEvent
"""The union as a value, which no annotation of a type parameter can name."""
_P = ApplicationPhase
_LOOKED_AT = frozenset(
    {_P.SUBMITTED, _P.ELIGIBLE, _P.SCREENED_IN, _P.PRESENTED, _P.SELECTED}
)
ALLOWED: Mapping[type, frozenset[ApplicationPhase]] = {
    ApplicationRevised: frozenset({_P.DRAFT}),
    ApplicationSubmitted: frozenset({_P.DRAFT}),
    ConsortiumAmended: _LOOKED_AT,
    TrackChecked: frozenset({_P.SUBMITTED}),
    ComparisonCited: frozenset({_P.SUBMITTED}),
    ApplicantAsked: frozenset({_P.SUBMITTED}),
    ApplicantReplied: frozenset({_P.SUBMITTED}),
    EligibilityFound: frozenset({_P.SUBMITTED}),
    DocumentsReviewed: frozenset({_P.ELIGIBLE}),
    PresentationHeld: frozenset({_P.SCREENED_IN}),
    SelectionMade: frozenset({_P.PRESENTED}),
    MovedUp: frozenset({_P.NOT_SELECTED}),
    FeedbackGiven: frozenset({_P.INELIGIBLE, _P.SCREENED_OUT, _P.NOT_SELECTED}),
    ApplicationWithdrawn: frozenset({_P.DRAFT, *_LOOKED_AT}),
}
"""The state machine: the phases in which an act may follow."""


class ReplyAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A request for a reply, and the reply where one came."""

    request: ApplicantAsked
    asked: str
    shown: Mapping[str, int]
    """By check, how many findings against the application there were by then."""
    reply: ApplicantReplied | None = None
    replied: str = ""

    def is_over(self, at: str) -> bool:
        """Whether a reply came, or its time passed."""
        return self.reply is not None or moment(at) >= moment(self.request.until)


class ApplicationState(msgspec.Struct, frozen=True, kw_only=True):
    """An application as its acts make it."""

    id: str
    call: str
    proposal: Proposal
    """As submitted, with the consortium as amended."""
    phase: ApplicationPhase = ApplicationPhase.DRAFT
    consortium: ConsortiumState = ConsortiumState.PROPOSED
    files: tuple[HandedInFile, ...] = ()
    digest: str = ""
    submitted: str = ""
    track_checks: Mapping[str, TrackChecked] = {}
    comparisons: tuple[CitedComparison, ...] = ()
    against: Mapping[str, int] = {}
    """By check, how many findings there are that the applicant has to be shown."""
    replies: tuple[ReplyAsked, ...] = ()
    eligibility: EligibilityFound | None = None
    documents: DocumentsReviewed | None = None
    presentation: PresentationHeld | None = None
    selection: SelectionMade | None = None
    moved_up: MovedUp | None = None
    feedback: FeedbackGiven | None = None

    @property
    def stands(self) -> bool:
        """Whether it was handed in and not withdrawn."""
        return self.phase not in (_P.DRAFT, _P.WITHDRAWN)


class ApplicationFile(msgspec.Struct, frozen=True, kw_only=True):
    """An application with the acts it was read from."""

    matter: Matter
    acts: tuple[Act, ...]
    entries: tuple[Recorded[Any], ...]
    state: ApplicationState

    @property
    def seen(self) -> int:
        """How many of its acts were read."""
        return len(self.acts)


def application_file(matter: Matter, acts: Sequence[Act]) -> ApplicationFile:
    """The application of these acts. Raises: Conflict where they do not fit."""
    entries: tuple[Recorded[Any], ...] = read_history(acts, EVENTS)
    state = application_state(matter.id, entries)
    return ApplicationFile(
        matter=matter, acts=tuple(acts), entries=entries, state=state
    )


def application_state(name: str, entries: Sequence[Recorded[Any]]) -> ApplicationState:
    """The application after these entries. Raises: Conflict where one may not follow.

    `name` is the matter's: the call, a slash, the application's own id.
    """
    if not entries or not isinstance(entries[0].event, ApplicationDrafted):
        raise Conflict(
            f"application {name} does not begin with a draft",
            remedy="draft it first, or restore a backup of the record",
        )
    first = entries[0].event
    state = ApplicationState(
        id=name.rpartition("/")[2], call=first.call, proposal=first.proposal
    )
    for entry in entries[1:]:
        if state.phase not in ALLOWED.get(type(entry.event), frozenset()):
            raise Conflict(
                f"entry {entry.number} of application {name} cannot follow in phase "
                f"{state.phase.value}",
                remedy="restore a backup of the record and compare it",
            )
        state = _after(state, entry)
    return state


def require_phase(state: ApplicationState, event: type, *, act: str) -> None:
    """Nothing. Raises: NotAllowed where the act may not follow now."""
    allowed = ALLOWED[event]
    if state.phase not in allowed:
        names = ", ".join(sorted(phase.value for phase in allowed))
        raise NotAllowed(
            f"application {state.id} is {state.phase.value}; {act} while it is {names}",
            remedy=f"`dokja call show {state.call}` says what is due and what waits",
        )


def _after(state: ApplicationState, entry: Recorded[Any]) -> ApplicationState:
    event, at = entry.event, entry.mandate.at
    changes: dict[str, Any]
    match event:
        case ApplicationRevised():
            changes = {"proposal": event.proposal}
        case ApplicationSubmitted():
            changes = {
                "files": event.files,
                "digest": event.digest,
                "submitted": at,
                "consortium": ConsortiumState.FIXED,
            }
        case ConsortiumAmended():
            changes = {
                "proposal": replace(state.proposal, members=event.members),
                "consortium": ConsortiumState.AMENDED,
            }
        case TrackChecked():
            checks = {**state.track_checks, event.entry: event}
            changes = {"track_checks": checks, "against": _against(state, event)}
        case ComparisonCited():
            comparisons = (*state.comparisons, event.comparison)
            changes = {"comparisons": comparisons, "against": _against(state, event)}
        case ApplicantAsked():
            asked = ReplyAsked(request=event, asked=at, shown=state.against)
            changes = {"replies": (*state.replies, asked)}
        case ApplicantReplied():
            changes = {"replies": _answered(state.replies, event, at)}
        case _:
            field = _FIELDS.get(type(event))
            changes = {field: event} if field else {}
    return replace(state, phase=_phase_after(state, event), **changes)


_FIELDS: Mapping[type, str] = {
    EligibilityFound: "eligibility",
    DocumentsReviewed: "documents",
    PresentationHeld: "presentation",
    SelectionMade: "selection",
    MovedUp: "moved_up",
    FeedbackGiven: "feedback",
}


def _phase_after(state: ApplicationState, event: Any) -> ApplicationPhase:
    match event:
        case EligibilityFound(outcome=Eligibility.UNDETERMINED):
            return state.phase
        case EligibilityFound():
            return ApplicationPhase(event.outcome.value)
        case DocumentsReviewed():
            return _P.SCREENED_IN if event.goes_on else _P.SCREENED_OUT
        case SelectionMade():
            return _P.SELECTED if event.selected else _P.NOT_SELECTED
    return _NEXT.get(type(event), state.phase)


_NEXT: Mapping[type, ApplicationPhase] = {
    ApplicationSubmitted: _P.SUBMITTED,
    PresentationHeld: _P.PRESENTED,
    MovedUp: _P.SELECTED,
    ApplicationWithdrawn: _P.WITHDRAWN,
}


def _against(
    state: ApplicationState, event: TrackChecked | ComparisonCited
) -> dict[str, int]:
    """The findings against the application after one more look.

    Looking again at what failed before finds nothing new; a comparison always may.
    """
    before = {**state.against}
    if isinstance(event, ComparisonCited):
        return {**before, DEFINITION: before.get(DEFINITION, 0) + 1}
    earlier = state.track_checks.get(event.entry)
    failed_before = earlier is not None and earlier.result is CheckResult.FAIL
    if event.result is not CheckResult.FAIL or failed_before:
        return before
    return {**before, TRACK: before.get(TRACK, 0) + 1}


def _answered(
    replies: tuple[ReplyAsked, ...], event: ApplicantReplied, at: str
) -> tuple[ReplyAsked, ...]:
    """The requests, all that were open answered by this reply."""
    return tuple(
        replace(one, reply=event, replied=at) if one.reply is None else one
        for one in replies
    )
