"""An allegation's course: what may follow what, and what the public reads."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.errors import DokjaError, InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.independence.allegation.course import (
    allegation_matter,
    allegation_of,
    duplicates_of,
    happen,
    interest_words,
    published,
    standing_of,
)
from dokja.independence.allegation.values import (
    AccuserKind,
    Allegation,
    AllegationEvent,
    AllegationOutcome,
    AllegationState,
    InterestStatement,
    Joined,
    Measured,
    MeasuredFact,
    Received,
    Replied,
    Resolved,
    Triaged,
)
from dokja.programme.matters import Mandate

MATTER = allegation_matter("example", "a-1")
WORDS = Text(ko="말", en="words")
RECEIVED = Received(
    team="han",
    component="vision_encoder",
    aspect="technical",
    about=WORDS,
    accuser=AccuserKind.REJECTED_APPLICANT,
    interest=InterestStatement.STATED,
    interest_text="bid for the same place",
    reference="naru",
)
TRIAGED = Triaged(to_measure=("lineage of the vision encoder",))
REPLIED = Replied(text=WORDS)


def measured(*, bears_out: bool | None = True) -> Measured:
    """A measurement with its digest."""
    fact = MeasuredFact(what="T1", digest="sha256:" + "0" * 64, bears_out=bears_out)
    return Measured(facts=(fact,))


def resolved(outcome: AllegationOutcome) -> Resolved:
    """A resolution with its reasons."""
    return Resolved(outcome=outcome, reasons=WORDS)


UPHELD = resolved(AllegationOutcome.UPHELD)


def mandate(*, by: str = "officer-1", day: int = 1) -> Mandate:
    """Who acts, on a day of March."""
    return Mandate(by=by, at=f"2026-03-{day:02}T09:00:00+09:00", clause="3.5")


def course(*events: AllegationEvent, day: int = 1) -> tuple[Act, ...]:
    """The acts of the events, the team's replies in its own name."""
    acts: tuple[Act, ...] = ()
    for event in events:
        by = "han" if isinstance(event, Replied) else "officer-1"
        # Only a resolution comes late: what comes before it starts the clock.
        at = day if isinstance(event, Resolved) else 1
        acts += (
            happen(MATTER, acts, event, mandate=mandate(by=by, day=at), reply_days=5),
        )
    return acts


def after(*events: AllegationEvent, day: int = 1) -> Allegation:
    """The allegation after the events."""
    found = allegation_of("a-1", course(*events, day=day), reply_days=5)
    assert found is not None
    return found


def test_the_whole_course_of_one_that_is_upheld() -> None:
    """Received, triaged, measured, answered, resolved, each with its time."""
    found = after(RECEIVED, TRIAGED, measured(), REPLIED, UPHELD)
    assert found.state is AllegationState.RESOLVED
    assert found.reply_until == "2026-03-06T09:00:00+09:00"
    (shown,) = published([found])
    assert shown.upheld is not None
    assert shown.upheld.received.interest_text == "bid for the same place"
    assert shown.clause == "3.5"


@pytest.mark.parametrize(
    "events",
    [
        (TRIAGED,),
        (RECEIVED, RECEIVED),
        (RECEIVED, measured()),
        (RECEIVED, UPHELD),
        (RECEIVED, TRIAGED, UPHELD),
        (RECEIVED, TRIAGED, resolved(AllegationOutcome.NOT_UPHELD)),
        (RECEIVED, TRIAGED, REPLIED),
        (RECEIVED, TRIAGED, measured(), UPHELD),
        (RECEIVED, TRIAGED, measured(bears_out=False), REPLIED, UPHELD),
        (RECEIVED, TRIAGED, measured(bears_out=None), REPLIED, UPHELD),
        (RECEIVED, Joined(to="a-2"), TRIAGED),
        (RECEIVED, Joined(to="a-1")),
        (RECEIVED, TRIAGED, measured(), REPLIED, UPHELD, REPLIED),
    ],
)
def test_no_step_is_skipped_and_none_comes_after_the_end(
    events: Sequence[AllegationEvent],
) -> None:
    """Nothing is upheld unmeasured, unheard, or against what was measured."""
    course(*events[:-1])
    with pytest.raises((NotAllowed, InvalidInput)):
        course(*events)


