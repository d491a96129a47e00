"""The programme as a state machine: its acts in order, and whatever comes between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.whole_programme.decided_stage import leave
from tests.whole_programme.mischief import MISCHIEF
from tests.whole_programme.office import luck_of
from tests.whole_programme.record_checks import INVARIANTS
from tests.whole_programme.rows import Record
from tests.whole_programme.story import Story, new_story, tell

STRETCHES = {
    "call closed",
    "call closed out",
    "rules frozen",
    "allocated",
    "sealed",
    "decided",
    "confirmed",
    "confirmed early",
}
"""Steps at which whoever runs ahead stops to look."""


class ProgrammeMachine(RuleBasedStateMachine):
    """One programme on an empty database that `new_url` names."""

    new_url: Callable[[], str]

    def __init__(self) -> None:
        super().__init__()
        self.rest = ExitStack()
        self.steps: Iterator[str] = iter(())
        self.story: Story | None = None
        self.record = Record(())

    @initialize(seed=st.integers(min_value=0, max_value=2**16))
    def begin(self, seed: int) -> None:
        """A programme whose luck is drawn."""
        url = type(self).new_url()
        self.story = self.rest.enter_context(new_story(url, seed))
        self.steps = tell(self.story)

    @precondition(lambda self: not self.story.end)
    @rule(count=st.integers(min_value=1, max_value=12))
    def go_on(self, count: int) -> None:
        """So many further steps, whatever they are."""
        for _ in range(count):
            next(self.steps, None)

    @precondition(lambda self: not self.story.end)
    @rule()
    def run_ahead(self) -> None:
        """Everything up to the next turn of the programme."""
        for step in self.steps:
            if step in STRETCHES:
                return

    @rule(name=st.sampled_from(sorted(MISCHIEF)), luck=st.integers(0, 2**16))
    def meddle(self, name: str, luck: int) -> None:
        """Something that most of the time is not allowed."""
        story = self._story
        kept, story.office.luck = story.office.luck, luck_of(luck)
        MISCHIEF[name](story)
        story.office.luck = kept

    @rule(hours=st.integers(min_value=1, max_value=200))
    def wait(self, hours: int) -> None:
        """Time passes, now and then past what somebody waited for."""
        self._story.office.wait(hours=hours)

    @precondition(lambda self: self.story.stage is not None)
    @rule(number=st.integers(min_value=0, max_value=4))
    def withdraw(self, number: int) -> None:
        """A team leaves, as long as there are others."""
        stage = self._story.stage
        assert stage is not None, "the precondition says so"
        if len(stage.run.present) > 2 and stage.decision is None:
            team = stage.run.present[number % len(stage.run.present)]
            leave(self._story.office, team, stage.run.teams)

    @invariant()
    def all_fifteen_hold(self) -> None:
        """None of the fifteen is broken, whatever was done."""
        self.record = self._story.office.reader.read()
        for number, check in INVARIANTS.items():
            broken = list(check(self.record))
            assert not broken, f"invariant {number}: {broken[:3]}"

    @invariant()
    def refusals_leave_nothing(self) -> None:
        """What was refused left no act, of two officers one was taken."""
        assert not self._story.office.broken, self._story.office.broken

    def teardown(self) -> None:
        """The record is closed."""
        self.rest.close()

    @property
    def _story(self) -> Story:
        assert self.story is not None, "it begins with `begin`"
        return self.story
