"""Calls for tests: a rulebook with rules of calls, and acts in the order of an office.

Every organisation here is invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from dokja.call.applications.eligibility import find_eligibility
from dokja.call.applications.examine import check_track, cite_comparison
from dokja.call.applications.state import (
    APPLICATION,
    ApplicationFile,
    ApplicationState,
    application_file,
)
from dokja.call.applications.submit import draft_application, submit_application
from dokja.call.applications.values import (
    CitedComparison,
    CitedVerdict,
    ConsortiumMember,
    ConsortiumRole,
    HandedInFile,
    PresentationHeld,
    Proposal,
    TrackChecked,
    TrackEntry,
    VerdictWord,
)
from dokja.call.name_panel import PanelRequest, name_panel
from dokja.call.open_call import close_call, draft_call, open_call
from dokja.call.screen import begin_screening, screen_call
from dokja.call.select import Review, decide_call, hold_presentation
from dokja.call.state import CALL, CallFile, call_file
from dokja.call.values import (
    BindingDefinition,
    CallKind,
    CallText,
    PanelSeat,
    ReviewRound,
    Settled,
    VacantPlaces,
    Vote,
)
from dokja.evidence.values import Act, CheckResult, Text
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageVerdict,
    TokenizerComparison,
)
from dokja.panel.values import (
    AssignmentRules,
    Criterion,
    Expert,
    ExpertSheet,
    InterestRegister,
    Panel,
)
from dokja.programme import Rulebook, parse_rulebook
from dokja.programme.call_rules import CallRules, FirmSize, TrackItem
from dokja.programme.matters import Mandate, Matter, acts_of
from tests.rulebooks import EXAMPLE

OPENS, CLOSES = "2031-03-03T09:00:00+09:00", "2031-04-01T16:00:00+09:00"
BEFORE, DURING = "2031-02-20T10:00:00+09:00", "2031-03-10T10:00:00+09:00"
AFTER = "2031-04-02T10:00:00+09:00"
EXPERTS = ("e1", "e2", "e3", "e4", "e5")
DOCUMENTS = (
    Criterion(id="technology", name=Text("기술력", "technology"), max=60),
    Criterion(id="plan", name=Text("계획", "plan"), max=40),
)
PRESENTATION = (
    Criterion(id="strategy", name=Text("전략", "strategy"), max=50),
    Criterion(id="spillover", name=Text("파급효과", "spillover"), max=50),
)


def call_rulebook(**changes: object) -> Rulebook:
    """The example's rulebook with rules of calls, changed as given."""
    rulebook = parse_rulebook(EXAMPLE, where="example")
    rules = rulebook.call_rules
    assert isinstance(rules, CallRules)
    changed = msgspec.structs.replace(rules, **changes)
    return msgspec.structs.replace(rulebook, call_rules=changed)


def by(at: str, *, who: str = "officer-1", reason: str = "") -> Mandate:
    """A mandate at that moment."""
    text = Text(reason, reason) if reason else None
    return Mandate(by=who, at=at, clause="5.1", reason=text)


def call_text(**changes: object) -> CallText:
    """The text of an initial call for two places, changed as given."""
    text = CallText(
        kind=CallKind.INITIAL,
        title=Text("기초 모델 공모", "Call for foundation models"),
        opens=OPENS,
        closes=CLOSES,
        slots=2,
        shortlist=3,
        definition=BindingDefinition(
            clause="1.1",
            text=Text(
                "가중치를 초기화하여 학습한 모델", "a model trained from fresh weights"
            ),
        ),
        documents=DOCUMENTS,
        presentation=PRESENTATION,
    )
    return msgspec.structs.replace(text, **changes)


def proposal(lead: str, *members: str, **changes: object) -> Proposal:
    """A proposal of an invented consortium that can show four kinds of work."""
    found = Proposal(
        name=Text(f"{lead} 모델", f"Model of {lead}"),
        members=(
            member(lead, ConsortiumRole.LEAD),
            *(member(name, ConsortiumRole.MEMBER) for name in members),
        ),
        track=(
            TrackEntry(
                id="model-1",
                item=TrackItem.EXISTING_MODEL,
                name="an earlier model",
                released=date(2030, 6, 1),
            ),
            TrackEntry(id="code-1", item=TrackItem.OWN_CODE, name="training code"),
            TrackEntry(
                id="people-1", item=TrackItem.PEOPLE_MONTHS, name="staff", amount=80
            ),
        ),
        open_share=Decimal("0.6"),
        licence="Apache-2.0",
    )
    return msgspec.structs.replace(found, **changes)


def member(name: str, role: ConsortiumRole) -> ConsortiumMember:
    """An organisation of a consortium."""
    return ConsortiumMember(
        organisation=name, role=role, size=FirmSize.SMALL, part="training"
    )


