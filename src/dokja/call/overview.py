"""A call as one reader may see it: the office, the public, or one applicant.

Whoever left a call is shown to nobody but itself, unless the rules say so: a bid that
was not selected is not to be held against an organisation.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.call.agenda import call_agenda
from dokja.call.agreements.state import AgreementFile, AgreementState
from dokja.call.applications.state import ApplicationFile, ApplicationState
from dokja.call.applications.values import ApplicationPhase
from dokja.call.clarify import contradictions
from dokja.call.conflicts import ShownConflict, shown_conflicts
from dokja.call.event_words import EVENT_WORDS
from dokja.call.rules import call_rules
from dokja.call.state import CallFile, CallState, Notice, Question, Said
from dokja.call.values import CallText, RankedApplication, VoteTally
from dokja.errors import Unavailable
from dokja.evidence.values import Check, Estimate, Text
from dokja.programme import Rulebook
from dokja.programme.agenda import AgendaItem, TimelineEntry, timeline
from dokja.programme.values import Audience, Reason

SCHEMA = "dokja-call/1"
OFFICE, PUBLIC = "office", "public"
APPLICANTS = "applicants"
"""Kind of record a disclosure may name, to publish everybody who applied."""


class ApplicationRow(msgspec.Struct, frozen=True, kw_only=True):
    """An application as it stands; None where nothing was found or may be shown."""

    id: str
    name: Text
    phase: ApplicationPhase
    lead: str
    members: tuple[str, ...]
    digest: str
    checks: tuple[Check, ...] = ()
    reasons: tuple[Reason, ...] = ()
    rank: int | None = None
    share: Estimate | None = None
    tally: VoteTally | None = None
    reply_until: str = ""
    feedback: Text | None = None


class CallOverview(msgspec.Struct, frozen=True, kw_only=True):
    """What `dokja call show` prints."""

    schema: str
    id: str
    reader: str
    phase: str
    text: CallText
    closes: str
    rules_digest: str
    entries: int
    """Acts of the call; `--seen` names as many."""
    notices: tuple[Notice, ...]
    questions: tuple[Question, ...]
    contradicting: tuple[tuple[str, Said], ...]
    """What was said against the binding text, which holds."""
    applications: tuple[ApplicationRow, ...]
    others: int
    """Applications that this reader is not shown."""
    conflicts: tuple[ShownConflict, ...]
    agreements: tuple[AgreementState, ...]
    agenda: tuple[AgendaItem, ...]
    timeline: tuple[TimelineEntry, ...]


def call_overview(
    call: CallFile,
    applications: Sequence[ApplicationFile],
    agreements: Sequence[AgreementFile],
    *,
    rulebook: Rulebook,
    now: str,
    reader: str,
) -> CallOverview:
    """The call as `reader` may see it: `office`, `public` or an application's id.

    Raises: Unavailable for an application that there is not, and for the public
    before the call is announced.
    """
    state = call.state
    _check_reader(reader, state, applications)
    seen = [f for f in applications if _is_shown(f.state, reader, rulebook)]
    own = {file.state.id for file in seen}
    kept = [a for a in agreements if a.state.id in own]
    states = [file.state for file in applications]
    is_office = reader == OFFICE
    rules = call_rules(rulebook)
    agenda = call_agenda(state, states, [a.state for a in agreements], now=now)
    return CallOverview(
        schema=SCHEMA,
        id=state.id,
        reader=reader,
        phase=state.phase.value,
        text=state.text,
        closes=state.closes,
        rules_digest=state.rules_digest,
        entries=len(call.acts),
        notices=state.notices,
        questions=state.questions,
        contradicting=contradictions(state),
        applications=tuple(_row(f.state, state, reader) for f in seen),
        others=len(applications) - len(seen),
        conflicts=(
            shown_conflicts(state.text, states, rules.several_bids) if is_office else ()
        ),
        agreements=tuple(a.state for a in kept) if reader != PUBLIC else (),
        agenda=agenda if is_office else (),
        timeline=_timeline(call, seen, kept, reader),
    )


def _check_reader(
    reader: str, state: CallState, applications: Sequence[ApplicationFile]
) -> None:
    if reader == PUBLIC and not state.rules_digest:
        raise Unavailable(
            f"call {state.id} is not announced", remedy="only the office sees a draft"
        )
    known = {file.state.id for file in applications}
    if reader not in {OFFICE, PUBLIC} | known:
        raise Unavailable(
            f"there is no application {reader}",
            remedy="name office, public, or an application of this call",
        )


def _is_shown(state: ApplicationState, reader: str, rulebook: Rulebook) -> bool:
    if reader in (OFFICE, state.id):
        return True
    if reader != PUBLIC:
        return False
    opened = any(
        rule.record == APPLICANTS and rule.audience is Audience.PUBLIC
        for rule in rulebook.disclosures
    )
    return state.phase is ApplicationPhase.SELECTED or (opened and state.stands)


def _row(state: ApplicationState, call: CallState, reader: str) -> ApplicationRow:
    proposal = state.proposal
    row = ApplicationRow(
        id=state.id,
        name=proposal.name,
        phase=state.phase,
        lead=proposal.lead.organisation,
        members=tuple(member.organisation for member in proposal.members),
        digest=state.digest,
    )
    if reader == PUBLIC:
        return row
    waiting = [one.request.until for one in state.replies if one.reply is None]
    ranked = _ranked(state, call)
    return msgspec.structs.replace(
        row,
        checks=state.eligibility.checks if state.eligibility else (),
        reasons=_reasons(state),
        rank=ranked.rank if ranked else None,
        share=ranked.share if ranked else None,
        tally=_tally(state, call),
        reply_until=max(waiting, default=""),
        feedback=state.feedback.text if state.feedback else None,
    )


def _reasons(state: ApplicationState) -> tuple[Reason, ...]:
    found = state.eligibility, state.documents, state.selection, state.moved_up
    return tuple(reason for one in found if one for reason in one.reasons)


def _ranked(state: ApplicationState, call: CallState) -> RankedApplication | None:
    """The place in the last review it took part in."""
    for review in (call.decided, call.screened):
        for row in review.ranking if review else ():
            if row.application == state.id:
                return row
    return None


def _tally(state: ApplicationState, call: CallState) -> VoteTally | None:
    tallies = call.decided.tallies if call.decided else ()
    return next((t for t in tallies if t.application == state.id), None)


def _timeline(
    call: CallFile,
    seen: Sequence[ApplicationFile],
    agreements: Sequence[AgreementFile],
    reader: str,
) -> tuple[TimelineEntry, ...]:
    files = [(call.state.id, call.entries)]
    if reader != PUBLIC:
        files += [(file.matter.id, file.entries) for file in seen]
        files += [(f"{a.matter.id} (agreement)", a.entries) for a in agreements]
    found = timeline(files, EVENT_WORDS)
    if reader == OFFICE:
        return found
    return tuple(msgspec.structs.replace(entry, by="") for entry in found)
