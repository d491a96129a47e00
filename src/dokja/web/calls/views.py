"""What the rooms of calls show, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from dokja.call.agreements.state import AgreementFile, AgreementState
from dokja.call.agreements.values import Obligation
from dokja.call.applications.state import ApplicationFile, ApplicationState
from dokja.call.event_words import EVENT_WORDS
from dokja.call.overview import CallOverview
from dokja.call.state import CallState, moment
from dokja.call.values import (
    CallDecided,
    CallKind,
    PanelNamed,
    ReviewRound,
    Screened,
    VacantPlaces,
)
from dokja.call.words import (
    AGREEMENT_PHASES,
    ELIGIBILITY,
    FIRM_SIZES,
    KINDS,
    OBLIGATIONS,
    PHASES,
    ROLES,
    ROUNDS,
    TRACK_ITEMS,
    check_name,
)
from dokja.evidence.values import Check, CheckResult, Text
from dokja.lineage.values import LineageVerdict
from dokja.programme.agenda import TimelineEntry, timeline
from dokja.report.wording import CHECK, VERDICT
from dokja.web.acts import ActLink

_COLOURS: Mapping[CheckResult, str] = {
    CheckResult.PASS: "good",
    CheckResult.FAIL: "stop",
    CheckResult.INCONCLUSIVE: "care",
    CheckResult.DECLARED: "",
    CheckResult.NOT_RUN: "",
    CheckResult.NOT_APPLICABLE: "",
}
"""Badges of results; a comparison is never shown in the colour of a verdict."""


class CallCard(msgspec.Struct, frozen=True, kw_only=True):
    """A call in the list."""

    id: str
    title: Text
    kind: Text
    phase: str
    phase_name: Text
    opens: str
    closes: str
    slots: int
    takes: bool
    """Whether somebody can apply now."""


class CallList(msgspec.Struct, frozen=True, kw_only=True):
    """`/calls`."""

    calls: tuple[CallCard, ...]
    begins: tuple[ActLink, ...]


class PanelRow(msgspec.Struct, frozen=True, kw_only=True):
    """A panel that was named."""

    round: Text
    panel: PanelNamed


class CallPage(msgspec.Struct, frozen=True, kw_only=True):
    """`/calls/{call}` as its reader may see it."""

    call: CallOverview
    kind: Text
    phase_name: Text
    phases: Mapping[str, Text]
    """Words of the phases that stand in the page."""
    takes: bool
    has_ended: bool
    """Whether the window is over, the call closed or not."""
    vacancy: VacantPlaces | None
    own: str
    """The reader's own application; empty where there is none."""
    is_office: bool
    """Whether everything is shown."""
    panels: tuple[PanelRow, ...]
    screened: Screened | None
    decided: CallDecided | None
    steps: tuple[ActLink, ...]
    words: tuple[ActLink, ...]
    applies: tuple[ActLink, ...]


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation of the consortium."""

    organisation: str
    role: Text
    size: Text
    part: str


class VerdictRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a cited report says of one component."""

    component: str
    verdict: Text


class CitationRow(msgspec.Struct, frozen=True, kw_only=True):
    """A comparison of weights that is cited beside a shown model."""

    report: str
    reference: str
    holder: str
    released: date | None
    verdicts: tuple[VerdictRow, ...]


class TrackRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of earlier work, and what was found of it."""

    id: str
    item: Text
    name: str
    amount: int
    released: date | None
    evidence: tuple[str, ...]
    found: Text | None
    colour: str
    detail: Text | None
    comparisons: tuple[CitationRow, ...]


class CheckRow(msgspec.Struct, frozen=True, kw_only=True):
    """A check with its name and its result in words."""

    check: Check
    name: Text
    result: Text
    colour: str


class ObligationRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is owed, and what became of it."""

    obligation: Obligation
    status: Text
    is_settled: bool
    is_overdue: bool


