"""When a model that keeps failing is left alone, and when it is tried again."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.contest.served.values import EndpointRules, FaultReason

_OF_THE_QUESTION = frozenset({FaultReason.REFUSED, FaultReason.BREAKER_OPEN})
"""Say nothing of the next question: one was about this prompt, one was not asked."""


class BreakerState(StrEnum):
    """Whether a model is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker(msgspec.Struct, frozen=True, kw_only=True):
    """A circuit breaker at one moment; the clock is an argument of every change."""

    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    """In a row."""
    since: float = 0.0
    """When it opened or, half open, when the model was tried; seconds of one clock."""


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a question may be asked, and the breaker after it was."""

    admitted: bool
    breaker: Breaker


def admit(breaker: Breaker, *, now: float, rules: EndpointRules) -> Admission:
    """Whether a question may be asked now.

    Half open, one question is let through to try the model. If nothing is heard
    of it in the time that an answer may take, as when a reader has left, another is.
    """
    if breaker.state is BreakerState.CLOSED:
        return Admission(admitted=True, breaker=breaker)
    opened = breaker.state is BreakerState.OPEN
    wait = rules.breaker_seconds if opened else rules.whole_seconds
    if now - breaker.since < wait:
        return Admission(admitted=False, breaker=breaker)
    tried = Breaker(state=BreakerState.HALF_OPEN, failures=breaker.failures, since=now)
    return Admission(admitted=True, breaker=tried)


def after_answer(breaker: Breaker) -> Breaker:
    """The breaker after a whole answer: closed, with nothing held against the model.

    An answer that was asked for before the breaker opened closes it, too: the
    model has just shown that it works.
    """
    return Breaker() if breaker != Breaker() else breaker


def after_fault(
    breaker: Breaker, reason: FaultReason, *, now: float, rules: EndpointRules
) -> Breaker:
    """The breaker after a fault.

    A refusal of one prompt does not count. A fault of a question that was asked
    before the breaker opened does not make it stay open for longer.
    """
    if reason in _OF_THE_QUESTION:
        return breaker
    failures = breaker.failures + 1
    if breaker.state is BreakerState.OPEN:
        return msgspec.structs.replace(breaker, failures=failures)
    half_open = breaker.state is BreakerState.HALF_OPEN
    if half_open or failures >= rules.breaker_faults:
        return Breaker(state=BreakerState.OPEN, failures=failures, since=now)
    return msgspec.structs.replace(breaker, failures=failures)
