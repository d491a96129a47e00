"""The selection: presentations, votes of the panel, and who gets a place.

A revival call selects only whom more than half of the panel votes for; nobody may be
selected; a single bid is reviewed like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from dokja.call.applications.state import ApplicationFile
from dokja.call.applications.state import require_phase as require_application
from dokja.call.applications.values import (
    ApplicationPhase,
    PresentationHeld,
    SelectionMade,
)
from dokja.call.ranking import counted_panel, cut, rank_applications
from dokja.call.rules import call_rules
from dokja.call.screen import panel_of
from dokja.call.state import CallFile, CallState, require_phase
from dokja.call.values import (
    CallDecided,
    CallKind,
    CallPhase,
    PanelNamed,
    RankedApplication,
    ReviewRound,
    Vote,
    VoteTally,
)
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.panel.recusal import recusals
from dokja.panel.values import Panel
from dokja.programme import Rulebook, Topic
from dokja.programme.call_rules import VoteBase
from dokja.programme.matters import Mandate, next_act
from dokja.programme.values import Reason


class Review(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the panel handed in after the presentations."""

    panel: Panel
    votes: tuple[Vote, ...] = ()


def hold_presentation(
    application: ApplicationFile,
    call: CallState,
    held: PresentationHeld,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of a presentation. Raises: NotAllowed where an expert could not read it.

    Experts from overseas count as the others do, so they must be able to follow.
    """
    state = application.state
    require_application(state, PresentationHeld, act="it presents only")
    if call.phase is not CallPhase.REVIEWING:
        raise NotAllowed(
            f"call {call.id} is {call.phase.value}",
            remedy="presentations are held after the review of documents",
        )
    named = panel_of(call, ReviewRound.PRESENTATION)
    lost = [
        seat.expert
        for seat in named.seats
        if not set(seat.languages) & set(held.languages)
    ]
    if lost:
        raise NotAllowed(
            f"the material of {state.id} is in {', '.join(held.languages)}, which "
            f"{', '.join(lost)} does not read",
            remedy="ask for material in a language that every expert reads",
        )
    return next_act(
        application.matter, application.acts, held, seen=seen, mandate=mandate
    )


def decide_call(
    call: CallFile,
    applications: Sequence[ApplicationFile],
    review: Review,
    *,
    rulebook: Rulebook,
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The act of the selection and, for each application, what it means for it.

    All are appended together or not at all. Raises: NotAllowed where presentations,
    sheets or votes are missing, or a tie at the last place has to be parted first.
    """
    state, rules = call.state, call_rules(rulebook)
    require_phase(state, CallDecided, act="it is decided only")
    presented = _presented(applications)
    names = [file.state.id for file in presented]
    named = panel_of(state, ReviewRound.PRESENTATION)
    submitted = [f.state.id for f in applications if f.state.submitted]
    counted = counted_panel(review.panel, named, state.text.presentation, submitted)
    ranking = rank_applications(
        counted, names, tie_order=state.text.tie_order, least_sheets=rules.least_sheets
    )
    _check_known(review.votes, submitted)
    tallies: tuple[VoteTally, ...] = ()
    needs_majority = state.text.kind is CallKind.REVIVAL or rules.initial_majority
    if needs_majority:
        kept = [vote for vote in review.votes if vote.application in names]
        tallies = _tallies(kept, names, counted, named, rules.vote_base)
    event = CallDecided(
        panel=counted,
        ranking=ranking,
        votes=review.votes if needs_majority else (),
        tallies=tallies,
        selected=_selected(state, ranking, tallies, needs_majority=needs_majority),
    )
    _check_none(event, state, rulebook)
    topic = Topic.REVIVAL if state.text.kind is CallKind.REVIVAL else Topic.CALL
    clauses = rulebook.clause_numbers(topic)
    act = next_act(call.matter, call.acts, event, seen=seen, mandate=mandate)
    own = [_outcome(f, event, state, clauses, mandate) for f in presented]
    return (act, *own)


def _check_known(votes: Sequence[Vote], submitted: Sequence[str]) -> None:
    unknown = sorted({vote.application for vote in votes} - set(submitted))
    if unknown:
        raise InvalidInput(
            f"votes on {', '.join(unknown)}: no such application to this call",
            remedy="correct the ids; no vote of this file was taken",
        )


def _presented(applications: Sequence[ApplicationFile]) -> list[ApplicationFile]:
    waiting = [
        f.state.id
        for f in applications
        if f.state.phase is ApplicationPhase.SCREENED_IN
    ]
    if waiting:
        raise NotAllowed(
            f"not presented yet: {', '.join(sorted(waiting))}",
            remedy="hold the presentation, or wait for the withdrawal",
        )
    return [f for f in applications if f.state.phase is ApplicationPhase.PRESENTED]


def _tallies(
    votes: Sequence[Vote],
    names: Sequence[str],
    panel: Panel,
    named: PanelNamed,
    base: VoteBase,
) -> tuple[VoteTally, ...]:
    seats = [seat.expert for seat in named.seats]
    kept_out = {(r.expert, r.team) for r in (*named.recusals, *recusals(panel))}
    _check_votes(votes, seats, kept_out)
    found = []
    for name in sorted(names):
        recused = tuple(sorted(e for e in seats if (e, name) in kept_out))
        own = [vote for vote in votes if vote.application == name]
        able = len(seats) - len(recused)
        if 2 * len(own) <= able:
            raise NotAllowed(
                f"{len(own)} of {able} experts voted on {name}, not more than half",
                remedy="let the panel vote on every bid, a single one included",
            )
        in_favour = sum(vote.in_favour for vote in own)
        of = len(seats) if base is VoteBase.WHOLE_PANEL else able
        found.append(
            VoteTally(
                application=name,
                in_favour=in_favour,
                cast=len(own),
                of=of,
                recused=recused,
                has_majority=2 * in_favour > of,
            )
        )
    return tuple(found)


def _check_votes(
    votes: Sequence[Vote], seats: Sequence[str], kept_out: set[tuple[str, str]]
) -> None:
    problems = []
    for (expert, name), count in Counter(
        (vote.expert, vote.application) for vote in votes
    ).items():
        if expert not in seats:
            problems.append(f"{expert} has no seat on the panel")
        if (expert, name) in kept_out:
            problems.append(f"{expert} is recused from {name} and has no vote on it")
        if count > 1:
            problems.append(f"{expert} voted {count} times on {name}")
    if problems:
        raise InvalidInput(
            "the votes:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct each line above; no vote of this file was taken",
        )


def _selected(
    state: CallState,
    ranking: Sequence[RankedApplication],
    tallies: Sequence[VoteTally],
    *,
    needs_majority: bool,
) -> tuple[str, ...]:
    carried = {tally.application for tally in tallies if tally.has_majority}
    able = [r for r in ranking if not needs_majority or r.application in carried]
    inside, tied = cut(able, state.text.slots)
    if tied:
        raise NotAllowed(
            f"{', '.join(tied)} are level at the last of {state.text.slots} places",
            remedy="hand in sheets of further experts; nobody draws lots for a place",
        )
    return inside


def _check_none(event: CallDecided, state: CallState, rulebook: Rulebook) -> None:
    revival = rulebook.revival
    if event.selected or state.text.kind is CallKind.INITIAL or revival is None:
        return
    if not revival.may_select_none:
        clauses = ", ".join(rulebook.clause_numbers(Topic.REVIVAL))
        raise NotAllowed(
            f"nobody has a majority, and clause {clauses} says that somebody must be "
            "selected",
            remedy="the two rules contradict each other: change one by an exception "
            "that is recorded",
        )


def _outcome(
    file: ApplicationFile,
    event: CallDecided,
    state: CallState,
    clauses: tuple[str, ...],
    mandate: Mandate,
) -> Act:
    name = file.state.id
    row = next(row for row in event.ranking if row.application == name)
    tally = next((t for t in event.tallies if t.application == name), None)
    texts = [
        Text(
            f"발표평가 {len(event.ranking)}건 가운데 {row.rank}위, 선정 자리 "
            f"{state.text.slots}",
            f"ranked {row.rank} of {len(event.ranking)} after the presentations, for "
            f"{state.text.slots} place(s)",
        )
    ]
    if tally is not None:
        texts.append(_majority_text(tally))
    own = SelectionMade(
        selected=name in event.selected,
        rank=row.rank,
        reasons=tuple(Reason(clauses=clauses, text=text) for text in texts),
    )
    return next_act(file.matter, file.acts, own, seen=file.seen, mandate=mandate)


def _majority_text(tally: VoteTally) -> Text:
    has_ko = "과반" if tally.has_majority else "과반에 이르지 못함"
    has_en = "a majority" if tally.has_majority else "no majority"
    return Text(
        f"평가위원 {tally.of}명 가운데 {tally.in_favour}명 찬성: {has_ko}",
        f"{tally.in_favour} of {tally.of} experts in favour: {has_en}",
    )
