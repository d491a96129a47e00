"""Applications: handed in in time, looked at, heard, found eligible or not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from dokja.call.applications.eligibility import (
    PeoplesFinding,
    eligibility_checks,
    settle_eligibility,
)
from dokja.call.applications.examine import (
    ReplyRequest,
    ask_for_reply,
    cite_comparison,
    reply,
)
from dokja.call.applications.submit import (
    amend_consortium,
    submit_application,
    withdraw_application,
)
from dokja.call.applications.values import (
    ApplicationPhase,
    ConsortiumRole,
    ConsortiumState,
    Eligibility,
    HandedInFile,
    VerdictWord,
)
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import CheckResult, Text
from dokja.programme.call_rules import SeveralBids, TrackItem
from tests.call_fixture import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    CallOffice,
    by,
    call_rulebook,
    comparison,
    member,
    proposal,
)

FILE = HandedInFile(name="plan.pdf", digest="sha256:00", bytes=10)
TOLD = Text("비교 결과", "what the comparison says")


@pytest.mark.parametrize(
    ("at", "said"), [(BEFORE, "takes applications from"), (CLOSES, "until")]
)
def test_outside_the_window_nothing_is_taken(at: str, said: str) -> None:
    """The end is the first moment at which one is late; a draft is kept."""
    office = CallOffice()
    office.open()
    office.begin("a01", proposal("a01 Labs"))
    found = office.application("a01")
    with pytest.raises(NotAllowed, match=said) as refused:
        submit_application(
            found, office.call.state, [FILE], seen=1, mandate=by(at, who="a01")
        )
    assert "접수" in refused.value.korean
    assert office.application("a01").state.phase is ApplicationPhase.DRAFT


def test_what_was_handed_in_has_one_digest() -> None:
    """The order of the files does not enter it; another byte does."""
    digests = []
    other = HandedInFile(name="b.pdf", digest="sha256:11", bytes=11)
    changed = msgspec.structs.replace(other, digest="sha256:12")
    for files in ([FILE, other], [other, FILE], [FILE, changed]):
        office = CallOffice()
        office.open()
        office.begin("a01", proposal("a01 Labs"))
        found, state = office.application("a01"), office.call.state
        office.keep(submit_application(found, state, files, seen=1, mandate=by(DURING)))
        digests.append(office.application("a01").state.digest)
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"members": ()}, "one lead, this one 0"),
        ({"members": (member("A", ConsortiumRole.LEAD),) * 2}, "2"),
        ({"open_share": Decimal("1.5")}, "cannot be released"),
    ],
)
def test_a_proposal_that_says_nonsense_is_refused(
    change: dict[str, Any], said: str
) -> None:
    """Every mistake is named before anything is handed in."""
    office = CallOffice()
    office.open()
    with pytest.raises(InvalidInput, match=said):
        office.begin("a01", proposal("A", **change))


def test_a_fixed_consortium_changes_with_a_reason_under_its_lead() -> None:
    """Proposed, fixed by handing in, amended."""
    office = CallOffice()
    office.open()
    office.begin("a01", proposal("A", "B"))
    assert office.application("a01").state.consortium is ConsortiumState.PROPOSED
    office.submit("a02", proposal("A2", "B"))
    found = office.application("a02")
    assert found.state.consortium is ConsortiumState.FIXED
    without = (member("A2", ConsortiumRole.LEAD),)
    with pytest.raises(InvalidInput, match="only with a reason"):
        amend_consortium(found, without, seen=2, mandate=by(DURING))
    led_by_b = (member("B", ConsortiumRole.LEAD),)
    with pytest.raises(InvalidInput, match="the lead is A2"):
        amend_consortium(found, led_by_b, seen=2, mandate=by(DURING, reason="r"))
    mandate = by(DURING, reason="탈퇴")
    office.keep(amend_consortium(found, without, seen=2, mandate=mandate))
    state = office.application("a02").state
    assert state.consortium is ConsortiumState.AMENDED
    assert state.proposal.organisations == {"A2"}


def test_withdrawing_is_neutral_and_needs_no_reason() -> None:
    """Nothing is found of a withdrawn application, and it takes part in nothing."""
    office = _closed("a01", "a02")
    found = office.application("a01")
    office.keep(withdraw_application(found, seen=found.seen, mandate=by(AFTER)))
    assert office.application("a01").state.phase is ApplicationPhase.WITHDRAWN
    office.admit("a02")
    office.screen({"a02": (30, 20)})
    assert office.application("a02").state.phase is ApplicationPhase.SCREENED_IN


def test_who_shows_enough_is_eligible() -> None:
    """Two kinds of earlier work were asked, three are found."""
    office = _closed("a01")
    office.admit("a01")
    state = office.application("a01").state
    assert state.phase is ApplicationPhase.ELIGIBLE
    assert state.eligibility is not None
    results = {check.id: check.result for check in state.eligibility.checks}
    assert results["track"] is CheckResult.PASS
    assert results["track-previous_release"] is CheckResult.FAIL
    assert state.eligibility.reasons == ()


def test_what_nobody_looked_at_yet_is_left_open() -> None:
    """Declared is not found, and not found is not false."""
    office = _closed("a01")
    office.cite("a01", comparison("no_evidence"))
    office.find("a01")
    state = office.application("a01").state
    assert state.phase is ApplicationPhase.SUBMITTED
    assert state.eligibility is not None
    assert state.eligibility.outcome is Eligibility.UNDETERMINED


def test_nothing_but_an_application_is_ineligible_once_it_was_heard() -> None:
    """Nobody is found ineligible before it could answer."""
    office = CallOffice()
    office.open()
    office.submit("a01", proposal("A", track=()))
    office.close()
    with pytest.raises(NotAllowed, match="not heard on track"):
        office.find("a01")
    _ask(office, "a01", "track")
    with pytest.raises(NotAllowed, match="not heard on track"):
        office.find("a01")
    office.at = "2031-04-07T10:00:00+09:00"  # five days after AFTER
    office.find("a01")
    state = office.application("a01").state
    assert state.phase is ApplicationPhase.INELIGIBLE
    assert state.eligibility is not None
    assert state.eligibility.reasons[0].clauses == ("5.1", "5.2", "5.3")


CITED = [
    (("identical", "derived"), {}, CheckResult.FAIL),
    (("derived", "no_evidence"), {}, CheckResult.INCONCLUSIVE),
    (("derived", "refer"), {}, CheckResult.INCONCLUSIVE),
    (("refer",), {}, CheckResult.INCONCLUSIVE),
    (("partial",), {}, CheckResult.INCONCLUSIVE),
    (("untestable",), {}, CheckResult.INCONCLUSIVE),
    (("no_evidence",), {}, CheckResult.PASS),
    (("derived",), {"released": None}, CheckResult.INCONCLUSIVE),
    (("derived",), {"released": date(2030, 6, 1)}, CheckResult.INCONCLUSIVE),
    (("derived",), {"released": date(2030, 7, 1)}, CheckResult.INCONCLUSIVE),
    (("derived",), {"holder": "a01 Labs"}, CheckResult.PASS),
]


@pytest.mark.parametrize(("verdicts", "changes", "expected"), CITED)
def test_only_shown_descent_from_an_earlier_model_of_others_counts(
    verdicts: tuple[VerdictWord, ...], changes: dict[str, Any], expected: CheckResult
) -> None:
    """Anything less goes to people: a younger reference, an open verdict, no day."""
    office = _closed("a01")
    office.cite("a01", comparison(*verdicts, **changes))
    office.look("a01")
    state = office.application("a01").state
    found = eligibility_checks(state, [state], office.rulebook)
    results = {check.id: check.result for check in found}
    assert results["definition"] is expected


def test_a_reply_on_descent_is_weighed_by_people() -> None:
    """No check weighs a reply, and two people may find the applicant eligible."""
    office = _derived("a01")
    _ask(office, "a01", "definition")
    found = office.application("a01")
    office.keep(
        reply(found, "저희 모델입니다.", (), seen=found.seen, mandate=by(AFTER))
    )
    with pytest.raises(NotAllowed, match="no check weighs a reply"):
        office.find("a01")
    with pytest.raises(InvalidInput, match="1 people looked"):
        _settle(office, "a01", Eligibility.INELIGIBLE, "r1", "r1")
    _settle(office, "a01", Eligibility.ELIGIBLE, "r1", "r2")
    state = office.application("a01").state
    assert state.phase is ApplicationPhase.ELIGIBLE
    assert state.eligibility is not None
    assert state.eligibility.reviewers == ("r1", "r2")


def test_a_comparison_after_the_reply_has_to_be_shown_too() -> None:
    """New evidence opens a new request; the old reply does not cover it."""
    office = _derived("a01")
    _ask(office, "a01", "definition")
    office.at = "2031-04-08T10:00:00+09:00"
    office.cite("a01", comparison("identical", report="sha256:09"))
    with pytest.raises(NotAllowed, match="not heard on definition"):
        office.find("a01")


def test_people_find_nobody_ineligible_unheard() -> None:
    """An open verdict needs the applicant's word before it can count against it."""
    office = _closed("a01")
    office.cite("a01", comparison("refer"))
    office.look("a01")
    office.find("a01")
    with pytest.raises(NotAllowed, match="not heard on definition"):
        _settle(office, "a01", Eligibility.INELIGIBLE, "r1", "r2")


