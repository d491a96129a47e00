"""One call as the record has it, and what its experts hand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from dokja.call.agreements.state import AGREEMENT, AgreementState, agreement_file
from dokja.call.applications.state import (
    APPLICATION,
    ApplicationFile,
    ApplicationState,
    application_file,
)
from dokja.call.applications.values import (
    ApplicationPhase,
)
from dokja.call.select import Review
from dokja.call.state import CALL, CallFile, call_file
from dokja.call.values import (
    CallKind,
    CallPhase,
    ReviewRound,
    VacantPlaces,
    Vote,
)
from dokja.evidence.values import Act, Text
from dokja.panel.values import Expert, ExpertSheet, Panel
from dokja.programme.matters import Mandate, Matter, acts_of, ids_of
from tests.whole_programme.office import Office

JURY = tuple(f"j{number}" for number in range(1, 8))
_P = ApplicationPhase


class Places(Protocol):
    """The empty places of a stage, as a call for them meets them."""

    def vacancy(self) -> VacantPlaces:
        """Those that may be called for. Raises: NotAllowed before that."""

    def called(self, call: str, mandate: Mandate) -> Sequence[Act]:
        """The acts that stand beside the opening of the call."""

    def settled(self, call: HeldCall, mandate: Mandate) -> Sequence[Act]:
        """The acts that stand beside its end."""


@dataclass
class HeldCall:
    """One call and what is on record of it."""

    office: Office
    id: str
    kind: CallKind
    slots: int
    applicants: tuple[str, ...]
    fills: Places | None = None
    """The empty places it is held for; None for the call that begins a programme."""
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

    def agreements(self) -> list[AgreementState]:
        """States of the agreements that came of it."""
        acts = self.office.desk.of_kind(AGREEMENT)
        return [
            agreement_file(matter, acts_of(matter, acts)).state
            for name in ids_of(AGREEMENT, acts)
            if name.startswith(f"{self.id}/")
            for matter in [self.matter(AGREEMENT, name)]
        ]

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
