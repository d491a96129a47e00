"""The breaker leaves a failing model alone, lets one question try it, and forgives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.served.breaker import (
    Breaker,
    BreakerState,
    admit,
    after_answer,
    after_fault,
)
from dokja.contest.served.values import EndpointRules, FaultReason

RULES = EndpointRules(breaker_faults=3, breaker_seconds=30, whole_seconds=60)
GRAVE = [r for r in FaultReason if r not in {"refused", "breaker_open"}]
steps = st.lists(
    st.tuples(
        st.floats(0, 50),
        st.sampled_from(["ask", "answer", *FaultReason]),
    ),
    max_size=60,
)


def _played(taken: list[tuple[float, str]]) -> list[tuple[float, Breaker, str, bool]]:
    """Each moment with the breaker before it, what happened, and if it was let in."""
    now, breaker, seen = 0.0, Breaker(), []
    for wait, what in taken:
        now += wait
        before, admitted = breaker, False
        if what == "ask":
            found = admit(breaker, now=now, rules=RULES)
            breaker, admitted = found.breaker, found.admitted
        elif what == "answer":
            breaker = after_answer(breaker)
        else:
            breaker = after_fault(breaker, FaultReason(what), now=now, rules=RULES)
        seen.append((now, before, what, admitted))
    return seen


@given(steps)
def test_a_closed_breaker_lets_every_question_in_and_an_open_one_none(
    taken: list[tuple[float, str]],
) -> None:
    """Whatever came before."""
    for now, before, what, admitted in _played(taken):
        if what != "ask":
            continue
        if before.state is BreakerState.CLOSED:
            assert admitted
        if before.state is BreakerState.OPEN:
            assert admitted == (now - before.since >= RULES.breaker_seconds)


@given(steps)
def test_one_question_at_a_time_tries_a_model_that_failed(
    taken: list[tuple[float, str]],
) -> None:
    """Between two of them lies an end of the first, or all the time it may take."""
    tried: float | None = None
    for now, before, what, admitted in _played(taken):
        if what == "ask" and before.state is not BreakerState.CLOSED and admitted:
            assert tried is None or now - tried >= RULES.breaker_seconds
            tried = now
        elif what == "answer" or what in GRAVE:
            tried = None


@given(steps)
def test_an_answer_closes_the_breaker_whatever_came_before(
    taken: list[tuple[float, str]],
) -> None:
    """Nothing is held against a model that works."""
    seen = _played(taken)
    before = seen[-1][1] if seen else Breaker()
    assert after_answer(before) == Breaker()


@given(steps)
def test_the_breaker_never_stays_open_for_ever(taken: list[tuple[float, str]]) -> None:
    """A wait of both spans is enough for the next question, whatever came before."""
    seen = _played(taken)
    now, before = (seen[-1][0], seen[-1][1]) if seen else (0.0, Breaker())
    later = now + RULES.breaker_seconds + RULES.whole_seconds
    assert admit(before, now=later, rules=RULES).admitted


def test_it_opens_at_the_third_fault_in_a_row() -> None:
    """And not at the second, nor at the third with an answer between."""
    breaker = Breaker()
    for _ in range(2):
        breaker = after_fault(breaker, FaultReason.SLOW, now=0, rules=RULES)
    assert breaker.state is BreakerState.CLOSED
    opened = after_fault(breaker, FaultReason.SLOW, now=5, rules=RULES)
    assert (opened.state, opened.since) == (BreakerState.OPEN, 5)
    forgiven = after_fault(after_answer(breaker), FaultReason.SLOW, now=5, rules=RULES)
    assert forgiven.state is BreakerState.CLOSED


def test_a_refusal_of_one_prompt_says_nothing_of_the_next() -> None:
    """A filter that withholds an answer is no dead server."""
    breaker = Breaker()
    for _ in range(10):
        breaker = after_fault(breaker, FaultReason.REFUSED, now=0, rules=RULES)
    assert breaker == Breaker()


def test_a_late_fault_of_an_earlier_question_does_not_prolong_the_wait() -> None:
    """Fifty voters who asked at once would keep a model out fifty times as long."""
    opened = Breaker(state=BreakerState.OPEN, failures=3, since=10)
    later = after_fault(opened, FaultReason.SLOW, now=35, rules=RULES)
    assert later.since == 10
    assert admit(later, now=40, rules=RULES).admitted
