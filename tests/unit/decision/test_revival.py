"""The places a revival call may fill, and what becomes of them at its end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dokja.call.agreements.state import AgreementState
from dokja.call.agreements.terms import terms_of
from dokja.call.agreements.values import AgreementPhase
from dokja.call.applications.state import ApplicationState
from dokja.call.applications.values import ApplicationPhase
from dokja.call.values import Settled
from dokja.decision.after import FinalStage, outcome_of, vacant_places
from dokja.decision.after.values import (
    DecisionConfirmed,
    EmptyPlaces,
    PlaceFilled,
    PlacesLeftEmpty,
    PlaceState,
)
from dokja.errors import InvalidInput, NotAllowed
from tests.call_fixture import call_rulebook, proposal

DIGEST = "sha256:" + "a" * 64
AT = "2031-02-10T09:00:00+09:00"


def final(*, early: bool = True, **more: Any) -> FinalStage:
    """A final stage with two empty places."""
    given: dict[str, Any] = {
        "programme": "p",
        "stage": "stage-1",
        "places": 2,
        "confirmed": DecisionConfirmed(decision=DIGEST, early=early),
        "final_at": AT,
    }
    return FinalStage(**given | more)


def places(*filled: str) -> EmptyPlaces:
    """Two places, called for by c1, some filled by these applications."""
    return EmptyPlaces(
        stage="stage-1",
        places=2,
        state=PlaceState.REVIVAL_CALL,
        call="c1",
        filled=tuple(PlaceFilled(team=f"t-{n}", application=n) for n in filled),
        entries=1 + len(filled),
    )


def bid(name: str, phase: ApplicationPhase) -> ApplicationState:
    """An application to c1."""
    return ApplicationState(id=name, call="c1", proposal=proposal(name), phase=phase)


def agreement(state: ApplicationState, phase: AgreementPhase) -> AgreementState:
    """The agreement with it."""
    terms = terms_of(state, call_rulebook(), starts=date(2031, 5, 1))
    return AgreementState(id=state.id, terms=terms, phase=phase)


def test_a_call_fills_what_the_final_decision_left_empty() -> None:
    """Digest, moment and kind of end come from the record, never from a file."""
    found = vacant_places(final(), places("a00"))
    assert (found.places, found.at, found.decision) == (1, AT, DIGEST)
    assert found.settled is Settled.CLOSED_EARLY
    assert vacant_places(final(early=False), places()).settled is Settled.CONFIRMED
    with pytest.raises(NotAllowed, match="not final"):
        vacant_places(final(confirmed=None), places())
    with pytest.raises(NotAllowed, match="no empty place"):
        vacant_places(final(), places("a00", "a01"))


def test_only_who_signed_takes_a_place_and_the_rest_stays_empty() -> None:
    """A selection that was never signed, or was ended, fills nothing."""
    chosen = ApplicationPhase.SELECTED
    bids = [bid(n, chosen) for n in ("a01", "a02", "a03")]
    bids.append(bid("a04", ApplicationPhase.NOT_SELECTED))
    signed = [
        agreement(bids[0], AgreementPhase.ACTIVE),
        agreement(bids[1], AgreementPhase.TERMINATED),
        agreement(bids[2], AgreementPhase.DRAFTED),
    ]
    found = outcome_of("c1", places(), bids, signed, teams={"a01": "alpha"})
    assert found[0] == PlaceFilled(team="alpha", application="a01")
    assert isinstance(found[1], PlacesLeftEmpty)
    assert "1 place(s) stay empty" in found[1].reason.en
    again = outcome_of("c1", places("a01"), bids, signed, teams={})
    assert [type(event) for event in again] == [PlacesLeftEmpty]
    assert outcome_of("c1", places("a00"), bids, signed, teams={}) == (
        PlaceFilled(team="a01", application="a01"),
    )
    with pytest.raises(InvalidInput, match="a02 takes no place"):
        outcome_of("c1", places(), bids, signed, teams={"a02": "beta"})