def comparison(
    *verdicts: VerdictWord,
    holder: str = "Foreign Lab",
    released: date | None = date(2029, 1, 1),
    report: str = "sha256:01",
) -> CitedComparison:
    """A cited comparison of `model-1` with these verdicts, one a component."""
    return CitedComparison(
        entry="model-1",
        report=report,
        rules_digest="sha256:02",
        candidate="an earlier model",
        reference="open-base-1",
        reference_holder=holder,
        reference_released=released,
        verdicts=tuple(
            CitedVerdict(component=f"component-{number}", verdict=verdict)
            for number, verdict in enumerate(verdicts)
        ),
    )


class CallOffice:
    """An office that runs one call on acts in memory, step by step."""

    def __init__(
        self,
        text: CallText | None = None,
        rulebook: Rulebook | None = None,
        *,
        programme: str = "p",
    ) -> None:
        self.programme = programme
        self.text = text or call_text()
        self.rulebook = rulebook or call_rulebook()
        self.acts: list[Act] = []
        self.at = BEFORE

    def keep(self, *acts: Act) -> None:
        """Appends the acts, each under a name that is not taken."""
        known = {(act.kind, act.subject) for act in self.acts}
        assert not known & {(act.kind, act.subject) for act in acts}
        self.acts += acts

    @property
    def call(self) -> CallFile:
        """The call."""
        matter = Matter(programme=self.programme, kind=CALL, id="c1")
        return call_file(matter, acts_of(matter, self.acts))

    def application(self, name: str) -> ApplicationFile:
        """An application."""
        matter = self._matter(name)
        return application_file(matter, acts_of(matter, self.acts))

    @property
    def applications(self) -> list[ApplicationFile]:
        """Every application."""
        names = dict.fromkeys(
            act.subject.split("/")[1] for act in self.acts if act.kind == APPLICATION
        )
        return [self.application(name) for name in names]

    def draft(self) -> None:
        """The call is drafted."""
        matter = Matter(programme=self.programme, kind=CALL, id="c1")
        self.keep(
            draft_call(matter, self.text, rulebook=self.rulebook, mandate=by(self.at))
        )

    def open(self, vacancy: VacantPlaces | None = None) -> None:
        """The call is announced, drafted before where it was not."""
        if not self.acts:
            self.draft()
        found = self.call
        self.keep(
            open_call(
                found,
                vacancy,
                rulebook=self.rulebook,
                seen=len(found.acts),
                mandate=by(self.at),
            )
        )
        self.at = DURING

    def begin(self, name: str, proposed: Proposal) -> None:
        """An applicant begins to write."""
        matter, state = self._matter(name), self.call.state
        mandate = by(self.at, who=name)
        self.keep(draft_application(matter, state, proposed, mandate=mandate))

    def submit(self, name: str, proposed: Proposal | None = None) -> None:
        """An application is handed in."""
        self.begin(name, proposed or proposal(f"{name} Labs"))
        found = self.application(name)
        file = HandedInFile(name="plan.pdf", digest="sha256:00", bytes=10)
        self.keep(
            submit_application(
                found,
                self.call.state,
                [file],
                seen=found.seen,
                mandate=by(self.at, who=name),
            )
        )

    def close(self) -> None:
        """The window is over."""
        found = self.call
        self.keep(close_call(found, seen=len(found.acts), mandate=by(AFTER)))
        self.at = AFTER

    def cite(self, name: str, cited: CitedComparison) -> None:
        """A comparison is put beside the model of an application."""
        found = self.application(name)
        self.keep(cite_comparison(found, cited, seen=found.seen, mandate=by(self.at)))

    def look(self, name: str, result: CheckResult = CheckResult.PASS) -> None:
        """Every piece of earlier work is looked at, with one result."""
        for entry in self.application(name).state.proposal.track:
            found = self.application(name)
            checked = TrackChecked(
                entry=entry.id, result=result, detail=Text("확인", "looked at")
            )
            self.keep(check_track(found, checked, seen=found.seen, mandate=by(self.at)))

    def find(self, name: str) -> None:
        """What the checks amount to."""
        self.keep(
            find_eligibility(
                self.application(name),
                self.call.state,
                self.states,
                rulebook=self.rulebook,
                mandate=by(self.at),
            )
        )

    @property
    def states(self) -> list[ApplicationState]:
        """States of the applications."""
        return [file.state for file in self.applications]

    def admit(self, *names: str) -> None:
        """These applications are found eligible."""
        for name in names:
            self.cite(name, comparison("no_evidence"))
            self.look(name)
            self.find(name)

    def panel(
        self,
        which: ReviewRound,
        experts: Sequence[str] = EXPERTS,
        *,
        assignment: AssignmentRules | None = None,
        **changes: Any,
    ) -> None:
        """A panel of a review is named, with its register changed as given."""
        register = InterestRegister(
            experts=tuple(experts), organisations=(), teams=(), ties=()
        )
        request = PanelRequest(
            round=which,
            seats=tuple(PanelSeat(expert=expert) for expert in experts),
            register=msgspec.structs.replace(register, **changes),
            assignment=assignment,
        )
        found = self.call
        self.keep(
            name_panel(
                found,
                self.states,
                request,
                rulebook=self.rulebook,
                seen=len(found.acts),
                mandate=by(self.at),
            )
        )

    def screen(self, scores: dict[str, tuple[int, int]]) -> None:
        """The documents are reviewed, everybody with the same scores."""
        self.panel(ReviewRound.DOCUMENTS)
        self.shortlist(scores)

    def shortlist(
        self,
        scores: dict[str, tuple[int, int]],
        *,
        criteria: tuple[Criterion, ...] = DOCUMENTS,
    ) -> None:
        """The panel that is named reviews the documents."""
        found, mandate = self.call, by(self.at)
        seen = len(found.acts)
        self.keep(begin_screening(found, self.states, seen=seen, mandate=mandate))
        found = self.call
        self.keep(
            *screen_call(
                found,
                self.applications,
                sheets(criteria, scores),
                rulebook=self.rulebook,
                seen=len(found.acts),
                mandate=by(self.at),
            )
        )

    def present(self, *names: str) -> None:
        """These applications present, in Korean."""
        for name in names:
            found = self.application(name)
            self.keep(
                hold_presentation(
                    found,
                    self.call.state,
                    PresentationHeld(languages=("ko",)),
                    seen=found.seen,
                    mandate=by(self.at),
                )
            )

    def decide(
        self,
        scores: dict[str, tuple[int, int]],
        votes: Sequence[Vote] = (),
        *,
        experts: Sequence[str] = EXPERTS,
    ) -> None:
        """The selection is decided."""
        found = self.call
        panel = sheets(PRESENTATION, scores, experts=experts)
        review = Review(panel=panel, votes=tuple(votes))
        self.keep(
            *decide_call(
                found,
                self.applications,
                review,
                rulebook=self.rulebook,
                seen=len(found.acts),
                mandate=by(self.at),
            )
        )

    def _matter(self, name: str) -> Matter:
        return Matter(programme=self.programme, kind=APPLICATION, id=f"c1/{name}")


