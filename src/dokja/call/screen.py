"""The review of documents: it begins, and leaves a shortlist."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.call.applications.state import ApplicationFile, ApplicationState
from dokja.call.applications.values import ApplicationPhase, DocumentsReviewed
from dokja.call.ranking import counted_panel, cut, rank_applications
from dokja.call.rules import call_rules
from dokja.call.state import CallFile, CallState, require_phase
from dokja.call.values import (
    PanelNamed,
    RankedApplication,
    ReviewRound,
    Screened,
    ScreeningBegun,
)
from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.panel.values import Panel
from dokja.programme import Rulebook, Topic
from dokja.programme.call_rules import ShortlistTie
from dokja.programme.matters import Mandate, next_act
from dokja.programme.values import Reason


def begin_screening(
    call: CallFile,
    applications: Sequence[ApplicationState],
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that hands the documents to the panel.

    Raises: NotAllowed while an application waits for its eligibility, or no panel
    is named.
    """
    require_phase(call.state, ScreeningBegun, act="documents go to the panel only")
    waiting = [a.id for a in applications if a.phase is ApplicationPhase.SUBMITTED]
    if waiting:
        raise NotAllowed(
            f"eligibility is open: {', '.join(sorted(waiting))}",
            remedy="find it for every application first; `undetermined` goes to people",
        )
    panel_of(call.state, ReviewRound.DOCUMENTS)
    return next_act(
        call.matter, call.acts, ScreeningBegun(), seen=seen, mandate=mandate
    )


def screen_call(
    call: CallFile,
    applications: Sequence[ApplicationFile],
    panel: Panel,
    *,
    rulebook: Rulebook,
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The act of the shortlist and, for each application, what it means for it.

    All are appended together or not at all. Raises: NotAllowed where sheets are
    missing or a tie at the end of the shortlist has to be parted first.
    """
    state, rules = call.state, call_rules(rulebook)
    require_phase(state, Screened, act="documents are reviewed only")
    reviewed = [f for f in applications if f.state.phase is ApplicationPhase.ELIGIBLE]
    counted = counted_panel(
        panel,
        panel_of(state, ReviewRound.DOCUMENTS),
        state.text.documents,
        [f.state.id for f in applications if f.state.submitted],
    )
    ranking = rank_applications(
        counted,
        [file.state.id for file in reviewed],
        tie_order=state.text.tie_order,
        least_sheets=rules.least_sheets,
    )
    shortlist = _shortlist(ranking, state, rules.shortlist_tie)
    event = Screened(panel=counted, ranking=ranking, shortlist=shortlist)
    act = next_act(call.matter, call.acts, event, seen=seen, mandate=mandate)
    clauses = rulebook.clause_numbers(Topic.CALL)
    rows = {row.application: row for row in ranking}
    own = [
        _outcome(file, rows[file.state.id], event, clauses=clauses, mandate=mandate)
        for file in reviewed
    ]
    return (act, *own)


def panel_of(state: CallState, which: ReviewRound) -> PanelNamed:
    """The panel of a review. Raises: NotAllowed where none is named."""
    named = state.panels.get(which)
    if named is None:
        raise NotAllowed(
            f"no panel is named for the {which.value} of call {state.id}",
            remedy="name it with its register of interests: `dokja call panel`",
        )
    return named


def _shortlist(
    ranking: Sequence[RankedApplication], state: CallState, on_tie: ShortlistTie
) -> tuple[str, ...]:
    inside, tied = cut(ranking, state.text.shortlist)
    if tied and on_tie is ShortlistTie.FURTHER_SHEETS:
        raise NotAllowed(
            f"{', '.join(tied)} are level at the end of the shortlist of "
            f"{state.text.shortlist}",
            remedy="hand in sheets of further experts; the rules let nobody draw lots",
        )
    return (*inside, *tied)


def _outcome(
    file: ApplicationFile,
    row: RankedApplication,
    event: Screened,
    *,
    clauses: tuple[str, ...],
    mandate: Mandate,
) -> Act:
    of, kept = len(event.ranking), len(event.shortlist)
    goes_on = row.application in event.shortlist
    text = Text(
        f"서면평가 {of}건 가운데 {row.rank}위, {kept}건이 발표평가에 진출",
        f"ranked {row.rank} of {of} by its documents; {kept} go on to the presentation",
    )
    own = DocumentsReviewed(
        goes_on=goes_on,
        rank=row.rank,
        reasons=(Reason(clauses=clauses, text=text),),
    )
    return next_act(file.matter, file.acts, own, seen=file.seen, mandate=mandate)
