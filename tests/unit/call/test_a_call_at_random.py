"""Thousands of steps of made-up calls: what may never happen does not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from dokja.call.applications.examine import ReplyRequest, ask_for_reply, reply
from dokja.call.applications.state import ApplicationFile
from dokja.call.applications.submit import withdraw_application
from dokja.call.applications.values import ApplicationPhase, Eligibility
from dokja.call.move_up import move_up
from dokja.call.overview import call_overview
from dokja.call.values import CallKind, CallPhase, ReviewRound, Vote
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, CheckResult, Text
from dokja.programme.call_rules import VoteBase
from tests.call_fixture import (
    CLOSES,
    EXPERTS,
    CallOffice,
    by,
    call_rulebook,
    call_text,
    comparison,
    vacancy,
    votes_for,
)

NAMES = ("a01", "a02", "a03")
BEGINNINGS = (
    CallPhase.DRAFT,
    CallPhase.OPEN,
    CallPhase.CLOSED,
    CallPhase.REVIEWING,
)
LATE = "2031-06-01T10:00:00+09:00"
names = st.sampled_from(NAMES)
mostly = st.sampled_from([True, True, True, False])
points = st.integers(min_value=0, max_value=3)


def during(*phases: CallPhase) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Only while the call is in one of these phases; `meddle` tries the others."""
    return precondition(lambda self: self.phase in phases)


