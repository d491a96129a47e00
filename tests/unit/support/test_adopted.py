"""An adopted allocation: promised and explained together, each team told its own."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from dokja.errors import Conflict, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.support.allocation import AllocationRequest, propose_allocation
from dokja.support.allocation.adopt import adopt, explanation_of, of_one_team
from dokja.support.allocation.values import (
    REQUEST_SCHEMA,
    AllocationRule,
    RuleInForce,
    TeamDemand,
)
from dokja.support.gpu.book import book_of
from dokja.support.gpu.daily import daily_balances
from dokja.support.gpu.pool import pool_record
from tests.support_fixture import (
    TERMS,
    adopted,
    at,
    booked,
    delivered,
    lived,
    mandate,
    measured,
    pool,
    registered,
    share,
    window,
)


def asked(**least: int) -> AllocationRequest:
    """A request for January: what each team needs at least, and up to 1,000."""
    teams = tuple(
        TeamDemand(team=team, least=Decimal(count), most=Decimal(1000))
        for team, count in least.items()
    )
    return AllocationRequest(
        schema=REQUEST_SCHEMA, id="plan", window=window(1, 32), teams=teams
    )


def test_what_is_promised_stands_on_record_with_its_reasons() -> None:
    """Both acts follow from one solution, which can be solved again."""
    book = booked(*registered(pool()))
    request = asked(alpha=0, beta=0)
    promised, why = adopt(book, request, terms=TERMS, seen=1, mandate=mandate())
    found = explanation_of("p", "plan", [why])
    assert found is not None
    assert found.request == request
    assert found.proposal == propose_allocation(book_of(book), request, terms=TERMS)
    assert book_of([*book, promised]).shares == found.proposal.shares
    assert explanation_of("p", "other", [why]) is None


def test_rules_that_exclude_each_other_are_not_adopted() -> None:
    """The refusal names what stands in the way in both languages."""
    book = booked(*registered(pool()))
    with pytest.raises(NotAllowed, match="pool-a has 16 GPUs") as refused:
        adopt(book, asked(alpha=16, beta=16), terms=TERMS, seen=1, mandate=mandate())
    assert "pool-a의 GPU는 16장임" in refused.value.korean


def test_nothing_is_adopted_that_was_solved_from_an_older_book() -> None:
    """A pool that came meanwhile has to be read first."""
    book = booked(*registered(pool(), pool("pool-b")))
    with pytest.raises(Conflict):
        adopt(book, asked(alpha=0), terms=TERMS, seen=1, mandate=mandate())


def test_a_team_is_told_its_own_and_nothing_of_what_others_need() -> None:
    """That another team's need binds it is said; which and how much is not."""
    book = book_of(booked(*registered(pool(count=24))))
    found = propose_allocation(book, asked(alpha=0, beta=16), terms=TERMS)
    needs = RuleInForce(
        rule=AllocationRule.LEAST,
        subject="beta",
        text=Text(ko="beta는 16장", en="beta needs 16"),
    )
    bound = tuple(
        msgspec.structs.replace(each, bound_by=(*each.bound_by, needs))
        for each in found.teams
    )
    told = of_one_team(msgspec.structs.replace(found, teams=bound), "alpha")
    assert [each.team for each in told.teams] == ["alpha"]
    assert {each.team for each in told.shares} == {"alpha"}
    words = " ".join(rule.text.en for rule in told.teams[0].bound_by)
    assert "another team" in words
    assert "pool-a has 24 GPUs" in words
    assert b"beta" not in canonical_bytes(told)


def test_days_add_up_to_what_was_promised() -> None:
    """A day nobody recorded is neither delivered nor lost, and half a day is half."""
    own = pool()
    book = book_of(
        booked(*registered(own), adopted("first", share("a", 8), share("b", 8, 2, 32)))
    )
    record = pool_record(
        lived(own, measured(own, 1), delivered([1]), delivered([2], speed=50))
    )
    found = daily_balances(book, {"pool-a": record}, terms=TERMS, until=at(3, hour=12))
    shown = {
        (day.team, day.day.day): tuple(
            map(int, (day.promised, day.delivered, day.lost, day.unrecorded))
        )
        for day in found
    }
    assert shown == {
        ("a", 1): (192, 192, 0, 0),
        ("a", 2): (192, 96, 96, 0),
        ("b", 2): (192, 96, 96, 0),
        ("a", 3): (96, 0, 0, 96),
        ("b", 3): (96, 0, 0, 96),
    }
