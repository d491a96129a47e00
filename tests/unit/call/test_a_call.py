"""A call from draft to selection, with invented applicants."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dokja.call.applications.values import ApplicationPhase
from dokja.call.values import CallKind, CallPhase, ReviewRound
from dokja.errors import InvalidInput, NotAllowed
from dokja.panel.values import AssignmentRules, Declaration, Specialist, Tie
from dokja.programme.call_rules import ShortlistTie
from dokja.programme.interest_rules import TieKind
from tests.call_fixture import (
    EXPERTS,
    PRESENTATION,
    CallOffice,
    call_rulebook,
    call_text,
    vacancy,
    votes_for,
)


def test_fifteen_ten_five() -> None:
    """Fifteen apply, ten go on from the documents, five get a place."""
    office = CallOffice(call_text(slots=5, shortlist=10))
    office.open()
    names = [f"a{number:02d}" for number in range(1, 16)]
    for name in names:
        office.submit(name)
    office.close()
    office.admit(*names)
    office.screen({name: (60 - place, 20) for place, name in enumerate(names)})
    phases = [file.state.phase for file in office.applications]
    assert phases.count(ApplicationPhase.SCREENED_IN) == 10
    assert phases.count(ApplicationPhase.SCREENED_OUT) == 5
    office.panel(ReviewRound.PRESENTATION)
    office.present(*names[:10])
    office.decide({name: (10 + place, 20) for place, name in enumerate(names[:10])})
    state = office.call.state
    assert state.phase is CallPhase.SELECTED
    assert state.decided is not None
    assert state.decided.selected == tuple(reversed(names[5:10]))
    best = office.application("a10").state.selection
    assert best is not None
    assert (best.selected, best.rank) == (True, 1)
    assert best.reasons[0].clauses == ("5.1", "5.2", "5.3")


def test_a_revival_selects_by_majority_alone() -> None:
    """Two bids for one place: only one has more than half of the panel."""
    office = _reviewed_revival("a01", "a02")
    votes = [*votes_for("a01", 2), *votes_for("a02", 3)]
    office.decide({"a01": (50, 50), "a02": (40, 40)}, votes)
    decided = office.call.state.decided
    assert decided is not None
    assert decided.selected == ("a02",)
    assert [tally.has_majority for tally in decided.tallies] == [False, True]
    reasons = office.application("a01").state.selection
    assert reasons is not None
    assert "2 of 5 experts in favour: no majority" in reasons.reasons[1].text.en


def test_a_single_bid_is_reviewed_and_nobody_may_be_selected() -> None:
    """Half of an even panel is no majority; the empty selection is a result."""
    office = _reviewed_revival("a01", experts=("e1", "e2", "e3", "e4"))
    four = ("e1", "e2", "e3", "e4")
    office.decide({"a01": (50, 50)}, votes_for("a01", 2, of=four), experts=four)
    assert office.call.state.phase is CallPhase.NO_SELECTION
    assert office.application("a01").state.phase is ApplicationPhase.NOT_SELECTED


def test_a_revival_without_votes_is_not_decided() -> None:
    """Points alone select nobody, and a panel that did not vote decides nothing."""
    office = _reviewed_revival("a01")
    with pytest.raises(NotAllowed, match="0 of 5 experts voted on a01"):
        office.decide({"a01": (50, 50)})


def test_a_tie_at_the_last_place_is_parted_by_nobody() -> None:
    """Level bids stay level; a criterion of the call parts them, or more sheets."""
    level = {"a01": (30, 20), "a02": (20, 30)}
    office = _reviewed(CallOffice(call_text(slots=1)), "a01", "a02")
    with pytest.raises(NotAllowed, match="a01, a02 are level"):
        office.decide(level)
    ordered = call_text(slots=1, tie_order=("spillover",))
    office = _reviewed(CallOffice(ordered), "a01", "a02")
    office.decide(level)
    decided = office.call.state.decided
    assert decided is not None
    assert decided.selected == ("a02",)
    assert decided.ranking[0].share.value == decided.ranking[1].share.value


def test_a_tie_at_the_end_of_the_shortlist_takes_both_or_waits() -> None:
    """As the rules say, and never by the order of the ids."""
    scores = {"a01": (30, 20), "a02": (30, 20)}
    office = _admitted(CallOffice(call_text(slots=1, shortlist=1)), "a01", "a02")
    office.screen(scores)
    screened = office.call.state.screened
    assert screened is not None
    assert screened.shortlist == ("a01", "a02")
    assert screened.ranking[0].tied_with == ("a02",)
    strict = call_rulebook(shortlist_tie=ShortlistTie.FURTHER_SHEETS)
    office = _admitted(
        CallOffice(call_text(slots=1, shortlist=1), strict), "a01", "a02"
    )
    with pytest.raises(NotAllowed, match="level at the end of the shortlist"):
        office.screen(scores)


def test_too_few_counted_sheets_rank_nobody() -> None:
    """Three of five experts work for the applicant, and two sheets are left."""
    office = _admitted(CallOffice(), "a01")
    ties = tuple(
        Tie(
            kind=TieKind.EMPLOYMENT,
            left=expert,
            right="a01 Labs",
            source="register",
            recorded=date(2031, 1, 1),
        )
        for expert in EXPERTS[:3]
    )
    office.panel(ReviewRound.DOCUMENTS, organisations=("a01 Labs",), ties=ties)
    recusals = office.call.state.panels[ReviewRound.DOCUMENTS].recusals
    assert [(one.expert, one.team) for one in recusals] == [
        (expert, "a01") for expert in EXPERTS[:3]
    ]
    with pytest.raises(NotAllowed, match=r"a01 \(2\)"):
        office.shortlist({"a01": (30, 20)})


def test_a_recused_expert_has_neither_sheet_nor_vote() -> None:
    """The sheet is kept with its reason and counts nowhere; the vote is refused."""
    tie = Tie(
        kind=TieKind.EMPLOYMENT,
        left="e1",
        right="a01 Labs",
        source="register",
        recorded=date(2031, 1, 1),
    )
    office = _reviewed_revival("a01", organisations=("a01 Labs",), ties=(tie,))
    with pytest.raises(InvalidInput, match="e1 is recused from a01"):
        office.decide({"a01": (50, 50)}, votes_for("a01", 5))
    office.decide({"a01": (50, 50)}, votes_for("a01", 4, of=EXPERTS[1:]))
    decided = office.call.state.decided
    assert decided is not None
    assert [one.sheet.expert for one in decided.panel.left_out] == ["e1"]
    assert decided.ranking[0].share.n == 4
    assert decided.tallies[0].of == 5


def test_assigned_experts_alone_are_counted() -> None:
    """Three experts a bid, solved by need; the other sheets are kept and count not."""
    office = _admitted(CallOffice(), "a01", "a02")
    needs = AssignmentRules(
        experts_per_team=3,
        teams_per_expert=2,
        specialists=tuple(Specialist(expert=e, fields=()) for e in EXPERTS),
    )
    office.panel(ReviewRound.DOCUMENTS, assignment=needs)
    named = office.call.state.panels[ReviewRound.DOCUMENTS]
    assert [(one.team, len(one.experts)) for one in named.assigned] == [
        ("a01", 3),
        ("a02", 3),
    ]
    office.shortlist({"a01": (50, 30), "a02": (40, 30)})
    screened = office.call.state.screened
    assert screened is not None
    assert [row.share.n for row in screened.ranking] == [3, 3]
    assert len(screened.panel.left_out) == 4


def test_an_assignment_that_cannot_be_is_refused_with_its_lack() -> None:
    """Nobody is assigned beyond what they take on."""
    office = _admitted(CallOffice(), "a01", "a02")
    tight = AssignmentRules(
        experts_per_team=4,
        teams_per_expert=1,
        specialists=tuple(Specialist(expert=e, fields=()) for e in EXPERTS),
    )
    with pytest.raises(NotAllowed, match="no assignment keeps to the rules"):
        office.panel(ReviewRound.DOCUMENTS, assignment=tight)


def test_other_criteria_than_announced_are_refused() -> None:
    """What is judged binds since the call was opened."""
    office = _admitted(CallOffice(), "a01")
    office.panel(ReviewRound.DOCUMENTS)
    with pytest.raises(InvalidInput, match="another rubric"):
        office.shortlist({"a01": (30, 20)}, criteria=PRESENTATION)


def test_an_interest_in_a_bid_that_left_stops_no_second_panel() -> None:
    """One register serves both reviews; nobody strikes a declaration out of it."""
    office = _admitted(CallOffice(call_text(slots=1, shortlist=1)), "a01", "a02")
    declared = tuple(
        Declaration(expert="e1", team=name, recorded=date(2031, 1, 1))
        for name in ("a01", "a02")
    )
    office.panel(ReviewRound.DOCUMENTS, declarations=declared)
    office.shortlist({"a01": (30, 20), "a02": (10, 10)})
    office.panel(ReviewRound.PRESENTATION, declarations=declared)
    named = office.call.state.panels[ReviewRound.PRESENTATION]
    assert [one.team for one in named.recusals] == ["a01"]
    stranger = (Declaration(expert="e1", team="a99", recorded=date(2031, 1, 1)),)
    with pytest.raises(InvalidInput, match="a99"):
        office.panel(ReviewRound.PRESENTATION, declarations=stranger)


def _admitted(office: CallOffice, *names: str) -> CallOffice:
    vacant = vacancy() if office.text.kind is CallKind.REVIVAL else None
    office.open(vacant)
    for name in names:
        office.submit(name)
    office.close()
    office.admit(*names)
    return office


def _reviewed(
    office: CallOffice,
    *names: str,
    experts: tuple[str, ...] = EXPERTS,
    **register: Any,
) -> CallOffice:
    _admitted(office, *names).screen(dict.fromkeys(names, (30, 20)))
    office.panel(ReviewRound.PRESENTATION, experts, **register)
    office.present(*names)
    return office


def _reviewed_revival(*names: str, **panel: Any) -> CallOffice:
    text = call_text(kind=CallKind.REVIVAL, slots=1)
    return _reviewed(CallOffice(text), *names, **panel)
