"""Failures of the real process that a call designs out; numbers as in the plan."""

from __future__ import annotations

from datetime import date

import pytest

from dokja.call.applications.eligibility import eligibility_checks
from dokja.call.applications.submit import withdraw_application
from dokja.call.applications.values import ApplicationPhase
from dokja.call.clarify import answer, ask
from dokja.call.conflicts import shown_conflicts
from dokja.call.open_call import extend_call
from dokja.call.overview import CallOverview, call_overview
from dokja.call.state import ALLOWED
from dokja.call.values import (
    Answered,
    Asked,
    CallKind,
    CallOpened,
    CallPhase,
    CallRevised,
    Channel,
    Contradiction,
    ReviewRound,
    Supplier,
    Supply,
)
from dokja.call.words import PHASES
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import CheckResult, Text
from dokja.panel.values import Tie
from dokja.programme import rules_digest
from dokja.programme.interest_rules import TieKind
from tests.call_fixture import (
    DURING,
    EXPERTS,
    PRESENTATION,
    CallOffice,
    by,
    call_text,
    comparison,
    proposal,
    vacancy,
)


def test_failure_01_a_briefing_answer_that_contradicts_the_call_is_shown_as_such() -> (
    None
):
    """Beside the binding text, with the clause; the definition stays what it was."""
    office = CallOffice()
    office.open()
    question = Asked(
        id="q1",
        channel=Channel.BRIEFING,
        text=Text(
            "공개 모델을 미세조정해도 됩니까?", "May we fine-tune an open model?"
        ),
    )
    office.keep(ask(office.call, question, seen=2, mandate=by(DURING)))
    against = Contradiction(
        clause="1.1", explanation=Text("파생형은 제외", "derivatives are excluded")
    )
    said = Answered(question="q1", text=Text("됩니다.", "Yes."), contradicts=against)
    office.keep(answer(office.call, said, seen=3, mandate=by(DURING)))
    shown = _overview(office, "public")
    assert [(name, s.contradicts) for name, s in shown.contradicting] == [
        ("q1", against)
    ]
    assert shown.text.definition == office.text.definition


def test_failure_01_and_02_definition_and_criteria_bind_since_the_opening() -> None:
    """The call names the rules it opened under; sheets score by its criteria."""
    office = CallOffice()
    office.open()
    assert office.call.state.rules_digest == rules_digest(office.rulebook)
    assert ALLOWED[CallRevised] == frozenset({CallPhase.DRAFT})
    office.submit("a01")
    office.close()
    office.admit("a01")
    office.panel(ReviewRound.DOCUMENTS)
    with pytest.raises(InvalidInput, match="they bind since it was opened"):
        office.shortlist({"a01": (1, 1)}, criteria=PRESENTATION)


def test_failure_03_a_revival_is_a_rule_and_waits_for_the_end_of_objections() -> None:
    """No extra call that no rule foresaw, and none before the decision is final."""
    office = CallOffice(call_text(kind=CallKind.REVIVAL, slots=1))
    office.draft()
    with pytest.raises(NotAllowed, match=r"clause 4\.2"):
        office.open(vacancy(at="2031-02-20T10:00:01+09:00"))
    office.open(vacancy())
    event = office.call.entries[-1].event
    assert isinstance(event, CallOpened)
    assert event.vacancy == vacancy()


def test_failure_05_nobody_is_found_ineligible_before_it_could_reply() -> None:
    """The checks may fail; the finding waits for the reply or the end of its time."""
    office = CallOffice()
    office.open()
    office.submit("a01")
    office.close()
    office.cite("a01", comparison("derived"))
    office.look("a01")
    with pytest.raises(NotAllowed, match="was not heard on definition"):
        office.find("a01")
    assert office.application("a01").state.phase is ApplicationPhase.SUBMITTED


