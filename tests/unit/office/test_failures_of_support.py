"""What went wrong with support in a real programme, and what prevents it here."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.support.allocation import AllocationRequest, propose_allocation
from dokja.support.allocation.values import REQUEST_SCHEMA, TeamDemand
from dokja.support.data.assets import asset_acts, asset_record, late_milestones
from dokja.support.data.values import (
    AssetListed,
    DataAsset,
    DataHandedOver,
    DataScope,
    MilestoneSet,
    TeamEntitled,
)
from dokja.support.fairness import DevelopmentTime, FairnessRequest, compare_support
from dokja.support.gpu.balance import gpu_balances, shared_pool
from dokja.support.gpu.book import book_of
from dokja.support.gpu.compensate import compensate
from dokja.support.gpu.pool import pool_record
from dokja.support.gpu.values import IncidentFixed, IncidentOpened, PoolBasis
from dokja.support.money.figures import figure_act, figures_of
from dokja.support.money.values import FigureStated, PublishedFigure
from dokja.support.values import CitedSource
from tests.support_fixture import (
    SOURCE,
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

NAME = Text(ko="이름", en="name")


def test_failure_09_a_slow_lease_is_seen_by_the_day_and_made_up_for() -> None:
    """Lessees of a slow cluster get time; the lessor gets none of the pool's GPUs."""
    leased = pool("leased", basis=PoolBasis.LEASE, lessor_team="lessor", count=32)
    owned = pool()
    book = book_of(
        booked(*registered(leased, owned), adopted("first", share("lessee", 16, 1, 11)))
    )
    asked = AllocationRequest(
        schema=REQUEST_SCHEMA,
        id="next",
        window=window(1, 11),
        teams=tuple(
            TeamDemand(team=team, least=Decimal(0), most=Decimal(16))
            for team in ("lessee", "lessor")
        ),
    )
    proposal = propose_allocation(book, asked, terms=TERMS)
    assert {team.team: team.mean for team in proposal.teams} == {
        "lessee": 16,
        "lessor": 0,
    }
    acts = lived(
        owned,
        measured(owned, 1),
        IncidentOpened(id="slow", begins=at(1), cause=NAME),
        delivered(range(1, 11), speed=50),
        IncidentFixed(id="slow", ends=at(11)),
    )
    shared = shared_pool(book, "pool-a", pool_record(acts), terms=TERMS)
    credit = compensate(shared, "slow", terms=TERMS).credits[0]
    assert (credit.team, credit.hours) == ("lessee", 5 * 24)


def test_failure_10_a_late_entrant_has_a_deadline_of_its_own() -> None:
    """As many days and as many GPU-hours as those who began before."""
    book = book_of(
        booked(
            *registered(pool()),
            adopted("first", share("early", 8, 1, 11), share("late", 8, 6, 11)),
        )
    )
    record = pool_record(lived(pool(), measured(pool(), 1), delivered(range(1, 11))))
    balances = gpu_balances(book, {"pool-a": record}, terms=TERMS, until=at(11))
    request = FairnessRequest(
        stage="s2",
        teams=(
            DevelopmentTime(team="early", window=window(1, 11)),
            DevelopmentTime(team="late", window=window(6, 11)),
        ),
    )
    early, late = compare_support(request, balances, terms=TERMS, granted={})
    assert (early.within, early.deadline) == (True, at(11))
    assert (late.within, late.deadline) == (False, at(16))


def test_failure_17_totals_that_disagree_all_stand() -> None:
    """Three notices, three totals, each with its source and day."""
    acts: list[Act] = []
    for day, krw in ((3, 193), (9, 213), (20, 245)):
        source = CitedSource(name=f"notice {day}", on=date(2026, 1, day))
        stated = FigureStated(figure=PublishedFigure(krw=krw, says=NAME, source=source))
        act = figure_act(
            "total", acts, stated, terms=TERMS, seen=len(acts), mandate=mandate(40)
        )
        acts.append(act)
    register = figures_of("total", acts)
    assert register.amounts == (193, 213, 245)
    assert [e.figure.source.on.day for e in register.figures] == [3, 9, 20]


def test_failure_19_late_data_is_late_and_uncleared_data_stays() -> None:
    """A promised day that passed is shown, and rights come before the data."""
    own: list[Act] = []
    listed = AssetListed(
        asset=DataAsset(
            id="corpus",
            title=NAME,
            holder="archive",
            amount="100 h",
            scope=DataScope.SHARED,
            source=SOURCE,
        )
    )
    step = MilestoneSet(id="clean", name=NAME, due=date(2026, 1, 31))
    for event in (listed, step, TeamEntitled(team="alpha")):
        own += asset_acts("corpus", own, [], event, terms=TERMS, mandate=mandate(1))
    record = asset_record(own)
    assert record is not None
    late = late_milestones(record, today=date(2026, 2, 10))
    assert [each.days for each in late] == [10]
    over = DataHandedOver(team="alpha", on=date(2026, 2, 10), amount="all")
    with pytest.raises(NotAllowed, match="cannot be handed over"):
        asset_acts("corpus", own, [], over, terms=TERMS, mandate=mandate(45))
