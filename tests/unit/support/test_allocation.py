"""The allocation: as equal as the rules let it be, the same for the same question."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import msgspec
import pytest

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.support.allocation import AllocationRequest, Proposal, propose_allocation
from dokja.support.allocation.propose import adoption_of
from dokja.support.allocation.values import (
    REQUEST_SCHEMA,
    AllocationRule,
    TeamDemand,
)
from dokja.support.gpu.book import GpuBook, book_act, book_of
from dokja.support.gpu.values import GpuPool, PoolBasis
from dokja.support.values import Window
from tests.support_fixture import (
    TERMS,
    adopted,
    booked,
    mandate,
    pool,
    registered,
    share,
    window,
)


def demand(
    team: str,
    least: int = 0,
    most: int = 1000,
    *,
    pools: tuple[str, ...] = (),
    during: Window | None = None,
) -> TeamDemand:
    """A team asks for so many normalised GPUs."""
    return TeamDemand(
        team=team, least=Decimal(least), most=Decimal(most), pools=pools, window=during
    )


def asked(*demands: TeamDemand, first: int = 1, last: int = 32) -> AllocationRequest:
    """A request for January, or a part of it."""
    return AllocationRequest(
        schema=REQUEST_SCHEMA, id="plan", window=window(first, last), teams=demands
    )


def proposed(book: GpuBook, *demands: TeamDemand) -> Proposal:
    """What is proposed for the whole of January."""
    return propose_allocation(book, asked(*demands), terms=TERMS)


def book(*pools: GpuPool) -> GpuBook:
    """A book of pools of which nothing is given yet."""
    return book_of(booked(*registered(*pools)))


def means(found: Proposal) -> dict[str, Decimal]:
    """Mean normalised GPUs by team."""
    return {team.team: team.mean for team in found.teams}


def bound(found: Proposal, team: str) -> list[tuple[AllocationRule, str]]:
    """The rules that bind a team."""
    own = next(each for each in found.teams if each.team == team)
    return [(rule.rule, rule.subject) for rule in own.bound_by]


def test_two_kinds_of_gpu_make_equal_teams() -> None:
    """512 big ones each for two, and 512 small ones besides: 768 for either."""
    found = proposed(
        book(pool("big", count=1024), pool("small", gpu_type="small", count=1024)),
        demand("alpha"),
        demand("beta"),
    )
    assert means(found) == {"alpha": 768, "beta": 768}
    assert not found.conflict


def test_the_worst_off_comes_first_and_what_is_left_goes_to_the_others() -> None:
    """A team that can take no more does not hold the rest back."""
    found = proposed(
        book(pool(count=64)), demand("a", most=8), demand("b"), demand("c", 32)
    )
    assert means(found) == {"a": 8, "b": 24, "c": 32}


def test_who_leases_out_gets_none_and_is_told_why() -> None:
    """Invariant 8, as a rule that binds."""
    leased = pool("leased", basis=PoolBasis.LEASE, lessor_team="lessor", count=32)
    found = proposed(book(leased), demand("alpha"), demand("lessor"))
    assert means(found) == {"alpha": 32, "lessor": 0}
    capacity = (AllocationRule.CAPACITY, "leased")
    assert bound(found, "alpha") == [capacity]
    assert bound(found, "lessor") == [capacity, (AllocationRule.LESSOR, "lessor")]
    joint = {team.team: team.bound_jointly for team in found.teams}
    assert joint == {"alpha": False, "lessor": True}


def test_each_team_is_told_what_keeps_it_from_more() -> None:
    """One asked for no more, one cannot use the pool that has room, one needs nodes."""
    found = proposed(
        book(pool("full", count=16), pool("room", count=64)),
        demand("a", most=12, pools=("room",)),
        demand("b", most=100, pools=("full",)),
        demand("c", most=20),
    )
    assert means(found) == {"a": 8, "b": 16, "c": 16}
    node = (AllocationRule.NODE, "")
    assert bound(found, "a") == [(AllocationRule.MOST, "a"), node]
    assert bound(found, "c") == [(AllocationRule.MOST, "c"), node]
    choice = (AllocationRule.POOL_CHOICE, "b")
    assert bound(found, "b") == [(AllocationRule.CAPACITY, "full"), choice]


SMALL_CASES = [
    ((16, 24), (0, 0, 0), (1000, 1000, 1000)),
    ((8, 32), (0, 16, 0), (1000, 1000, 8)),
    ((40, 8), (0, 0, 24), (8, 1000, 1000)),
]


@pytest.mark.parametrize(("counts", "least", "most"), SMALL_CASES)
def test_no_other_allocation_is_more_equal(
    counts: tuple[int, int], least: tuple[int, ...], most: tuple[int, ...]
) -> None:
    """Against every way to divide a pool of big and one of small GPUs."""
    big, small = pool("big", count=counts[0]), pool("small", count=counts[1])
    small = msgspec.structs.replace(small, gpu_type="small")
    demands = [demand(f"t{i}", least[i], most[i]) for i in range(3)]
    found = sorted(means(proposed(book(big, small), *demands)).values())
    every = (
        [8 * a + 4 * b for a, b in zip(of_big, of_small, strict=True)]
        for of_big in _ways(counts[0] // 8)
        for of_small in _ways(counts[1] // 8)
    )
    allowed = [
        sorted(given)
        for given in every
        if all(
            low <= g <= high for g, low, high in zip(given, least, most, strict=True)
        )
    ]
    assert found == max(allowed)


def _ways(nodes: int) -> list[tuple[int, ...]]:
    return [n for n in product(range(nodes + 1), repeat=3) if sum(n) <= nodes]


def test_the_order_of_the_question_changes_nothing() -> None:
    """Equal bytes for teams in any order and pools in any order."""
    demands = (demand("a", most=12), demand("b"), demand("c"))
    pools = (pool("p1", count=24), pool("p2", count=32, gpu_type="small"))
    answers = {
        canonical_bytes(proposed(book(*ordered), *asking))
        for ordered, asking in ((pools, demands), (pools[::-1], demands[::-1]))
    }
    assert len(answers) == 1


CONFLICTS = {
    "needs above the pool": (
        [demand("a", 16), demand("b", 8), demand("c")],
        {("capacity", "pool-a"), ("least", "a"), ("least", "b")},
    ),
    "more than it wants": (
        [demand("a", 12, 10), demand("b")],
        {("least", "a"), ("most", "a")},
    ),
    "a lessor in need": (
        [demand("lessor", 8), demand("b")],
        {("least", "lessor"), ("lessor", "lessor")},
    ),
    "a need between two nodes": (
        [demand("a", 9, 10)],
        {("least", "a"), ("most", "a"), ("node", "")},
    ),
    "a need when no pool is there": (
        [demand("a", 8, during=window(30, 40))],
        {("least", "a")},
    ),
}


@pytest.mark.parametrize("case", CONFLICTS)
def test_rules_that_exclude_each_other_are_named_and_no_others(case: str) -> None:
    """Every named rule is needed for the conflict, and nothing is proposed."""
    demands, expected = CONFLICTS[case]
    leased = pool("leased", basis=PoolBasis.LEASE, lessor_team="lessor", count=8)
    has_lessor = any(d.team == "lessor" for d in demands)
    pools = (leased,) if has_lessor else (pool(),)
    last = 40 if "no pool" in case else 32
    found = propose_allocation(book(*pools), asked(*demands, last=last), terms=TERMS)
    assert {(rule.rule.value, rule.subject) for rule in found.conflict} == expected
    assert found.shares == ()


def test_what_was_given_before_counts_and_stays() -> None:
    """A team that holds eight is given less, and the pool has less left."""
    before = [*registered(pool(count=32)), adopted("before", share("a", 16, 1, 11))]
    acts = booked(*before)
    found = propose_allocation(
        book_of(acts), asked(demand("a"), demand("b"), last=11), terms=TERMS
    )
    assert means(found) == {"a": 16, "b": 16}
    assert [(s.team, s.gpus) for s in found.shares] == [("b", 16)]
    act = book_act(
        acts, adoption_of(found), terms=TERMS, seen=len(acts), mandate=mandate()
    )
    assert book_of([*acts, act]).given("pool-a", window(1, 11).begins) == 32


def test_a_late_entrant_has_the_same_rate_in_its_own_time() -> None:
    """Equal support is per moment; what was missed before is for the deadline."""
    found = proposed(
        book(pool(count=48)),
        demand("a", 16),
        demand("b", 16),
        demand("late", 16, during=window(16, 32)),
    )
    late = next(each for each in found.teams if each.team == "late")
    assert late.mean == 16
    assert late.hours == 16 * 24 * 16
    assert all(
        s.window.begins >= window(16, 32).begins
        for s in found.shares
        if s.team == "late"
    )


@pytest.mark.parametrize(
    ("request_", "kind", "words"),
    [
        (asked(demand("a"), demand("a")), InvalidInput, "a is named twice"),
        (asked(demand("a", pools=("none",))), InvalidInput, "which is no pool"),
        (
            asked(demand("a", during=window(30, 40))),
            InvalidInput,
            "outside the request's time",
        ),
        (
            msgspec.structs.replace(asked(demand("a")), schema="other"),
            InvalidInput,
            "schema is 'other'",
        ),
        (
            msgspec.structs.replace(asked(demand("a")), id="before"),
            NotAllowed,
            "was adopted",
        ),
    ],
)
def test_a_request_that_says_nothing_clear_is_refused(
    request_: AllocationRequest, kind: type[Exception], words: str
) -> None:
    """The mistake is named before anything is solved."""
    acts = booked(*registered(pool()), adopted("before", share("a", 8)))
    with pytest.raises(kind, match=words):
        propose_allocation(book_of(acts), request_, terms=TERMS)
