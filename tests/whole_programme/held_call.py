"""A call from its draft to its end, act by act, as an office and applicants do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from dokja.call.agreements.agree import draft_agreement, step_agreement
from dokja.call.agreements.state import AGREEMENT, agreement_file
from dokja.call.agreements.values import AgreementActivated, AgreementSigned
from dokja.call.applications.eligibility import (
    PeoplesFinding,
    eligibility_checks,
    find_eligibility,
    settle_eligibility,
)
from dokja.call.applications.examine import (
    ReplyRequest,
    ask_for_reply,
    check_track,
    cite_comparison,
    reply,
)
from dokja.call.applications.state import (
    APPLICATION,
    ApplicationFile,
    ApplicationState,
    application_file,
)
from dokja.call.applications.submit import (
    draft_application,
    submit_application,
    withdraw_application,
)
from dokja.call.applications.values import (
    ApplicationPhase,
    Eligibility,
    FeedbackGiven,
    HandedInFile,
    PresentationHeld,
    TrackChecked,
)
from dokja.call.clarify import answer, ask, give_notice, mark_contradicting
from dokja.call.close_out import LEFT, close_out_call, give_feedback
from dokja.call.name_panel import PanelRequest, name_panel
from dokja.call.open_call import close_call, draft_call, extend_call, open_call
from dokja.call.screen import begin_screening, screen_call
from dokja.call.select import Review, decide_call, hold_presentation
from dokja.call.state import CALL, CallFile, call_file
from dokja.call.values import (
    Answered,
    Asked,
    CallKind,
    CallPhase,
    CallText,
    Channel,
    Clarified,
    Contradiction,
    MarkedContradicting,
    PanelSeat,
    ReviewRound,
    VacantPlaces,
    Vote,
)
from dokja.evidence.values import Act, CheckResult, Text
from dokja.panel.values import Declaration, Expert, ExpertSheet, InterestRegister, Panel
from dokja.programme.matters import Mandate, Matter, acts_of, ids_of
from tests.call_fixture import call_text, comparison, proposal
from tests.whole_programme.office import Office

JURY = tuple(f"j{number}" for number in range(1, 8))
TRIES = 12
"""Times that a tie may be parted by new sheets before the office gives up."""
_P = ApplicationPhase


@dataclass
class HeldCall:
    """One call and what is on record of it."""

    office: Office
    id: str
    kind: CallKind
    slots: int
    applicants: tuple[str, ...]
    vacancy: VacantPlaces | None = None
    favour: float = 0.6
    """How often an expert votes for an application."""
    recused: dict[ReviewRound, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def file(self) -> CallFile:
        """The call as the record has it."""
        matter = self.matter(CALL, self.id)
        return call_file(matter, self.office.desk.history(matter))

    @property
    def phase(self) -> CallPhase:
        """How far it is."""
        return self.file.state.phase

    def matter(self, kind: str, name: str) -> Matter:
        """The matter of that kind and id."""
        return Matter(programme=self.office.desk.programme, kind=kind, id=name)

    def application(self, name: str) -> ApplicationFile:
        """An application as the record has it."""
        matter = self.matter(APPLICATION, f"{self.id}/{name}")
        return application_file(matter, self.office.desk.history(matter))

    def applications(self) -> list[ApplicationFile]:
        """Every application to this call."""
        acts = self.office.desk.of_kind(APPLICATION)
        matters = [
            self.matter(APPLICATION, name)
            for name in ids_of(APPLICATION, acts)
            if name.startswith(f"{self.id}/")
        ]
        return [application_file(m, acts_of(m, acts)) for m in matters]

    def states(self) -> list[ApplicationState]:
        """States of the applications."""
        return [file.state for file in self.applications()]

    def in_phase(self, *phases: ApplicationPhase) -> list[str]:
        """Applications that are so far."""
        return [state.id for state in self.states() if state.phase in phases]

    def on_call(self, act: Callable[..., Any], *given: Any, **more: Any) -> Any:
        """What makes an act on the call as it then stands."""

        def make(mandate: Mandate) -> Any:
            file = self.file
            seen = len(file.acts)
            return act(file, *given, seen=seen, mandate=mandate, **more)

        return make

    def on_application(self, name: str, act: Callable[..., Any], *given: Any) -> Any:
        """What makes an act on an application as it then stands."""

        def make(mandate: Mandate) -> Act:
            file = self.application(name)
            made: Act = act(file, *given, seen=file.seen, mandate=mandate)
            return made

        return make


def hold(call: HeldCall) -> Iterator[str]:
    """The whole call; a step after each act. It ends early where nobody is left."""
    yield from _announced(call)
    yield from _applied(call)
    yield from _examined(call)
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
    opened = call.on_call(open_call, call.vacancy, rulebook=rules)
    office.act("open call", opened)
    office.until(text.opens)
    yield "call open"


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


def _examined(call: HeldCall) -> Iterator[str]:
    """Every application is looked into, heard where need be, and found or not."""
    office = call.office
    for name in call.in_phase(_P.SUBMITTED):
        verdict = office.luck.choice(("no_evidence",) * 7 + ("derived", "refer"))
        if office.chance(0.95):
            cited = comparison(verdict)  # type: ignore[arg-type]
            office.act("cite", call.on_application(name, cite_comparison, cited))
        for entry in call.application(name).state.proposal.track:
            found = CheckResult.PASS if office.chance(0.93) else CheckResult.FAIL
            looked = TrackChecked(
                entry=entry.id, result=found, detail=Text("확인", "looked at")
            )
            office.act("check track", call.on_application(name, check_track, looked))
        yield "application examined"
        yield from _found(call, name)


def _found(call: HeldCall, name: str) -> Iterator[str]:
    office = call.office
    office.act("find eligibility", _finding(call, name))
    if call.application(name).state.phase is not _P.SUBMITTED:
        yield "eligibility"
        return
    facts = Text("점검 결과", "what the checks show")
    against = tuple(
        check.id
        for check in eligibility_checks(
            call.application(name).state, call.states(), office.desk.rulebook
        )
        if check.id in ("track", "definition", "bids", "open_share")
        and check.result is not CheckResult.PASS
    )
    request = ReplyRequest(checks=against, facts=facts)
    rules = office.desk.rulebook
    office.act(
        "ask for reply",
        lambda m: ask_for_reply(
            call.application(name), request, rulebook=rules, mandate=m
        ),
    )
    yield "reply asked"
    if office.chance(0.5):
        words = call.on_application(name, reply, "우리의 답", ())
        office.act("reply", words, by=name)
    else:
        office.wait(days=6)
    office.act("find eligibility", _finding(call, name))
    if call.application(name).state.phase is _P.SUBMITTED:
        office.act("settle eligibility", _settling(call, name))
    yield "eligibility"


def _finding(call: HeldCall, name: str) -> Callable[[Mandate], Act]:
    rules = call.office.desk.rulebook
    return lambda m: find_eligibility(
        call.application(name),
        call.file.state,
        call.states(),
        rulebook=rules,
        mandate=m,
    )


def _settling(call: HeldCall, name: str) -> Callable[[Mandate], Act]:
    rules = call.office.desk.rulebook
    outcome = call.office.luck.choice([Eligibility.ELIGIBLE, Eligibility.INELIGIBLE])
    finding = PeoplesFinding(
        outcome=outcome, reviewers=("r1", "r2"), opinion=Text("의견", "our opinion")
    )
    return lambda m: settle_eligibility(
        call.application(name),
        call.file.state,
        call.states(),
        finding,
        rulebook=rules,
        mandate=m,
    )


def _documents(call: HeldCall) -> Iterator[str]:
    office, rules = call.office, call.office.desk.rulebook
    _name_panel(call, ReviewRound.DOCUMENTS)
    yield "panel"
    office.act(
        "begin screening",
        call.on_call(lambda f, **k: begin_screening(f, call.states(), **k)),
    )
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
            continue
        _agree(call, name)
        yield "agreement"
    for name in call.in_phase(*LEFT):
        given = call.on_application(name, give_feedback, FeedbackGiven(text=words))
        office.act("feedback", given)
        yield "feedback"
    office.act("close out", lambda m: _closing(call, m))
    yield "call closed out"


def _closing(call: HeldCall, mandate: Mandate) -> Act:
    file, acts = call.file, call.office.desk.of_kind(AGREEMENT)
    agreements = [
        agreement_file(matter, acts_of(matter, acts)).state
        for name in ids_of(AGREEMENT, acts)
        if name.startswith(f"{call.id}/")
        for matter in [call.matter(AGREEMENT, name)]
    ]
    return close_out_call(
        file, call.states(), agreements, seen=len(file.acts), mandate=mandate
    )


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


def drawn_panel(call: HeldCall, which: ReviewRound) -> Panel:
    """Sheets of everybody on everything, those of recused experts among them."""
    text, luck = call.file.state.text, call.office.luck
    is_first = which is ReviewRound.DOCUMENTS
    criteria = text.documents if is_first else text.presentation
    names = call.in_phase(_P.ELIGIBLE if is_first else _P.PRESENTED)
    return Panel(
        synthetic=True,
        note=Text("시험용", "for a test"),
        criteria=criteria,
        experts=tuple(Expert(id=expert, conflicts=()) for expert in JURY),
        sheets=tuple(
            ExpertSheet(
                expert=expert,
                team=name,
                scores={c.id: luck.randint(0, min(c.max, 6)) for c in criteria},
            )
            for expert in JURY
            for name in names
        ),
    )


def drawn_review(call: HeldCall) -> Review:
    """Sheets and votes after the presentations; whoever is recused has no vote."""
    names = call.in_phase(_P.PRESENTED)
    kept_out = call.recused[ReviewRound.PRESENTATION]
    return Review(
        panel=drawn_panel(call, ReviewRound.PRESENTATION),
        votes=votes(call, [(e, n) for n in names for e in JURY
                           if n not in kept_out.get(e, ())]),
    )  # fmt: skip


def votes(call: HeldCall, pairs: Sequence[tuple[str, str]]) -> tuple[Vote, ...]:
    """A vote of each expert on each application they are paired with."""
    return tuple(
        Vote(expert=expert, application=name, in_favour=call.office.chance(call.favour))
        for expert, name in pairs
    )


def _day(office: Office) -> date:
    return office.clock.now.date()
