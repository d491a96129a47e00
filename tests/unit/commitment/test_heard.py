"""Ends of requests: what counts against a service, and what says nothing of it."""

from __future__ import annotations

import pytest

from dokja.commitment.heard import BROKEN, TURNED_AWAY, Heard, requests_of
from dokja.commitment.observed import endpoint_figures
from dokja.contest.served.values import FaultReason

OFFLINE = Heard(seconds=1.0, fault=FaultReason.UNREACHABLE)
FINE = Heard(seconds=0.2)


def answered(*heard: Heard) -> list[bool | None]:
    """Whether each counts as answered."""
    return [each.answered for each in requests_of(heard)]


@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_no_whole_answer_counts_as_not_answered(fault: FaultReason) -> None:
    """Timeouts, 5xx and streams that break off."""
    assert answered(Heard(seconds=1.0, fault=fault)) == [False]


@pytest.mark.parametrize("fault", sorted(TURNED_AWAY))
def test_a_door_that_is_shut_to_us_says_nothing(fault: FaultReason) -> None:
    """A missing key is no outage, however many other requests were answered."""
    assert answered(FINE, Heard(seconds=1.0, fault=fault)) == [True, None]


def test_nobody_is_called_down_by_somebody_who_may_be_offline() -> None:
    """Unreached from beginning to end: only another server that answered tells."""
    assert answered(OFFLINE, OFFLINE) == [None, None]
    assert answered(FINE, OFFLINE) == [True, False]
    up = Heard(seconds=1.0, fault=FaultReason.UNREACHABLE, network=True)
    down = Heard(seconds=1.0, fault=FaultReason.UNREACHABLE, network=False)
    assert answered(up, down) == [False, None]
    garbled = Heard(seconds=1.0, fault=FaultReason.MALFORMED)
    assert answered(garbled) == [None]
    assert answered(garbled, FINE) == [False, True]


def test_what_tells_nothing_widens_the_interval_to_both_sides() -> None:
    """Half refused: availability may be anything above the half that was answered."""
    refused = Heard(seconds=0.1, fault=FaultReason.REFUSED)
    figures = endpoint_figures(requests_of([FINE, refused] * 200), source="s")
    availability = figures[0].estimate
    assert availability.value == 1.0
    assert availability.low is not None
    assert availability.low < 0.5
    assert availability.high == 1.0
    assert endpoint_figures(requests_of([refused] * 9), source="s") == ()
