"""What is due about allegations, and that each state has words."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from dokja.independence.allegation.agenda import allegation_agenda
from dokja.independence.allegation.event_words import EVENT_WORDS
from dokja.independence.allegation.values import (
    AccuserKind,
    Allegation,
    AllegationEvent,
    AllegationOutcome,
    AllegationState,
    InterestStatement,
)
from dokja.independence.allegation.words import (
    ACCUSERS,
    BEARS_OUT,
    INTERESTS,
    OUTCOMES,
    STATES,
)
from dokja.programme.agenda import Standing
from tests.unit.independence.test_allegation import RECEIVED

NOW = "2026-03-10T09:00:00+09:00"


def allegation(**more: Any) -> Allegation:
    """One that was received, unless said otherwise."""
    first = Allegation(id="a-1", received=RECEIVED, received_at=NOW)
    return msgspec.structs.replace(first, **more)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [Standing.DUE]),
        ({"state": AllegationState.TRIAGED}, [Standing.DUE]),
        (
            {
                "state": AllegationState.MEASURED,
                "reply_until": "2026-03-10T09:00:01+09:00",
            },
            [Standing.WAITS],
        ),
        ({"state": AllegationState.MEASURED, "reply_until": NOW}, [Standing.DUE]),
        ({"state": AllegationState.REPLY}, [Standing.DUE]),
        ({"state": AllegationState.RESOLVED}, []),
        ({"joined_to": "a-0"}, []),
    ],
)
def test_each_state_waits_for_its_next_step(
    more: dict[str, Any], expected: list[Standing]
) -> None:
    """A reply that can still come is waited for; one that is joined is no duty."""
    found = allegation_agenda([allegation(**more)], now=NOW)
    assert [item.standing for item in found] == expected


def test_every_act_and_every_value_has_words() -> None:
    """A page that meets one without would not open."""
    assert set(EVENT_WORDS) == set(get_args(AllegationEvent))
    assert set(BEARS_OUT) == {True, False, None}
    for words, values in (
        (STATES, AllegationState),
        (OUTCOMES, AllegationOutcome),
        (ACCUSERS, AccuserKind),
        (INTERESTS, InterestStatement),
    ):
        assert set(words) == set(values)
