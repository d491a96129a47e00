"""Agreements: terms by the rules, what is owed, and the end of a call."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from dokja.call.agenda import call_agenda
from dokja.call.agreements.agree import (
    amend_agreement,
    draft_agreement,
    settle_obligation,
    step_agreement,
)
from dokja.call.agreements.state import AGREEMENT, AgreementFile, agreement_file
from dokja.call.agreements.terms import cost_share
from dokja.call.agreements.values import (
    AgreementActivated,
    AgreementAmended,
    AgreementCompleted,
    AgreementPhase,
    AgreementSigned,
    AgreementTerminated,
    ObligationBreached,
    ObligationMet,
    ObligationStatus,
    ObligationWaived,
)
from dokja.call.applications.values import FeedbackGiven
from dokja.call.close_out import close_out_call, give_feedback
from dokja.call.rules import call_rules
from dokja.call.values import CallPhase, ReviewRound
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.agenda import Standing
from dokja.programme.call_rules import FirmSize
from dokja.programme.matters import Matter, acts_of
from tests.call_fixture import AFTER, CallOffice, by, call_rulebook, call_text

MATTER = Matter(programme="p", kind=AGREEMENT, id="c1/a01")
STARTS = date(2031, 5, 1)
HEARD = Text("답변 없음", "no answer")


@pytest.mark.parametrize(
    ("size", "promised", "share"),
    [
        (FirmSize.LARGE, "0.5", "0.5"),
        (FirmSize.LARGE, "0.8", "0.4"),
        (FirmSize.SMALL, "0.79", "0.25"),
        (FirmSize.NONPROFIT, "1", "0"),
    ],
)
def test_the_cost_share_follows_size_and_openness(
    size: FirmSize, promised: str, share: str
) -> None:
    """The row with the highest openness that is reached."""
    found = cost_share(size, Decimal(promised), call_rules(call_rulebook()))
    assert found.share == Decimal(share)


def test_without_a_table_no_share_is_made_up() -> None:
    """None with the reason, never 0."""
    rules = call_rules(call_rulebook(cost_shares=()))
    found = cost_share(FirmSize.LARGE, Decimal(1), rules)
    assert found.share is None
    assert "no table" in found.reason.en


def test_terms_count_their_days_from_the_signing() -> None:
    """Each obligation with its day and its clause; only for who was selected."""
    office = _selected()
    terms = _agreed(office).state.terms
    assert [(o.id, o.due) for o in terms.obligations] == [
        ("open-release", date(2031, 10, 28)),
        ("licence", date(2031, 10, 28)),
        ("report-1", date(2031, 7, 30)),
    ]
    assert terms.obligations[0].clause == "5.1, 5.2, 5.3"
    with pytest.raises(NotAllowed, match="a02 is not_selected"):
        draft_agreement(
            MATTER,
            office.application("a02").state,
            rulebook=office.rulebook,
            starts=STARTS,
            mandate=by(AFTER),
        )


def test_an_agreement_ends_when_nothing_is_owed() -> None:
    """Met, waived with a reason, breached after its day and after a hearing."""
    found = _running()
    with pytest.raises(NotAllowed, match="still owed: report-1"):
        _step(found, AgreementCompleted())
    found = _settle(found, ObligationMet(obligation="report-1", evidence="sha256:05"))
    with pytest.raises(InvalidInput, match="waived only with a reason"):
        _settle(found, ObligationWaived(obligation="licence"))
    found = _settle(found, ObligationWaived(obligation="licence"), reason="합의")
    breach = ObligationBreached(obligation="open-release", heard=HEARD)
    with pytest.raises(NotAllowed, match="that day is not over"):
        _settle(found, breach, reason="미공개", at="2031-10-28T23:59:00+09:00")
    late = "2031-10-29T00:00:00+09:00"
    unheard = ObligationBreached(obligation="open-release", heard=Text("", ""))
    with pytest.raises(NotAllowed, match="not heard"):
        _settle(found, unheard, reason="미공개", at=late)
    found = _settle(found, breach, reason="미공개", at=late)
    with pytest.raises(NotAllowed, match="breached already"):
        _settle(found, ObligationMet(obligation="open-release", evidence="x"))
    assert found.state.status("open-release") is ObligationStatus.BREACHED
    done = _step(found, AgreementCompleted())
    assert done.state.phase is AgreementPhase.COMPLETED


def test_terms_change_by_consent_and_lose_nothing_settled() -> None:
    """A reason, the same party, and what was settled stays named."""
    found = _running()
    found = _settle(found, ObligationMet(obligation="report-1", evidence="sha256:05"))
    fewer = msgspec.structs.replace(found.state.terms, obligations=())
    amended = AgreementAmended(terms=fewer, consent="sha256:06")
    seen = len(found.acts)
    with pytest.raises(InvalidInput, match="only with a reason"):
        amend_agreement(found, amended, seen=seen, mandate=by(AFTER))
    with pytest.raises(InvalidInput, match="report-1 was settled"):
        amend_agreement(found, amended, seen=seen, mandate=by(AFTER, reason="r"))
    other = msgspec.structs.replace(found.state.terms, licence="MIT")
    amended = AgreementAmended(terms=other, consent="sha256:06")
    act = amend_agreement(found, amended, seen=seen, mandate=by(AFTER, reason="r"))
    after = _with(found, act).state
    assert (after.phase, after.terms.licence) == (AgreementPhase.AMENDED, "MIT")


def test_steps_have_an_order() -> None:
    """Work begins after the signing; an early end needs its reason."""
    found = _agreed(_selected())
    with pytest.raises(NotAllowed, match="is drafted"):
        _step(found, AgreementActivated())
    with pytest.raises(InvalidInput, match="only with a reason"):
        _step(found, AgreementTerminated())
    ended = _step(found, AgreementTerminated(), reason="철회")
    assert ended.state.phase is AgreementPhase.TERMINATED


def test_what_is_owed_stands_on_the_agenda_with_its_day() -> None:
    """Late once its day is over."""
    found, call = _running(), _selected().call.state
    on = "2031-08-01T09:00:00+09:00"
    agenda = call_agenda(call, (), [found.state], now=on)
    owed = [(i.standing, i.until) for i in agenda if "owes" in i.what.en]
    assert owed[0] == (Standing.OVERDUE, "2031-07-30")
    assert {standing for standing, _ in owed[1:]} == {Standing.WAITS}


def test_a_call_ends_after_agreements_and_feedback() -> None:
    """Both are named where they are missing."""
    office = _selected()
    with pytest.raises(NotAllowed, match=r"agreement: a01; no feedback: a02"):
        _close_out(office, [])
    signed = _step(_agreed(office), AgreementSigned(document="sha256:04"))
    given = FeedbackGiven(text=Text("계획을 구체화", "a firmer plan"))
    left = office.application("a02")
    office.keep(give_feedback(left, given, seen=left.seen, mandate=by(AFTER)))
    office.keep(_close_out(office, [signed]))
    assert office.call.state.phase is CallPhase.CLOSED_OUT


def _selected() -> CallOffice:
    office = CallOffice(call_text(slots=1))
    office.open()
    for name in ("a01", "a02"):
        office.submit(name)
    office.close()
    office.admit("a01", "a02")
    office.screen({"a01": (50, 30), "a02": (40, 30)})
    office.panel(ReviewRound.PRESENTATION)
    office.present("a01", "a02")
    office.decide({"a01": (40, 40), "a02": (30, 30)})
    return office


def _agreed(office: CallOffice) -> AgreementFile:
    act = draft_agreement(
        MATTER,
        office.application("a01").state,
        rulebook=office.rulebook,
        starts=STARTS,
        mandate=by(AFTER),
    )
    return agreement_file(MATTER, [act])


def _running() -> AgreementFile:
    signed = _step(_agreed(_selected()), AgreementSigned(document="sha256:04"))
    return _step(signed, AgreementActivated())


def _with(found: AgreementFile, act: Act) -> AgreementFile:
    return agreement_file(MATTER, acts_of(MATTER, [*found.acts, act]))


def _step(found: AgreementFile, step: Any, *, reason: str = "") -> AgreementFile:
    mandate = by(AFTER, reason=reason)
    act = step_agreement(found, step, seen=len(found.acts), mandate=mandate)
    return _with(found, act)


def _settle(
    found: AgreementFile, settling: Any, *, reason: str = "", at: str = AFTER
) -> AgreementFile:
    mandate = by(at, reason=reason)
    act = settle_obligation(found, settling, seen=len(found.acts), mandate=mandate)
    return _with(found, act)


def _close_out(office: CallOffice, signed: list[AgreementFile]) -> Act:
    call = office.call
    return close_out_call(
        call,
        office.states,
        [file.state for file in signed],
        seen=len(call.acts),
        mandate=by(AFTER),
    )
