"""A call's text, its window, and when a revival may open."""

from __future__ import annotations

from typing import Any

import pytest

from dokja.call.clarify import (
    answer,
    ask,
    contradictions,
    give_notice,
    mark_contradicting,
)
from dokja.call.open_call import close_call, draft_call, extend_call, revise_call
from dokja.call.state import CALL
from dokja.call.values import (
    Answered,
    Asked,
    BindingDefinition,
    CallKind,
    CallPhase,
    Channel,
    Clarified,
    Contradiction,
    MarkedContradicting,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.values import Text
from dokja.programme.matters import Matter
from tests.call_fixture import (
    AFTER,
    BEFORE,
    CLOSES,
    DURING,
    CallOffice,
    by,
    call_rulebook,
    call_text,
    vacancy,
)

LATER = "2031-04-08T16:00:00+09:00"
SAID = Text("가능합니다.", "That is allowed.")
AGAINST = Contradiction(
    clause="1.1", explanation=Text("정의와 다름", "not what the definition says")
)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens": CLOSES, "closes": CLOSES}, "ends at"),
        ({"slots": 4}, "4 places and a shortlist of 3"),
        (
            {"definition": BindingDefinition(clause="9.9", text=SAID)},
            "clause 9.9: no such clause",
        ),
        ({"documents": ()}, "documents: no criterion"),
        ({"tie_order": ("luck",)}, "no criterion luck"),
        ({"opens": "2031-03-03T09:00:00"}, "has no zone"),
    ],
)
def test_a_text_that_cannot_bind_is_refused(change: dict[str, Any], said: str) -> None:
    """Before anybody relies on it."""
    matter = Matter(programme="p", kind=CALL, id="c1")
    with pytest.raises(InvalidInput, match=said):
        draft_call(
            matter,
            call_text(**change),
            rulebook=call_rulebook(),
            mandate=by(BEFORE),
        )


def test_the_text_changes_while_it_is_a_draft_and_never_after() -> None:
    """Who applies knows what binds."""
    office = CallOffice()
    office.draft()
    better = call_text(slots=3)
    rules = office.rulebook
    found = office.call
    office.keep(revise_call(found, better, rulebook=rules, seen=1, mandate=by(BEFORE)))
    assert office.call.state.text.slots == 3
    office.open()
    with pytest.raises(NotAllowed, match="c1 is open"):
        revise_call(office.call, better, rulebook=rules, seen=3, mandate=by(DURING))


def test_a_window_grows_in_time_and_with_a_reason_only() -> None:
    """What was late stays late, and nothing is ever shortened."""
    office = CallOffice()
    office.open()
    found = office.call
    with pytest.raises(InvalidInput, match="needs its reason"):
        extend_call(found, LATER, seen=2, mandate=by(DURING))
    with pytest.raises(InvalidInput, match="not later"):
        extend_call(found, CLOSES, seen=2, mandate=by(DURING, reason="r"))
    with pytest.raises(NotAllowed, match="ended at"):
        extend_call(found, LATER, seen=2, mandate=by(AFTER, reason="r"))
    office.keep(extend_call(found, LATER, seen=2, mandate=by(DURING, reason="장애")))
    state = office.call.state
    assert (state.closes, state.text.closes) == (LATER, CLOSES)
    assert state.takes(AFTER)
    assert not state.takes(LATER)


def test_a_call_closes_at_its_end_and_not_before() -> None:
    """Whoever relies on the window may use all of it."""
    office = CallOffice()
    office.open()
    with pytest.raises(NotAllowed, match="until"):
        close_call(office.call, seen=2, mandate=by(DURING))
    office.close()
    assert office.call.state.phase is CallPhase.CLOSED


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (None, "opens only for a vacancy"),
        (vacancy(at="2031-02-20T10:00:01+09:00"), "becomes final at"),
        (vacancy(places=1), "offers 2 places and 1 are vacant"),
    ],
)
def test_a_revival_opens_for_a_final_vacancy_only(places: Any, said: str) -> None:
    """Invariant 6; the clause is named."""
    office = CallOffice(call_text(kind=CallKind.REVIVAL))
    with pytest.raises(NotAllowed, match=said) as refused:
        office.open(places)
    assert "clause 4.2" in refused.value.fact


def test_an_initial_call_fills_no_vacancy() -> None:
    """A vacancy beside it would be a mistake."""
    with pytest.raises(InvalidInput):
        CallOffice().open(vacancy())


def test_of_two_officers_one_has_to_read_again() -> None:
    """Nobody's extension is lost behind another's."""
    office = CallOffice()
    office.open()
    mandate = by(DURING, reason="장애")
    with pytest.raises(Conflict, match="you have read 1"):
        extend_call(office.call, LATER, seen=1, mandate=mandate)


def test_answers_and_notices_keep_every_version() -> None:
    """The earlier one is replaced and not removed."""
    office = _with_question()
    for text in (SAID, Text("정정합니다.", "Corrected.")):
        found, given = office.call, Answered(question="q1", text=text)
        seen = len(found.acts)
        office.keep(answer(found, given, seen=seen, mandate=by(DURING)))
        found, notice = office.call, Clarified(id="n1", text=text)
        office.keep(give_notice(found, notice, seen=seen + 1, mandate=by(DURING)))
    state = office.call.state
    for versions in (state.questions[0].versions, state.notices[0].versions):
        assert [(v.version, v.replaced) for v in versions] == [(1, True), (2, False)]


def test_an_answer_is_marked_once_and_stays_visible() -> None:
    """A mark names the clause; what was said is there as it was said."""
    office = _with_question()
    found, given = office.call, Answered(question="q1", text=SAID)
    office.keep(answer(found, given, seen=3, mandate=by(DURING)))
    assert contradictions(office.call.state) == ()
    mark = MarkedContradicting(id="q1", version=1, contradiction=AGAINST)
    found = office.call
    office.keep(mark_contradicting(found, mark, seen=4, mandate=by(AFTER)))
    ((name, said),) = contradictions(office.call.state)
    assert (name, said.text, said.contradicts) == ("q1", SAID, AGAINST)
    with pytest.raises(NotAllowed, match="marked already"):
        mark_contradicting(office.call, mark, seen=5, mandate=by(AFTER))


def test_what_nobody_asked_is_not_answered() -> None:
    """Nor is a question asked twice under one id, nor a version marked that is not."""
    office = _with_question()
    found = office.call
    stray = Answered(question="q2", text=SAID)
    with pytest.raises(InvalidInput, match="nobody asked"):
        answer(found, stray, seen=3, mandate=by(DURING))
    again = Asked(id="q1", channel=Channel.WRITTEN, text=SAID)
    with pytest.raises(InvalidInput, match="taken"):
        ask(found, again, seen=3, mandate=by(DURING))
    mark = MarkedContradicting(id="q1", version=1, contradiction=AGAINST)
    with pytest.raises(InvalidInput, match="no version 1"):
        mark_contradicting(found, mark, seen=3, mandate=by(DURING))


def _with_question() -> CallOffice:
    office = CallOffice()
    office.open()
    question = Asked(id="q1", channel=Channel.BRIEFING, text=Text("됩니까?", "May we?"))
    office.keep(ask(office.call, question, seen=2, mandate=by(DURING)))
    return office