def test_failure_13_interests_are_computed_through_the_consortium() -> None:
    """An expert of a member is recused from the bid; a rejected bidder's too."""
    office = CallOffice()
    office.open()
    office.submit("a01", proposal("A", "Data House"))
    office.submit("a02", proposal("B"))
    office.close()
    office.admit("a01", "a02")
    tie = Tie(
        kind=TieKind.EMPLOYMENT,
        left=EXPERTS[0],
        right="Data House",
        source="register",
        recorded=date(2031, 1, 1),
    )
    office.panel(ReviewRound.DOCUMENTS, organisations=("Data House",), ties=(tie,))
    recusals = office.call.state.panels[ReviewRound.DOCUMENTS].recusals
    assert [(one.expert, one.team) for one in recusals] == [("e1", "a01")]
    assert "Data House" not in str(office.acts[-1].body)


def test_failure_13_suppliers_that_compete_and_twofold_bids_are_shown() -> None:
    """Shown to everybody at the office from the first day."""
    suppliers = (Supplier(organisation="Cloud One", supplies=Supply.GPU),)
    office = CallOffice(call_text(suppliers=suppliers))
    office.open()
    office.submit("a01", proposal("Cloud One", "Shared Lab"))
    office.submit("a02", proposal("B", "Shared Lab"))
    rules = office.rulebook.call_rules
    assert rules
    found = shown_conflicts(office.text, office.states, rules.several_bids)
    assert [(c.organisation, c.applications) for c in found] == [
        ("Cloud One", ("a01",)),
        ("Shared Lab", ("a01", "a02")),
    ]


def test_failure_14_a_shown_model_is_compared_before_anybody_is_selected() -> None:
    """Without a comparison the eligibility stays open, so nothing goes on."""
    office = CallOffice()
    office.open()
    office.submit("a01")
    office.close()
    office.look("a01")
    (state,) = office.states
    found = {
        c.id: c.result for c in eligibility_checks(state, [state], office.rulebook)
    }
    assert found["definition"] is CheckResult.NOT_RUN
    office.find("a01")
    office.panel(ReviewRound.DOCUMENTS)
    with pytest.raises(NotAllowed, match="eligibility is open: a01"):
        office.shortlist({"a01": (1, 1)})


def test_failure_18_another_end_of_the_window_has_a_reason_and_keeps_the_first() -> (
    None
):
    """One source of dates: what was announced and what holds are both there."""
    office = CallOffice()
    office.open()
    later = "2031-04-08T16:00:00+09:00"
    mandate = by(DURING, reason="접수 장애")
    office.keep(extend_call(office.call, later, seen=2, mandate=mandate))
    shown = _overview(office, "public")
    assert (shown.text.closes, shown.closes) == (office.text.closes, later)
    assert shown.timeline[-1].reason == Text("접수 장애", "접수 장애")


def test_failure_20_leaving_is_neutral_and_shown_to_nobody_else() -> None:
    """Withdrawal asks no reason; the public sees who was selected and nobody else."""
    office = CallOffice(call_text(slots=1))
    office.open()
    names = ("a01", "a02", "a03")
    for name in names:
        office.submit(name)
    office.close()
    leaving = office.application("a03")
    office.keep(withdraw_application(leaving, seen=2, mandate=by(office.at)))
    office.admit("a01", "a02")
    office.screen({"a01": (50, 30), "a02": (40, 30)})
    office.panel(ReviewRound.PRESENTATION)
    office.present("a01", "a02")
    office.decide({"a01": (40, 40), "a02": (30, 30)})
    public = _overview(office, "public")
    assert [row.id for row in public.applications] == ["a01"]
    assert public.others == 2
    assert public.applications[0].share is None
    own = _overview(office, "a02")
    assert [row.id for row in own.applications] == ["a02"]
    assert own.applications[0].rank == 2
    for phase in ApplicationPhase:
        assert not {"fail", "reject"} & set(PHASES[phase.value].en.split())


def _overview(office: CallOffice, reader: str) -> CallOverview:
    return call_overview(
        office.call,
        office.applications,
        (),
        rulebook=office.rulebook,
        now=office.at,
        reader=reader,
    )