class CallMachine(RuleBasedStateMachine):
    """An office and its applicants, who try whatever comes to their minds."""

    def __init__(self) -> None:
        super().__init__()
        self.office = CallOffice()
        self.kept: tuple[Act, ...] = ()

    @initialize(
        kind=st.sampled_from(CallKind),
        base=st.sampled_from(VoteBase),
        slots=st.integers(min_value=1, max_value=2),
        phase=st.sampled_from(BEGINNINGS),
    )
    def draft(
        self, kind: CallKind, base: VoteBase, slots: int, phase: CallPhase
    ) -> None:
        """A call is drafted, and brought as far as most of it lies before it."""
        text = call_text(kind=kind, slots=slots, shortlist=2)
        self.office = CallOffice(
            text, call_rulebook(vote_base=base, next_moves_up=True)
        )
        self.office.draft()
        ahead = BEGINNINGS.index(phase)
        if ahead >= 1:
            self.office.open(vacancy(places=2) if kind is CallKind.REVIVAL else None)
        if ahead >= 2:
            for name in NAMES:
                self.office.submit(name)
            self.office.close()
        if ahead >= 3:
            self.office.admit(*NAMES)
            self.office.screen({"a01": (2, 1), "a02": (2, 1), "a03": (1, 1)})

    @during(CallPhase.DRAFT)
    @rule(is_final=mostly, places=st.sampled_from([2, 2, 1, 0]))
    def open(self, *, is_final: bool, places: int) -> None:
        """Announced, with a vacancy that may not be final or not be there."""
        at = "2031-02-10T09:00:00+09:00" if is_final else LATE
        is_revival = self.office.text.kind is CallKind.REVIVAL
        given = vacancy(at=at, places=places) if is_revival else None
        self._try(lambda: self.office.open(given))

    @during(CallPhase.OPEN)
    @rule(name=names)
    def submit(self, name: str) -> None:
        """An application is handed in, once."""
        if not any(file.state.id == name for file in self.office.applications):
            self._try(lambda: self.office.submit(name))

    @rule(name=names, stays=mostly)
    def withdraw(self, name: str, *, stays: bool) -> None:
        """Somebody leaves, now and then."""
        if not stays:
            self._on(name, self._withdrawal)

    @during(CallPhase.OPEN)
    @precondition(lambda self: len(self.office.applications) > 1)
    @rule()
    def close(self) -> None:
        """The window is over."""
        self.office.close()

    @during(CallPhase.CLOSED)
    @rule()
    def wait(self) -> None:
        """Time passes, beyond any time to reply."""
        self.office.at = LATE

    @during(CallPhase.CLOSED)
    @rule(
        words=st.lists(
            st.sampled_from(["no_evidence", "no_evidence", "derived", "refer"]),
            min_size=3,
            max_size=3,
        ),
        shown=st.lists(mostly, min_size=3, max_size=3),
    )
    def examine(self, words: list[Any], shown: list[bool]) -> None:
        """Weights are compared, earlier work is looked at, the checks are run."""
        for name, word, holds in zip(NAMES, words, shown, strict=True):
            report = f"sha256:{len(self.office.acts)}"
            result = CheckResult.PASS if holds else CheckResult.FAIL
            cited = comparison(word, report=report)
            self._try(partial(self.office.cite, name, cited), name)
            self._try(partial(self.office.look, name, result), name)
            self._try(partial(self.office.find, name), name)

    @during(CallPhase.CLOSED)
    @rule(name=names)
    def ask(self, name: str) -> None:
        """The applicant is asked for a reply on everything."""
        request = ReplyRequest(
            checks=("track", "definition"), facts=Text("사실", "facts")
        )
        rules = self.office.rulebook
        self._on(
            name, lambda f: ask_for_reply(f, request, rulebook=rules, mandate=self._by)
        )

    @during(CallPhase.CLOSED)
    @rule(name=names)
    def reply(self, name: str) -> None:
        """The applicant replies, if anything was asked."""
        self._on(name, lambda f: reply(f, "답", (), seen=f.seen, mandate=self._by))

    @during(CallPhase.CLOSED)
    @rule(name=names)
    def find(self, name: str) -> None:
        """What the checks amount to."""
        self._try(lambda: self.office.find(name), name)

    @during(CallPhase.CLOSED)
    @rule(scores=st.tuples(points, points, points))
    def screen(self, scores: tuple[int, int, int]) -> None:
        """The documents are reviewed."""
        own = self._scored(ApplicationPhase.ELIGIBLE, scores)
        self._try(lambda: self.office.screen(own))

    @during(CallPhase.REVIEWING)
    @rule()
    def present(self) -> None:
        """Whoever goes on presents."""
        self._try(lambda: self.office.panel(ReviewRound.PRESENTATION))
        for file in self.office.applications:
            self._try(partial(self.office.present, file.state.id))

    @during(CallPhase.REVIEWING)
    @rule(
        scores=st.tuples(points, points, points),
        favour=st.lists(st.booleans(), min_size=15, max_size=15),
        voters=st.sampled_from([5, 4, 3, 2]),
    )
    def decide(
        self, scores: tuple[int, int, int], favour: list[bool], voters: int
    ) -> None:
        """The selection, with as many voters as came."""
        own = self._scored(ApplicationPhase.PRESENTED, scores)
        votes = [
            Vote(expert=expert, application=name, in_favour=favour[5 * row + column])
            for row, name in enumerate(own)
            for column, expert in enumerate(EXPERTS[:voters])
        ]
        self._try(lambda: self.office.decide(own, votes))

    @during(CallPhase.SELECTED)
    @rule(name=names)
    def leave_and_move_up(self, name: str) -> None:
        """Somebody leaves, and the next bid moves up where one may."""
        self._on(name, self._withdrawal)
        call = self.office.call
        self._try(
            lambda: self.office.keep(
                *move_up(
                    call,
                    self.office.applications,
                    rulebook=self.office.rulebook,
                    seen=len(call.acts),
                    mandate=self._by,
                )
            )
        )

    @rule(name=names, choice=st.integers(min_value=0, max_value=6))
    def meddle(self, name: str, choice: int) -> None:
        """An act out of its time, which may be refused and may not do harm."""
        office, scores = self.office, {name: (1, 1)}
        steps: list[Callable[[], None]] = [
            office.open,
            office.close,
            partial(office.submit, name),
            partial(office.find, name),
            partial(office.present, name),
            partial(office.screen, scores),
            partial(office.decide, scores, votes_for(name, 5)),
        ]
        known = {file.state.id for file in office.applications}
        if (choice == 2) is (name not in known):
            self._try(steps[choice])

    @invariant()
    def nothing_is_overwritten(self) -> None:
        """The record only grows."""
        acts = tuple(self.office.acts)
        assert acts[: len(self.kept)] == self.kept
        self.kept = acts

    @invariant()
    def a_revival_follows_a_final_vacancy(self) -> None:
        """Invariant 6."""
        if not self.office.acts:
            return
        state = self.office.call.state
        if state.phase is CallPhase.DRAFT or state.text.kind is CallKind.INITIAL:
            return
        assert state.vacancy is not None
        assert state.vacancy.at < self.office.at
        assert state.text.slots <= state.vacancy.places

    @invariant()
    def places_are_not_given_twice_or_without_a_majority(self) -> None:
        """Invariant 7; nobody selected is legal, more than the places is not."""
        if not self.office.acts:
            return
        state = self.office.call.state
        if state.decided is None:
            return
        chosen = state.decided.selected
        assert len(chosen) <= state.text.slots
        standing = [
            file.state.id
            for file in self.office.applications
            if file.state.phase is ApplicationPhase.SELECTED
        ]
        assert len(standing) <= state.text.slots
        able = {t.application for t in state.decided.tallies if t.has_majority}
        assert not state.decided.tallies or set(standing) <= able
        if state.text.kind is CallKind.REVIVAL:
            for name in chosen:
                cast = [v for v in state.decided.votes if v.application == name]
                assert 2 * sum(vote.in_favour for vote in cast) > len(EXPERTS)
        worst = [r.rank for r in state.decided.ranking if r.application in chosen]
        if state.text.kind is CallKind.INITIAL:
            assert sorted(worst) == sorted(
                sorted(r.rank for r in state.decided.ranking)[: len(worst)]
            )

    @invariant()
    def every_application_stands_in_one_phase_that_its_acts_explain(self) -> None:
        """In time, heard before it is ineligible, reviewed before it is selected."""
        for file in self.office.applications:
            state = file.state
            assert not state.submitted or state.submitted < CLOSES
            if state.phase is ApplicationPhase.INELIGIBLE:
                assert state.eligibility is not None
                assert state.eligibility.outcome is Eligibility.INELIGIBLE
                assert any(one.is_over(self.office.at) for one in state.replies)
            if state.selection is not None and state.selection.selected:
                assert state.eligibility is not None
                assert state.documents is not None
                assert state.documents.goes_on

    @invariant()
    def everybody_can_be_shown_the_call(self) -> None:
        """Whatever happened, the office can see what is due; others see no more."""
        if not self.office.acts:
            return
        files = self.office.applications
        for reader in ("office", *(file.state.id for file in files)):
            shown = call_overview(
                self.office.call,
                files,
                (),
                rulebook=self.office.rulebook,
                now=self.office.at,
                reader=reader,
            )
            if reader != "office":
                assert {row.id for row in shown.applications} == {reader}

    @property
    def phase(self) -> CallPhase:
        """Where the call is."""
        return self.office.call.state.phase

    @property
    def _by(self) -> Any:
        return by(self.office.at)

    def _withdrawal(self, file: ApplicationFile) -> Act:
        return withdraw_application(file, seen=file.seen, mandate=self._by)

    def _scored(
        self, phase: ApplicationPhase, scores: tuple[int, int, int]
    ) -> dict[str, tuple[int, int]]:
        given = dict(zip(NAMES, scores, strict=True))
        return {
            file.state.id: (given[file.state.id], 1)
            for file in self.office.applications
            if file.state.phase is phase
        }

    def _on(self, name: str, act: Callable[[Any], Act]) -> None:
        self._try(lambda: self.office.keep(act(self.office.application(name))), name)

    def _try(self, step: Callable[[], None], name: str = "") -> None:
        """A step that may be refused, and then leaves nothing behind but words."""
        known = {file.state.id for file in self.office.applications}
        if name and name not in known:
            return
        with suppress(NotAllowed, InvalidInput):
            step()


TestCallAtRandom = CallMachine.TestCase
TestCallAtRandom.settings = settings(
    max_examples=30, stateful_step_count=30, deadline=None
)
