"""What is due after a decision: one item for each thing that waits, with why."""

from __future__ import annotations

from typing import get_args

import msgspec

from dokja.decision.after import DecidedStage, FinalStage, empty_places, objection_file
from dokja.decision.after.agenda import WayOn, after_agenda, may_confirm
from dokja.decision.after.event_words import EVENT_WORDS
from dokja.decision.after.values import (
    DecisionConfirmed,
    EmptyPlaces,
    FinalSelection,
    ObjectionEvent,
    ObjectionState,
    PlaceFilled,
    PlaceState,
    StageTeamsNamed,
    TeamWithdrawn,
    VacancyEvent,
    WillNotObject,
)
from dokja.decision.after.words import OBJECTION_STATES, PLACE_STATES
from dokja.programme.agenda import Standing
from dokja.programme.values import Objection
from tests.unit.decision.test_after import AFTER, DIGEST, DURING, TEAMS, decided, filed

NOBODY = WayOn(teams=None, is_recorded=False, ends_with=2)
FINAL = DecisionConfirmed(decision=DIGEST, early=False)


def places(**more: object) -> EmptyPlaces:
    """One place that nothing was done about, unless said otherwise."""
    final = FinalStage(programme="p", stage="stage-1", places=1, confirmed=FINAL)
    return msgspec.structs.replace(empty_places(final, ()), **more)


def due(
    stage: DecidedStage, now: str, confirmed: DecisionConfirmed | None = None
) -> list[tuple[Standing, str]]:
    """What is on the list, without its Korean."""
    found = after_agenda(stage, places(), NOBODY, confirmed=confirmed, now=now)
    return [(item.standing, item.what.en) for item in found]


def test_every_act_and_every_state_has_words() -> None:
    """A page that meets one without would not open."""
    events = {
        *get_args(ObjectionEvent),
        *get_args(VacancyEvent),
        WillNotObject,
        DecisionConfirmed,
        StageTeamsNamed,
        FinalSelection,
        TeamWithdrawn,
    }
    assert set(EVENT_WORDS) == events
    assert set(OBJECTION_STATES) == set(ObjectionState)
    assert set(PLACE_STATES) == set(PlaceState)


def test_while_teams_may_object_the_confirmation_waits() -> None:
    """And the places are blocked until it came."""
    assert due(decided(), DURING) == [
        (Standing.WAITS, "make the decision final"),
        (Standing.BLOCKED, "settle 1 empty place(s)"),
    ]
    assert due(decided(), AFTER)[0][0] is Standing.DUE
    assert due(decided(waived=TEAMS), DURING)[0][0] is Standing.DUE


def test_without_early_closure_the_last_day_is_waited_for() -> None:
    """Every team was heard, and the rules still keep the days."""
    strict = Objection(days=10, early_closure=False)
    assert not may_confirm(decided(waived=TEAMS, rule=strict), DURING)
    assert due(decided(rule=None), AFTER)[0][0] is Standing.BLOCKED


def test_an_objection_is_due_then_waits_for_its_reviewers() -> None:
    """And as long as it does, nothing becomes final."""
    found = objection_file(filed(), ())
    assert due(decided(objections=(found,)), AFTER)[:2] == [
        (Standing.DUE, "admit gamma/001 or not"),
        (Standing.BLOCKED, "make the decision final"),
    ]
    reviewing = msgspec.structs.replace(
        found, state=ObjectionState.REVIEWING, reviewers=("r1",)
    )
    (first, *_) = after_agenda(
        decided(objections=(reviewing,)), places(), NOBODY, confirmed=None, now=AFTER
    )
    assert first.standing is Standing.WAITS
    assert "r1" in first.why.en


def test_places_are_due_once_final_and_wait_for_their_call() -> None:
    """Filled or left empty, they are off the list."""
    assert due(decided(), AFTER, FINAL) == [(Standing.DUE, "settle 1 empty place(s)")]
    called = places(state=PlaceState.REVIVAL_CALL, call="revival")
    (item,) = after_agenda(decided(), called, NOBODY, confirmed=FINAL, now=AFTER)
    assert item.standing is Standing.WAITS
    assert "revival" in item.why.en
    taken = PlaceFilled(team="delta", application="a01")
    for settled in (
        places(state=PlaceState.FILLED, filled=(taken,)),
        places(state=PlaceState.LEFT_EMPTY),
        places(places=0),
    ):
        assert (
            after_agenda(decided(), settled, NOBODY, confirmed=FINAL, now=AFTER) == ()
        )


def test_who_goes_on_is_due_until_it_is_on_record() -> None:
    """With as many as the rules end with, the end is due and no further stage."""
    empty = places(places=0)

    def listed(
        *teams: str, is_recorded: bool = False, last: int | None = 2
    ) -> list[str]:
        way = WayOn(teams=teams, is_recorded=is_recorded, ends_with=last)
        found = after_agenda(decided(), empty, way, confirmed=FINAL, now=AFTER)
        return [item.what.en for item in found]

    assert listed("alpha", "beta", "gamma") == ["name the teams of the next stage"]
    assert listed("alpha", "beta") == ["end the programme with its final teams"]
    assert listed("alpha", last=None) == ["name the teams of the next stage"]
    assert listed("alpha", is_recorded=True) == []