def test_the_deadline_stands_for_a_reply_that_never_came() -> None:
    """From the moment it is over, not before."""
    with pytest.raises(NotAllowed):
        after(RECEIVED, TRIAGED, measured(), UPHELD, day=5)
    assert after(RECEIVED, TRIAGED, measured(), UPHELD, day=6).outcome is not None


def test_only_the_accused_replies() -> None:
    """An officer cannot put words into a team's mouth."""
    acts = course(RECEIVED, TRIAGED, measured())
    with pytest.raises(NotAllowed):
        happen(MATTER, acts, REPLIED, mandate=mandate(), reply_days=5)


@pytest.mark.parametrize(
    "outcome", [AllegationOutcome.NOT_UPHELD, AllegationOutcome.INSUFFICIENT]
)
def test_one_that_was_not_upheld_is_public_only_as_resolved(
    outcome: AllegationOutcome,
) -> None:
    """Nobody reads what was alleged; nothing is public before."""
    under_way = after(RECEIVED, TRIAGED, measured(), REPLIED)
    assert published([under_way]) == ()
    assert standing_of(under_way).awaits_resolution
    (shown,) = published(
        [after(RECEIVED, TRIAGED, measured(), REPLIED, resolved(outcome))]
    )
    assert shown.upheld is None
    assert shown.outcome is outcome


def test_an_interest_is_said_and_its_absence_too() -> None:
    """An anonymous allegation is taken in; that it names no interest stands by it."""
    silent = Received(
        team="han",
        component="vision_encoder",
        aspect="technical",
        about=WORDS,
        accuser=AccuserKind.ANONYMOUS,
        interest=InterestStatement.NOT_STATED,
    )
    assert after(silent).state is AllegationState.RECEIVED
    said = {interest_words(silent).en, interest_words(RECEIVED).en}
    assert said == {
        "does not say whether there is an interest",
        "bid for the same place",
    }
    contradiction = Received(
        team="han",
        component="vision_encoder",
        aspect="technical",
        about=WORDS,
        accuser=AccuserKind.PRESS,
        interest=InterestStatement.STATED_NONE,
        interest_text="a shareholder",
    )
    with pytest.raises(InvalidInput):
        course(contradiction)


def test_what_says_the_same_is_found_and_joined() -> None:
    """A second one about the same component shares the course of the first."""
    first = after(RECEIVED)
    assert duplicates_of(RECEIVED, [first]) == ("a-1",)
    assert duplicates_of(RECEIVED, [after(RECEIVED, Joined(to="a-0"))]) == ()
    done = after(RECEIVED, TRIAGED, resolved(AllegationOutcome.INSUFFICIENT))
    assert duplicates_of(RECEIVED, [done]) == ()


EVENTS: tuple[AllegationEvent, ...] = (
    RECEIVED,
    TRIAGED,
    Joined(to="a-2"),
    measured(),
    measured(bears_out=False),
    REPLIED,
    *(resolved(outcome) for outcome in AllegationOutcome),
)


@settings(max_examples=80, deadline=None)
@given(tried=st.lists(st.sampled_from(EVENTS), max_size=12), day=st.integers(1, 9))
def test_whatever_is_tried_nothing_is_upheld_unmeasured_or_unheard(
    tried: list[AllegationEvent], day: int
) -> None:
    """Refused events leave no act; what is on record is always a lawful course."""
    acts: tuple[Act, ...] = ()
    for event in tried:
        by = "han" if isinstance(event, Replied) else "officer-1"
        at = day if isinstance(event, Resolved) else 1
        try:
            acts += (
                happen(
                    MATTER, acts, event, mandate=mandate(by=by, day=at), reply_days=5
                ),
            )
        except DokjaError:
            continue
    found = allegation_of("a-1", acts, reply_days=5)
    if found is None or found.outcome is not AllegationOutcome.UPHELD:
        return
    assert found.bears_out
    assert found.replies or day >= 6
