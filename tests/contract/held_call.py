"""A call on an office's record: two applied, one was selected and owes something."""

from __future__ import annotations

from datetime import date

from dokja.call.agreements.agree import draft_agreement
from dokja.call.agreements.state import AGREEMENT
from dokja.call.applications.values import FeedbackGiven
from dokja.call.clarify import answer, ask
from dokja.call.close_out import give_feedback
from dokja.call.values import Answered, Asked, Channel, Contradiction, ReviewRound
from dokja.evidence.values import Text
from dokja.programme.matters import Matter
from dokja.wiring.office import Office
from tests.call_fixture import CallOffice, by, call_text

CALL_ID = "c1"


def hold_call(office: Office) -> None:
    """Puts a decided call on record; the first team of the stage was selected."""
    name, other = office.plan.teams[0], "a02"
    text = call_text(slots=1, shortlist=2)
    held = CallOffice(text, office.rulebook, programme=office.plan.programme)
    held.open()
    _speak(held)
    for each in (name, other):
        held.submit(each)
    held.close()
    held.admit(name, other)
    held.screen({name: (50, 30), other: (40, 30)})
    held.panel(ReviewRound.PRESENTATION)
    held.present(name, other)
    held.decide({name: (40, 40), other: (30, 30)})
    _conclude(held, name, other)
    office.store.acts.append(held.acts)


def _speak(held: CallOffice) -> None:
    """A question, and an answer that contradicts the call."""
    call, mandate = held.call, by(held.at)
    words = Text("미세조정도 됩니까?", "Is a fine-tuned model one?")
    asked = Asked(id="q-1", channel=Channel.BRIEFING, text=words)
    held.keep(ask(call, asked, seen=len(call.acts), mandate=mandate))
    call = held.call
    said = Answered(
        question="q-1",
        text=Text("됩니다.", "It is."),
        contradicts=Contradiction(
            clause="1.1", explanation=Text("정의와 다릅니다.", "Not by the definition.")
        ),
    )
    held.keep(answer(call, said, seen=len(call.acts), mandate=mandate))


def _conclude(held: CallOffice, name: str, other: str) -> None:
    found = held.application(name)
    matter = Matter(programme=held.programme, kind=AGREEMENT, id=f"{CALL_ID}/{name}")
    drafted = draft_agreement(
        matter,
        found.state,
        rulebook=held.rulebook,
        starts=date(2031, 4, 10),
        mandate=by(held.at),
    )
    left = held.application(other)
    told = FeedbackGiven(text=Text("계획을 더 자세히", "a plan in more detail"))
    held.keep(drafted, give_feedback(left, told, seen=left.seen, mandate=by(held.at)))