class AgreementView(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement with what is owed under it."""

    agreement: AgreementState
    phase: Text
    obligations: tuple[ObligationRow, ...]


class ApplicationPage(msgspec.Struct, frozen=True, kw_only=True):
    """`/calls/{call}/{application}`, to the office and to the applicant itself."""

    call: str
    call_title: Text
    application: ApplicationState
    phase_name: Text
    members: tuple[MemberRow, ...]
    track: tuple[TrackRow, ...]
    checks: tuple[CheckRow, ...]
    """As found; before that, as they stand now, to the office alone."""
    eligibility: Text | None
    agreement: AgreementView | None
    is_office: bool
    examines: tuple[ActLink, ...]
    hands_in: tuple[ActLink, ...]
    agrees: tuple[ActLink, ...]
    history: tuple[TimelineEntry, ...]


def call_card(state: CallState, now: str) -> CallCard:
    """The call in the list."""
    return CallCard(
        id=state.id,
        title=state.text.title,
        kind=KINDS[state.text.kind],
        phase=state.phase.value,
        phase_name=PHASES[state.phase.value],
        opens=state.text.opens,
        closes=state.closes,
        slots=state.text.slots,
        takes=state.takes(now),
    )


def call_page(
    overview: CallOverview, state: CallState, *, now: str, is_office: bool, own: str
) -> CallPage:
    """The call's page before anything is offered on it."""
    return CallPage(
        call=overview,
        kind=KINDS[CallKind(state.text.kind)],
        phase_name=PHASES[state.phase.value],
        phases={a.phase.value: PHASES[a.phase.value] for a in overview.applications},
        takes=state.takes(now),
        has_ended=moment(now) >= moment(state.closes),
        vacancy=state.vacancy,
        own=own,
        is_office=is_office,
        panels=_panels(state) if is_office else (),
        screened=state.screened if is_office else None,
        decided=state.decided if is_office else None,
        steps=(),
        words=(),
        applies=(),
    )


def _panels(state: CallState) -> tuple[PanelRow, ...]:
    named = [(which, state.panels.get(which)) for which in ReviewRound]
    return tuple(PanelRow(round=ROUNDS[r], panel=p) for r, p in named if p is not None)


def application_page(
    file: ApplicationFile,
    agreement: AgreementFile | None,
    *,
    title: Text,
    checks: Sequence[Check],
    today: date,
    is_office: bool,
) -> ApplicationPage:
    """The application's page before anything is offered on it."""
    state = file.state if is_office else _without_people(file.state)
    found = state.eligibility
    shown = found.checks if found else (checks if is_office else ())
    return ApplicationPage(
        call=state.call,
        call_title=title,
        application=state,
        phase_name=PHASES[state.phase.value],
        members=tuple(
            MemberRow(
                organisation=m.organisation,
                role=ROLES[m.role],
                size=FIRM_SIZES[m.size],
                part=m.part,
            )
            for m in state.proposal.members
        ),
        track=_track_rows(state),
        checks=check_rows(shown),
        eligibility=ELIGIBILITY[found.outcome] if found else None,
        agreement=agreement_view(agreement.state, today) if agreement else None,
        is_office=is_office,
        examines=(),
        hands_in=(),
        agrees=(),
        history=_history(file, agreement, names_people=is_office),
    )


def check_rows(checks: Sequence[Check]) -> tuple[CheckRow, ...]:
    """The checks in words."""
    return tuple(
        CheckRow(
            check=check,
            name=check_name(check.id),
            result=CHECK[check.result],
            colour=_COLOURS[check.result],
        )
        for check in checks
    )


def agreement_view(agreement: AgreementState, today: date) -> AgreementView:
    """The agreement, what is owed first by its day."""
    late = {owed.id for owed in agreement.overdue(today)}
    owed = sorted(agreement.terms.obligations, key=lambda one: (one.due, one.id))
    return AgreementView(
        agreement=agreement,
        phase=AGREEMENT_PHASES[agreement.phase],
        obligations=tuple(
            ObligationRow(
                obligation=one,
                status=OBLIGATIONS[agreement.status(one.id)],
                is_settled=one.id in agreement.settled,
                is_overdue=one.id in late,
            )
            for one in owed
        ),
    )


def _track_rows(state: ApplicationState) -> tuple[TrackRow, ...]:
    rows = []
    for entry in state.proposal.track:
        checked = state.track_checks.get(entry.id)
        rows.append(
            TrackRow(
                id=entry.id,
                item=TRACK_ITEMS[entry.item],
                name=entry.name,
                amount=entry.amount,
                released=entry.released,
                evidence=entry.evidence,
                found=CHECK[checked.result] if checked else None,
                colour=_COLOURS[checked.result] if checked else "",
                detail=checked.detail if checked else None,
                comparisons=_citations(state, entry.id),
            )
        )
    return tuple(rows)


def _citations(state: ApplicationState, entry: str) -> tuple[CitationRow, ...]:
    return tuple(
        CitationRow(
            report=cited.report,
            reference=cited.reference,
            holder=cited.reference_holder,
            released=cited.reference_released,
            verdicts=tuple(
                VerdictRow(
                    component=one.component,
                    verdict=VERDICT[LineageVerdict(one.verdict)],
                )
                for one in cited.verdicts
            ),
        )
        for cited in state.comparisons
        if cited.entry == entry
    )


def _without_people(state: ApplicationState) -> ApplicationState:
    """The application without who looked: officers are named to the office alone."""
    if state.eligibility is None:
        return state
    found = msgspec.structs.replace(state.eligibility, reviewers=())
    return msgspec.structs.replace(state, eligibility=found)


def _history(
    file: ApplicationFile, agreement: AgreementFile | None, *, names_people: bool
) -> tuple[TimelineEntry, ...]:
    files = [(file.state.id, file.entries)]
    if agreement is not None:
        files.append((f"{agreement.state.id} (agreement)", agreement.entries))
    found = timeline(files, EVENT_WORDS)
    if names_people:
        return found
    return tuple(msgspec.structs.replace(entry, by="") for entry in found)