def test_people_do_not_overrule_checks_that_decide() -> None:
    """Where every check holds there is nothing to settle."""
    office = _closed("a01")
    office.cite("a01", comparison("no_evidence"))
    office.look("a01")
    with pytest.raises(NotAllowed, match="checks find application a01 eligible"):
        _settle(office, "a01", Eligibility.ELIGIBLE, "r1", "r2")


def test_replies_are_taken_in_their_time_only() -> None:
    """Before nothing was asked, and after the days of the rulebook."""
    office = _derived("a01")
    found = office.application("a01")
    with pytest.raises(NotAllowed, match="no reply"):
        reply(found, "답", (), seen=found.seen, mandate=by(AFTER))
    _ask(office, "a01", "definition")
    found = office.application("a01")
    late = by("2031-04-07T10:00:00+09:00")
    with pytest.raises(NotAllowed, match="no reply"):
        reply(found, "답", (), seen=found.seen, mandate=late)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (SeveralBids.ALLOWED, CheckResult.PASS),
        (SeveralBids.ONE_LEAD, CheckResult.PASS),
        (SeveralBids.ONE_BID, CheckResult.INCONCLUSIVE),
    ],
)
def test_an_organisation_in_two_bids(rule: SeveralBids, expected: CheckResult) -> None:
    """A member of one that leads another: the rules say whether that is too many."""
    office = CallOffice(rulebook=call_rulebook(several_bids=rule))
    office.open()
    office.submit("a01", proposal("A", "B"))
    office.submit("a02", proposal("B"))
    states = office.states
    found = eligibility_checks(states[0], states, office.rulebook)
    assert {c.id: c.result for c in found}["bids"] is expected


