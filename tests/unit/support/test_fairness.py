"""Equal support: who is short, and until when it takes to be equal."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from dokja.errors import InvalidInput
from dokja.support.fairness import (
    DevelopmentTime,
    FairnessRequest,
    TeamFairness,
    compare_support,
)
from dokja.support.gpu.values import GpuBalance
from tests.support_fixture import TERMS, at, window


def balance(team: str, promised: int, delivered: int, made_up: int = 0) -> GpuBalance:
    """A team's hours of one pool."""
    return GpuBalance(
        team=team,
        pool="pool-a",
        promised=Decimal(promised),
        delivered=Decimal(delivered),
        lost=Decimal(promised - delivered),
        unrecorded=Decimal(0),
        compensated=Decimal(made_up),
        extra_hours=0,
    )


def compared(
    *teams: tuple[str, int, int],
    balances: list[GpuBalance],
    granted: dict[str, datetime] | None = None,
) -> dict[str, TeamFairness]:
    """Teams by name, each with first and last day of development."""
    request = FairnessRequest(
        stage="s2",
        teams=tuple(
            DevelopmentTime(team=team, window=window(first, last))
            for team, first, last in teams
        ),
    )
    found = compare_support(request, balances, terms=TERMS, granted=granted or {})
    return {each.team: each for each in found}


FULL = balance("early", 240, 240)


def test_equal_teams_are_equal() -> None:
    """Ten days, 240 hours, 2,400 hours times days each."""
    found = compared(
        ("early", 1, 11), ("same", 1, 11), balances=[FULL, balance("same", 240, 240)]
    )
    assert {each.hours_days for each in found.values()} == {Decimal("2400.00")}
    assert all(each.within and each.deadline == at(11) for each in found.values())


def test_a_late_entrant_gets_as_many_days_from_its_own_entry() -> None:
    """Its hours come with the days, at the same rate."""
    found = compared(
        ("early", 1, 11), ("late", 6, 11), balances=[FULL, balance("late", 120, 120)]
    )["late"]
    assert (found.within, found.deadline) == (False, at(16))
    assert found.share == Decimal("0.50")


def test_lost_hours_move_the_deadline_further_than_days_do() -> None:
    """120 hours missing at one GPU-hour an hour are five days."""
    found = compared(
        ("early", 1, 11), ("slow", 1, 11), balances=[FULL, balance("slow", 240, 120)]
    )["slow"]
    assert (found.within, found.deadline) == (False, at(16))


@pytest.mark.parametrize("hours", [228, 227])
def test_the_tolerance_is_where_the_rules_put_it(hours: int) -> None:
    """95 % of 240 is 228."""
    found = compared(
        ("early", 1, 11),
        ("other", 1, 11),
        balances=[FULL, balance("other", 240, hours)],
    )["other"]
    assert found.within is (hours >= 228)


def test_a_granted_deadline_or_a_compensation_settles_it() -> None:
    """Invariant 9: within the tolerance, or a record that says what makes up for it."""
    slow = balance("slow", 240, 120)
    granted = {"slow": at(16)}
    for given, balances in ((granted, [FULL, slow]), ({}, [FULL, _made_up(slow)])):
        teams = ("early", 1, 11), ("slow", 1, 11)
        assert compared(*teams, balances=balances, granted=given)["slow"].within
    early = {"slow": at(15)}
    teams = ("early", 1, 11), ("slow", 1, 11)
    assert not compared(*teams, balances=[FULL, slow], granted=early)["slow"].within


def _made_up(slow: GpuBalance) -> GpuBalance:
    return balance(slow.team, 240, 120, made_up=120)


def test_a_team_without_gpus_of_the_programme_is_compared_by_days() -> None:
    """A lessor trains on its own."""
    found = compared(("early", 1, 11), ("lessor", 1, 11), balances=[FULL])["lessor"]
    assert found.within
    assert "only its days" in found.reason.en
    short = compared(("early", 1, 11), ("lessor", 6, 11), balances=[FULL])["lessor"]
    assert (short.within, short.deadline) == (False, at(16))


def test_nobody_with_hours_has_no_share() -> None:
    """A share of nothing is not a number."""
    found = compared(("early", 1, 11), balances=[])["early"]
    assert found.share is None
    with pytest.raises(InvalidInput, match="named twice"):
        compared(("early", 1, 11), ("early", 1, 11), balances=[])
