"""The book of GPUs: nothing is given twice, and a lessor holds nothing."""

from __future__ import annotations

import pytest

from dokja.errors import Conflict, NotAllowed
from dokja.support.gpu.book import book_act, book_of
from dokja.support.gpu.values import (
    BookEvent,
    EqualTimeGranted,
    PoolBasis,
    PoolClosed,
    PoolRegistered,
    TeamReleased,
)
from tests.support_fixture import (
    TERMS,
    adopted,
    at,
    booked,
    mandate,
    pool,
    registered,
    share,
    window,
)

LEASED = pool("leased", basis=PoolBasis.LEASE, lessor_team="lessor")
GIVEN = [*registered(pool()), adopted("first", share("alpha", 16, 1, 11))]
REFUSED: dict[str, tuple[list[BookEvent], BookEvent, str]] = {
    "a type nobody agreed on": (
        [],
        PoolRegistered(pool=pool(gpu_type="new")),
        "no rule says what one new counts as",
    ),
    "part of a node": ([], PoolRegistered(pool=pool(count=12)), "no multiple"),
    "a pool twice": (registered(pool()), PoolRegistered(pool=pool()), "is registered"),
    "a lessor of what is owned": (
        [],
        PoolRegistered(pool=pool(lessor_team="lessor")),
        "nobody is its lessor",
    ),
    "a lessor that holds GPUs": (
        [*registered(pool()), adopted("first", share("lessor", 8, 1, 11))],
        PoolRegistered(pool=LEASED),
        "holds none meanwhile",
    ),
    "GPUs for a lessor": (
        registered(pool(), LEASED),
        adopted("first", share("lessor", 8, 1, 11)),
        "leases GPUs out",
    ),
    "more than there is": (
        GIVEN,
        adopted("second", share("beta", 8, 10, 20)),
        "24 GPUs of pool-a would be given",
    ),
    "half a node": (
        registered(pool()),
        adopted("first", share("alpha", 4)),
        "no whole nodes",
    ),
    "after the pool's time": (
        registered(pool()),
        adopted("first", share("alpha", 8, 20, 40)),
        "outside its time",
    ),
    "of no pool": ([], adopted("first", share("alpha", 8)), "there is no pool"),
    "an allocation twice": (
        GIVEN,
        adopted("first", share("beta", 8, 12, 20)),
        "was adopted",
    ),
    "a pool closed under a team": (
        GIVEN,
        PoolClosed(pool="pool-a", at=at(5)),
        "alpha was promised 16",
    ),
    "the past": (GIVEN, TeamReleased(team="alpha", at=at(0)), "has passed"),
    "a team without GPUs": (GIVEN, TeamReleased(team="beta", at=at(5)), "nothing"),
    "a deadline moved forward": (
        [
            EqualTimeGranted(team="late", stage="s2", deadline=at(90), lost=1)  # type: ignore[arg-type]
        ],
        EqualTimeGranted(team="late", stage="s2", deadline=at(80), lost=1),  # type: ignore[arg-type]
        "was given until",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_book_refuses_names_fact_and_clause(case: str) -> None:
    """Each refusal says what stands against it and under which clause."""
    before, event, words = REFUSED[case]
    acts = booked(*before)
    with pytest.raises(NotAllowed) as refused:
        book_act(acts, event, terms=TERMS, seen=len(acts), mandate=mandate())
    assert words in refused.value.fact
    assert "clause 5.1" in refused.value.fact


def test_a_released_team_keeps_its_past_and_makes_room() -> None:
    """What was promised until the release stays promised."""
    release = TeamReleased(team="alpha", at=at(6))
    acts = booked(*GIVEN, release, adopted("second", share("beta", 16, 6, 11)))
    book = book_of(acts)
    assert book.given("pool-a", at(5)) == 16
    assert [s.window for s in book.shares] == [window(1, 6), window(6, 11)]


def test_a_closed_pool_is_there_until_then() -> None:
    """Whoever held GPUs of it was released before."""
    acts = booked(*GIVEN, PoolClosed(pool="pool-a", at=at(11)))
    assert book_of(acts).pools["pool-a"].window == window(1, 11)


def test_of_two_officers_at_once_one_has_a_conflict() -> None:
    """A lease registered meanwhile may forbid what the other is about to give."""
    acts = booked(*registered(pool()))
    with pytest.raises(Conflict):
        book_act(
            acts,
            adopted("first", share("alpha", 8)),
            terms=TERMS,
            seen=0,
            mandate=mandate(),
        )
