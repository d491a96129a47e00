"""A selected bid is withdrawn: who follows, and where the rules say nothing of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dokja.call.agenda import call_agenda
from dokja.call.agreements import draft_agreement, step_agreement, withdraw_bid
from dokja.call.agreements.state import AGREEMENT, AgreementFile, agreement_file
from dokja.call.agreements.values import AgreementPhase, AgreementSigned
from dokja.call.applications.values import ApplicationPhase
from dokja.call.move_up import move_up
from dokja.call.values import CallKind, ReviewRound
from dokja.errors import NotAllowed
from dokja.evidence.values import Act
from dokja.programme.agenda import AgendaItem
from dokja.programme.matters import Matter, acts_of
from tests.call_fixture import (
    AFTER,
    CallOffice,
    by,
    call_rulebook,
    call_text,
    vacancy,
    votes_for,
)

SCORES = {"a01": (50, 30), "a02": (40, 30), "a03": (45, 30), "a04": (30, 20)}
FOR = {"a01": 4, "a02": 3, "a03": 2, "a04": 3}
"""a03 is second by points and has no majority."""


def decided(votes: dict[str, int] = FOR, **rules: Any) -> CallOffice:
    """A revival call for one place that selected a01."""
    text = call_text(kind=CallKind.REVIVAL, slots=1, shortlist=4)
    office = CallOffice(text, call_rulebook(**rules))
    office.open(vacancy())
    for name in SCORES:
        office.submit(name)
    office.close()
    office.admit(*SCORES)
    office.screen(SCORES)
    office.panel(ReviewRound.PRESENTATION)
    office.present(*SCORES)
    given = [vote for name, count in votes.items() for vote in votes_for(name, count)]
    office.decide({n: (a, b) for n, (a, b) in SCORES.items()}, given)
    return office


def leave(office: CallOffice, name: str, drafted: AgreementFile | None = None) -> None:
    """The applicant withdraws."""
    found, mandate = office.application(name), by(AFTER, who=name)
    office.keep(*withdraw_bid(found, drafted, seen=found.seen, mandate=mandate))


def moved(office: CallOffice) -> tuple[Act, ...]:
    """The acts by which the next bid moves up."""
    call = office.call
    return move_up(
        call,
        office.applications,
        rulebook=office.rulebook,
        seen=len(call.acts),
        mandate=by(AFTER),
    )


def due(office: CallOffice) -> tuple[AgendaItem, ...]:
    """What the office has to do."""
    return call_agenda(office.call.state, office.states, (), now=AFTER)


def agreement_of(office: CallOffice, name: str) -> AgreementFile:
    """The agreement with an application."""
    matter = Matter(programme="p", kind=AGREEMENT, id=f"c1/{name}")
    return agreement_file(matter, acts_of(matter, office.acts))


def test_the_next_bid_with_a_majority_moves_up_by_an_act() -> None:
    """Not the next by points, and one after the other."""
    office = decided(next_moves_up=True)
    with pytest.raises(NotAllowed, match="no selected bid"):
        moved(office)
    leave(office, "a01")
    assert "a01 was withdrawn" in [item.why.en for item in due(office)]
    office.keep(*moved(office))
    assert "a01 was withdrawn" not in [item.why.en for item in due(office)]
    state = office.application("a02").state
    assert state.phase is ApplicationPhase.SELECTED
    assert state.moved_up is not None
    assert (state.moved_up.instead_of, state.moved_up.rank) == ("a01", 3)
    assert state.moved_up.reasons[0].clauses == ("4.2",)
    assert office.application("a03").state.phase is ApplicationPhase.NOT_SELECTED
    with pytest.raises(NotAllowed, match="no selected bid"):
        moved(office)
    leave(office, "a02")
    office.keep(*moved(office))
    leave(office, "a04")
    with pytest.raises(NotAllowed, match="no other bid"):
        moved(office)


def test_where_the_rules_say_nothing_nobody_moves_up() -> None:
    """Silence is said, and a rule that leaves the place empty is kept."""
    for rule, said in ((None, "silent"), (False, "stays empty")):
        office = decided(next_moves_up=rule)
        leave(office, "a01")
        with pytest.raises(NotAllowed, match=said):
            moved(office)


def test_what_was_drafted_of_the_agreement_ends_with_the_bid() -> None:
    """After the signature a bid cannot be withdrawn: the team is in the programme."""
    office = decided(next_moves_up=True)
    matter = Matter(programme="p", kind=AGREEMENT, id="c1/a01")
    act = draft_agreement(
        matter,
        office.application("a01").state,
        rulebook=office.rulebook,
        starts=date(2031, 5, 1),
        mandate=by(AFTER),
    )
    office.keep(act)
    drafted = agreement_of(office, "a01")
    signed = step_agreement(
        drafted, AgreementSigned(document="sha256:04"), seen=1, mandate=by(AFTER)
    )
    bound = agreement_file(matter, (act, signed))
    found = office.application("a01")
    with pytest.raises(NotAllowed, match="is signed"):
        withdraw_bid(found, bound, seen=found.seen, mandate=by(AFTER, who="a01"))
    leave(office, "a01", drafted)
    assert agreement_of(office, "a01").state.phase is AgreementPhase.TERMINATED
    office.keep(*moved(office))
    assert office.application("a02").state.phase is ApplicationPhase.SELECTED
