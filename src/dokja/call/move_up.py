"""The next bid in place of a selected one that was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.call.applications.state import ApplicationFile
from dokja.call.applications.values import ApplicationPhase, MovedUp
from dokja.call.ranking import cut
from dokja.call.rules import call_rules
from dokja.call.state import CallFile, CallState, require_phase
from dokja.call.values import BidMovedUp, CallKind, RankedApplication
from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme import Rulebook, Topic
from dokja.programme.matters import Mandate, next_act
from dokja.programme.values import Reason


def move_up(
    call: CallFile,
    applications: Sequence[ApplicationFile],
    *,
    rulebook: Rulebook,
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The acts by which the next bid that the panel found able takes a place.

    Both are appended together or not at all. Raises: NotAllowed where the rules do
    not say so, no selected bid was withdrawn, no other was found able, or several are
    level.
    """
    state = call.state
    require_phase(state, BidMovedUp, act="a bid moves up only")
    topic = Topic.REVIVAL if state.text.kind is CallKind.REVIVAL else Topic.CALL
    clauses = rulebook.clause_numbers(topic)
    _require_rule(rulebook, clauses)
    files = {file.state.id: file for file in applications}
    left = _withdrawn(state, files)
    row = _next_able(state, files)
    file = files[row.application]
    event = BidMovedUp(application=row.application, instead_of=left)
    text = Text(
        f"선정된 {left}이(가) 철회하여, 평가단이 선정할 만하다고 본 다음 순위"
        f"({row.rank}위)의 신청을 선정함",
        f"{left} was selected and withdrew; of the bids that the panel found able this "
        f"one is next (rank {row.rank})",
    )
    own = MovedUp(
        instead_of=left, rank=row.rank, reasons=(Reason(clauses=clauses, text=text),)
    )
    return (
        next_act(call.matter, call.acts, event, seen=seen, mandate=mandate),
        next_act(file.matter, file.acts, own, seen=file.seen, mandate=mandate),
    )


def _require_rule(rulebook: Rulebook, clauses: tuple[str, ...]) -> None:
    named = ", ".join(clauses) or "none"
    moves = call_rules(rulebook).next_moves_up
    if moves is None:
        raise NotAllowed(
            f"the rulebook is silent about who takes the place of a selected bid that "
            f"was withdrawn (clause {named})",
            remedy="agree on `next_moves_up` in [call_rules]; nobody's rule is assumed",
        )
    if not moves:
        raise NotAllowed(
            f"the place of a selected bid that was withdrawn stays empty (clause "
            f"{named})",
            remedy="close the call out",
        )


def _withdrawn(state: CallState, files: dict[str, ApplicationFile]) -> str:
    """The first selected bid that was withdrawn and is not replaced yet."""
    selected = state.decided.selected if state.decided else ()
    moved = [event.application for event in state.moved_up]
    replaced = {event.instead_of for event in state.moved_up}
    for name in (*selected, *moved):
        phase = files[name].state.phase
        if phase is ApplicationPhase.WITHDRAWN and name not in replaced:
            return name
    raise NotAllowed(
        f"no selected bid of call {state.id} was withdrawn",
        remedy="a bid moves up only into a place that was given up",
    )


def _next_able(
    state: CallState, files: dict[str, ApplicationFile]
) -> RankedApplication:
    decided = state.decided
    assert decided is not None  # the phase says so
    carried = {tally.application for tally in decided.tallies if tally.has_majority}
    able = [
        row
        for row in decided.ranking
        if files[row.application].state.phase is ApplicationPhase.NOT_SELECTED
        and (not decided.tallies or row.application in carried)
    ]
    if not able:
        raise NotAllowed(
            f"the panel found no other bid to call {state.id} able",
            remedy="close the call out; the place stays empty",
        )
    inside, tied = cut(able, 1)
    if tied:
        raise NotAllowed(
            f"{', '.join(tied)} are level at the next place",
            remedy="hand in sheets of further experts before the selection; nobody "
            "draws lots for a place",
        )
    return next(row for row in able if row.application == inside[0])