def sheets(
    criteria: tuple[Criterion, ...],
    scores: dict[str, tuple[int, int]],
    *,
    experts: Sequence[str] = EXPERTS,
) -> Panel:
    """A panel whose experts all give an application the same scores."""
    return Panel(
        synthetic=True,
        note=Text("시험용", "for a test"),
        criteria=criteria,
        experts=tuple(Expert(id=expert, conflicts=()) for expert in experts),
        sheets=tuple(
            ExpertSheet(
                expert=expert,
                team=name,
                scores=dict(zip((c.id for c in criteria), given, strict=True)),
            )
            for expert in experts
            for name, given in scores.items()
        ),
    )


def votes_for(name: str, in_favour: int, *, of: Sequence[str] = EXPERTS) -> list[Vote]:
    """Votes of all experts on an application, the first ones in favour."""
    return [
        Vote(expert=expert, application=name, in_favour=number < in_favour)
        for number, expert in enumerate(of)
    ]


def vacancy(**changes: object) -> VacantPlaces:
    """One place, final since before the call."""
    found = VacantPlaces(
        stage="stage-1",
        places=1,
        settled=Settled.CLOSED_EARLY,
        at="2031-02-10T09:00:00+09:00",
        decision="sha256:03",
    )
    return msgspec.structs.replace(found, **changes)


def written(folder: Path) -> Path:
    """A folder with a file to hand in."""
    folder.mkdir(parents=True)
    (folder / "plan.txt").write_text("계획", encoding="utf-8")
    return folder


def lineage_report(reference: str, verdict: str) -> LineageReport:
    """What a comparison of one component with the reference printed."""
    component = ComponentLineage(
        name="text_decoder",
        reference=reference,
        verdict=LineageVerdict(verdict),
        relation=None,
        explained_share=None,
        layer_map=(),
        detection_limit=None,
        tests=(),
        identical_tensors=0,
        tested_tensors=1,
        untested=(),
        reason=Text("", ""),
    )
    return LineageReport(
        candidate="m",
        reference=reference,
        rules_digest="sha256:02",
        verdict=component.verdict,
        components=(component,),
        tokenizer=TokenizerComparison(agreement=None, controls=()),
        limits=Text("", ""),
    )
