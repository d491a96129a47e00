"""A call from its draft to its end, act by act, as an office and applicants do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from dokja.call.agreements.agree import draft_agreement, step_agreement
from dokja.call.agreements.state import AGREEMENT, agreement_file
from dokja.call.agreements.values import AgreementActivated, AgreementSigned
from dokja.call.applications.state import (
    APPLICATION,
)
from dokja.call.applications.submit import (
    draft_application,
    submit_application,
    withdraw_application,
)
from dokja.call.applications.values import (
    ApplicationPhase,
    FeedbackGiven,
    HandedInFile,
    PresentationHeld,
)
from dokja.call.clarify import answer, ask, give_notice, mark_contradicting
from dokja.call.close_out import LEFT, close_out_call, give_feedback
from dokja.call.move_up import move_up
from dokja.call.name_panel import PanelRequest, name_panel
from dokja.call.open_call import close_call, draft_call, extend_call, open_call
from dokja.call.screen import begin_screening, screen_call
from dokja.call.select import decide_call, hold_presentation
from dokja.call.state import CALL
from dokja.call.values import (
    Answered,
    Asked,
    CallText,
    Channel,
    Clarified,
    Contradiction,
    MarkedContradicting,
    PanelSeat,
    ReviewRound,
)
from dokja.evidence.values import Act, Text
from dokja.panel.values import Declaration, InterestRegister
from dokja.programme.matters import Mandate, Matter
from tests.call_fixture import call_text, proposal
from tests.whole_programme.examination import examine
from tests.whole_programme.held_call import JURY, HeldCall, drawn_panel, drawn_review
from tests.whole_programme.office import Office

TRIES = 12
"""Times that a tie may be parted by new sheets before the office gives up."""
_P = ApplicationPhase


def hold(call: HeldCall) -> Iterator[str]:
    """The whole call; a step after each act. It ends early where nobody is left."""
    yield from _announced(call)
    yield from _applied(call)
    yield from examine(call)
    yield from _documents(call)
    yield from _selection(call)
    yield from _closed_out(call)


def _announced(call: HeldCall) -> Iterator[str]:
    office, rules = call.office, call.office.desk.rulebook
    text = _text(call)
    matter = call.matter(CALL, call.id)
    office.act(
        "draft call", lambda m: draft_call(matter, text, rulebook=rules, mandate=m)
    )
    yield "call drafted"
    office.act("open call", lambda m: _opening(call, m))
    office.until(text.opens)
    yield "call open"


def _next_bid(call: HeldCall) -> Callable[..., Sequence[Act]]:
    rules = call.office.desk.rulebook
    return lambda f, **k: move_up(f, call.applications(), rulebook=rules, **k)


def _opening(call: HeldCall, mandate: Mandate) -> tuple[Act, ...]:
    """The call is open and, for a revival, its places are called for: both or none."""
    rules, places = call.office.desk.rulebook, call.fills
    vacancy = None if places is None else places.vacancy()
    opened: Act = call.on_call(open_call, vacancy, rulebook=rules)(mandate)
    return (opened, *(places.called(call.id, mandate) if places else ()))


def _text(call: HeldCall) -> CallText:
    now = call.office.clock.now
    return call_text(
        kind=call.kind,
        opens=(now + timedelta(days=1)).isoformat(),
        closes=(now + timedelta(days=15)).isoformat(),
        slots=call.slots,
        shortlist=max(call.slots, len(call.applicants) - 1),
        tie_order=("technology", "strategy"),
    )


def _applied(call: HeldCall) -> Iterator[str]:
    office = call.office
    for number, name in enumerate(call.applicants):
        # The last organisation of each bid stands in the next one, too.
        offered = proposal(f"{name} Labs", f"partner {number // 2}")
        matter = call.matter(APPLICATION, f"{call.id}/{name}")
        office.act(
            "draft application",
            lambda m, matter=matter, offered=offered: draft_application(  # type: ignore[misc]
                matter, call.file.state, offered, mandate=m
            ),
            by=name,
        )
        office.wait(hours=office.luck.randint(1, 12))
        handed = (HandedInFile(name="plan.pdf", digest="sha256:00", bytes=10),)
        submitted = call.on_application(
            name,
            lambda f, handed=handed, **k: submit_application(
                f, call.file.state, handed, **k
            ),
        )
        office.act("submit application", submitted, by=name)
        yield "application"
    yield from _spoken(call)
    for name in office.some(call.applicants, 0.05):
        withdrawn = call.on_application(name, withdraw_application)
        office.act("withdraw application", withdrawn, by=name)
        yield "application withdrawn"
    if office.chance(0.2):
        later = office.clock.now + timedelta(days=20)
        extended = call.on_call(extend_call, later.isoformat())
        office.act("extend call", extended, reason="늦어진 안내")
    office.until(call.file.state.closes)
    office.act("close call", call.on_call(close_call))
    yield "call closed"


def _spoken(call: HeldCall) -> Iterator[str]:
    """A question, an answer that says too much, and the mark on it."""
    office, words = call.office, Text("설명", "as was said")
    asked = Asked(id="q1", channel=Channel.BRIEFING, text=words)
    office.act("ask", call.on_call(ask, asked))
    office.act("answer", call.on_call(answer, Answered(question="q1", text=words)))
    notice = Clarified(id="n1", text=words)
    office.act("give notice", call.on_call(give_notice, notice))
    if office.chance(0.5):
        says = Contradiction(clause="1.1", explanation=words)
        mark = MarkedContradicting(id="q1", version=1, contradiction=says)
        office.act("mark", call.on_call(mark_contradicting, mark))
    yield "words"


def _documents(call: HeldCall) -> Iterator[str]:
    office, rules = call.office, call.office.desk.rulebook
    _name_panel(call, ReviewRound.DOCUMENTS)
    yield "panel"
    office.act(
        "begin screening",
        call.on_call(lambda f, **k: begin_screening(f, call.states(), **k)),
    )
    yield "screening"
    for _ in range(TRIES):
        panel = drawn_panel(call, ReviewRound.DOCUMENTS)
        made = call.on_call(
            lambda f, panel=panel, **k: screen_call(
                f, call.applications(), panel, rulebook=rules, **k
            )
        )
        if office.act("screen", made):
            break
    yield "screened"


def _selection(call: HeldCall) -> Iterator[str]:
    office, rules = call.office, call.office.desk.rulebook
    _name_panel(call, ReviewRound.PRESENTATION)
    yield "panel"
    held = PresentationHeld(languages=("ko",))
    for name in call.in_phase(_P.SCREENED_IN):
        leaves = office.chance(0.03)
        if leaves:
            made = call.on_application(name, withdraw_application)
            office.act("withdraw application", made, by=name)
            continue
        office.act(
            "present",
            call.on_application(
                name,
                lambda f, **k: hold_presentation(f, call.file.state, held, **k),
            ),
        )
        yield "presented"
    for _ in range(TRIES):
        review = drawn_review(call)
        made = call.on_call(
            lambda f, review=review, **k: decide_call(
                f, call.applications(), review, rulebook=rules, **k
            )
        )
        if office.act("decide call", made):
            break
    yield "call decided"


def _closed_out(call: HeldCall) -> Iterator[str]:
    office, words = call.office, Text("보완할 점", "what would have helped")
    for name in call.in_phase(_P.SELECTED):
        if office.chance(0.04):
            made = call.on_application(name, withdraw_application)
            office.act("withdraw application", made, by=name)
            office.act("move up", call.on_call(_next_bid(call)))
            yield "moved up"
    for name in call.in_phase(_P.SELECTED):
        _agree(call, name)
        yield "agreement"
    for name in call.in_phase(*LEFT):
        given = call.on_application(name, give_feedback, FeedbackGiven(text=words))
        office.act("feedback", given)
        yield "feedback"
    office.act("close out", lambda m: _closing(call, m))
    yield "call closed out"


def _closing(call: HeldCall, mandate: Mandate) -> tuple[Act, ...]:
    """The call is at its end and, for a revival, so are its places: both or none."""
    file, places = call.file, call.fills
    ended = close_out_call(
        file, call.states(), call.agreements(), seen=len(file.acts), mandate=mandate
    )
    return (ended, *(places.settled(call, mandate) if places else ()))


def _agree(call: HeldCall, name: str) -> None:
    office, rules = call.office, call.office.desk.rulebook
    matter = call.matter(AGREEMENT, f"{call.id}/{name}")
    starts = _day(office) + timedelta(days=1)
    office.act(
        "draft agreement",
        lambda m: draft_agreement(
            matter, call.application(name).state, rulebook=rules, starts=starts,
            mandate=m,
        ),
    )  # fmt: skip
    for step in (AgreementSigned(document="sha256:04"), AgreementActivated()):
        office.act("agreement", lambda m, step=step: _step(office, matter, step, m))  # type: ignore[misc]


def _step(office: Office, matter: Matter, step: Any, mandate: Mandate) -> Act:
    file = agreement_file(matter, office.desk.history(matter))
    return step_agreement(file, step, seen=len(file.acts), mandate=mandate)


def _name_panel(call: HeldCall, which: ReviewRound) -> None:
    office, rules = call.office, call.office.desk.rulebook
    names = [state.id for state in call.states() if state.stands]
    declared = {
        expert: office.luck.sample(names, 1)
        for expert in office.some(JURY, 0.12)
        if names
    }
    call.recused[which] = declared
    register = InterestRegister(
        experts=JURY,
        organisations=(),
        teams=(),
        ties=(),
        declarations=tuple(
            Declaration(expert=expert, team=name, recorded=_day(office))
            for expert, teams in declared.items()
            for name in teams
        ),
    )
    request = PanelRequest(
        round=which,
        seats=tuple(PanelSeat(expert=expert) for expert in JURY),
        register=register,
    )
    made = call.on_call(
        lambda f, **k: name_panel(f, call.states(), request, rulebook=rules, **k)
    )
    office.act("name panel", made)


def _day(office: Office) -> date:
    return office.clock.now.date()