def test_a_comparison_is_cited_of_a_model_and_once() -> None:
    """Code has no weights, and a report counts once."""
    office = _closed("a01")
    found = office.application("a01")
    stray = msgspec.structs.replace(comparison("derived"), entry="code-1")
    with pytest.raises(InvalidInput, match="no such earlier work"):
        cite_comparison(found, stray, seen=found.seen, mandate=by(AFTER))
    office.cite("a01", comparison("derived"))
    with pytest.raises(InvalidInput, match="cited already"):
        office.cite("a01", comparison("derived"))


def test_eligibility_waits_for_the_end_of_the_window() -> None:
    """All applications are held to the same rules at the same time."""
    office = CallOffice()
    office.open()
    office.submit("a01")
    with pytest.raises(NotAllowed, match="once it is closed"):
        office.find("a01")


def test_people_months_add_up_over_entries() -> None:
    """What was found false does not count, what nobody looked at is open."""
    office = CallOffice()
    office.open()
    staff = [e for e in proposal("A").track if e.item is TrackItem.PEOPLE_MONTHS]
    parts = tuple(
        msgspec.structs.replace(staff[0], id=f"people-{n}", amount=40) for n in (1, 2)
    )
    office.submit("a01", proposal("A", track=parts))
    office.close()
    office.look("a01")
    state = office.application("a01").state
    found = eligibility_checks(state, [state], office.rulebook)
    assert {c.id: c.result for c in found}["track-people_months"] is CheckResult.PASS


def _closed(*names: str) -> CallOffice:
    office = CallOffice()
    office.open()
    for name in names:
        office.submit(name)
    office.close()
    return office


def _derived(name: str) -> CallOffice:
    office = _closed(name)
    office.cite(name, comparison("derived"))
    office.look(name)
    return office


def _ask(office: CallOffice, name: str, *checks: str) -> None:
    office.keep(
        ask_for_reply(
            office.application(name),
            ReplyRequest(checks=checks, facts=TOLD),
            rulebook=office.rulebook,
            mandate=by(office.at),
        )
    )


def _settle(
    office: CallOffice, name: str, outcome: Eligibility, *reviewers: str
) -> None:
    finding = PeoplesFinding(
        outcome=outcome, reviewers=reviewers, opinion=Text("의견", "their opinion")
    )
    office.keep(
        settle_eligibility(
            office.application(name),
            office.call.state,
            office.states,
            finding,
            rulebook=office.rulebook,
            mandate=by(office.at),
        )
    )
