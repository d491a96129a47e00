"""Delivered against promised, and the time that makes up for what was lost."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.support.gpu.balance import (
    gpu_balances,
    shared_pool,
    teams_short,
    totals_of,
)
from dokja.support.gpu.book import book_of
from dokja.support.gpu.compensate import compensate, credit_formula
from dokja.support.gpu.pool import pool_act, pool_record
from dokja.support.gpu.values import (
    DayCorrected,
    GpuBalance,
    GpuPool,
    IncidentCompensated,
    IncidentFixed,
    IncidentOpened,
    IncidentState,
    Lease,
    LeaseSigned,
    PoolBasis,
    PoolEvent,
    PoolState,
    Throughput,
)
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
)

CAUSE = Text(ko="느린 클러스터", en="slow cluster")
SMALL = pool("small", gpu_type="small", count=32)
BOOK = book_of(
    booked(
        *registered(pool(), SMALL),
        adopted(
            "first",
            share("alpha", 8, 1, 11),
            share("beta", 8, 1, 11),
            share("alpha", 16, 1, 11, of="small"),
        ),
    )
)


def balances(*events: PoolEvent, until: int = 11) -> dict[str, GpuBalance]:
    """Per team what it has of pool-a."""
    records = {"pool-a": pool_record(lived(pool(), *events))}
    found = gpu_balances(BOOK, records, terms=TERMS, until=at(until))
    return {each.team: each for each in found if each.pool == "pool-a"}


def test_a_pool_delivers_nothing_before_it_is_accepted() -> None:
    """All that was promised is lost, recorded or not."""
    found = balances(delivered(range(1, 5)), measured(pool(), 5, speed=50))["alpha"]
    assert found.promised == found.lost == 8 * 24 * 10
    assert found.delivered == found.unrecorded == 0


def test_half_the_speed_and_half_the_gpus_count_each() -> None:
    """GPUs that are missing are missed by all in proportion."""
    accepted = measured(pool(), 1)
    slow = delivered((1, 2), speed=50)
    few = delivered((3,), usable=8)
    full = delivered(range(4, 9))
    found = balances(accepted, slow, few, full)
    for team in ("alpha", "beta"):
        own = found[team]
        assert own.promised == 8 * 24 * 10
        assert own.delivered == 8 * 24 * (2 * Fraction(1, 2) + Fraction(1, 2) + 5)
        assert own.unrecorded == 8 * 24 * 2
        assert own.promised == own.delivered + own.lost + own.unrecorded


def test_a_day_nobody_measured_is_neither_delivered_nor_lost() -> None:
    """Missing evidence is not a zero."""
    found = balances(measured(pool(), 1), delivered((1,), speed=None), until=2)["alpha"]
    assert found.delivered == found.lost == 0
    assert found.unrecorded == 8 * 24


def test_faster_than_promised_is_no_credit_for_slow_days() -> None:
    """A day gives at most what was promised for it."""
    fast = balances(measured(pool(), 1), delivered((1,), speed=200), until=2)["alpha"]
    assert fast.delivered == fast.promised == 8 * 24


def test_a_type_counts_as_the_rules_say() -> None:
    """16 small GPUs are 8 normalised ones."""
    found = gpu_balances(BOOK, {}, terms=TERMS, until=at(2))
    assert {b.pool: b.promised for b in found if b.team == "alpha"} == {
        "pool-a": 8 * 24,
        "small": 8 * 24,
    }


SLOW: list[PoolEvent] = [
    measured(pool(), 1),
    IncidentOpened(id="slow", begins=at(1), cause=CAUSE),
    delivered(range(1, 11), speed=50),
    IncidentFixed(id="slow", ends=at(11)),
]


def compensated(*events: PoolEvent, incident: str = "slow") -> IncidentCompensated:
    """What the incident is made up for with."""
    record = pool_record(lived(pool(), *events))
    shared = shared_pool(BOOK, "pool-a", record, terms=TERMS)
    return compensate(shared, incident, terms=TERMS)


def test_half_speed_for_ten_days_is_five_days_of_time() -> None:
    """The formula is printed with its numbers, and the balance shows the credit."""
    event = compensated(*SLOW)
    assert [(c.team, c.hours) for c in event.credits] == [("alpha", 120), ("beta", 120)]
    assert "960.00 ÷ 8.00 → 120 h" in credit_formula(event.credits[0], TERMS).en
    after = balances(*SLOW, event)
    assert {team: (b.compensated, b.extra_hours) for team, b in after.items()} == {
        "alpha": (Decimal("960.00"), 120),
        "beta": (Decimal("960.00"), 120),
    }
    record = pool_record(lived(pool(), *SLOW, event))
    assert record.incidents["slow"].state is IncidentState.COMPENSATED


def test_time_is_rounded_up_in_favour_of_the_team() -> None:
    """8 x 24 / 3 normalised hours over 8 GPUs are 8 hours, and a bit is one more."""
    events = [
        measured(pool(), 1),
        IncidentOpened(id="slow", begins=at(1), cause=CAUSE),
        delivered((1,), speed=66),
        IncidentFixed(id="slow", ends=at(1, 5)),
    ]
    assert {c.hours for c in compensated(*events).credits} == {9}


def test_a_day_of_two_incidents_is_made_up_for_once() -> None:
    """The second incident counts the days that the first one left."""
    second = IncidentOpened(id="second", begins=at(10), cause=CAUSE)
    events = [*SLOW, compensated(*SLOW), second, delivered((11,), speed=50)]
    event = compensated(
        *events, IncidentFixed(id="second", ends=at(11, 1)), incident="second"
    )
    assert event.days == (at(11).date(),)
    assert event.credits == ()


@pytest.mark.parametrize(
    ("events", "words"),
    [
        (SLOW[:2], "is open"),
        ([*SLOW[:2], IncidentFixed(id="slow", ends=at(11))], "is not on record"),
        (
            [*SLOW[:2], delivered(range(1, 11), speed=None), SLOW[3]],
            "is not on record",
        ),
        ([], "not on record"),
    ],
)
def test_no_time_for_a_loss_that_nobody_recorded(
    events: list[PoolEvent], words: str
) -> None:
    """A loss is measured, never estimated."""
    with pytest.raises(NotAllowed, match=words):
        compensated(*events)


def test_before_acceptance_the_loss_needs_no_daily_record() -> None:
    """A pool that was not accepted delivered nothing, whatever it did."""
    opened = IncidentOpened(id="slow", begins=at(1), cause=CAUSE)
    event = compensated(
        opened, measured(pool(), 3), IncidentFixed(id="slow", ends=at(3))
    )
    assert {c.hours for c in event.credits} == {48}


def test_who_lacks_more_than_the_tolerance_is_named_until_made_up_for() -> None:
    """Invariant 9: within the tolerance, or with a record of compensation."""
    totals = {"alpha": Fraction(1000), "beta": Fraction(950), "gamma": Fraction(949)}
    assert teams_short(totals, terms=TERMS, settled=()) == ("gamma",)
    assert teams_short(totals, terms=TERMS, settled={"gamma"}) == ()
    slow = balances(*SLOW)
    assert totals_of(tuple(slow.values())) == {"alpha": 960, "beta": 960}


LEASED = pool(basis=PoolBasis.LEASE)
LEASE = LeaseSigned(lease=Lease(contract="c-1", krw=10**9, source=SOURCE))
REFUSED: dict[str, tuple[GpuPool, list[PoolEvent], PoolEvent, str]] = {
    "a lease of what is owned": (pool(), [], LEASE, "is owned"),
    "a lease twice": (LEASED, [LEASE], LEASE, "is signed"),
    "a test before the lease": (LEASED, [], measured(LEASED, 1), "no lease"),
    "a test outside its time": (pool(), [], measured(pool(), 40), "outside"),
    "a test in the future": (pool(), [], measured(pool(), 25), "not come yet"),
    "tests out of order": (
        pool(),
        [measured(pool(), 5)],
        measured(pool(), 4),
        "a test of",
    ),
    "more than the pool": (pool(), [], delivered((1,), usable=17), "17 of 16"),
    "a day outside": (pool(), [], delivered((-3,)), "outside the time"),
    "a day to come": (pool(), [], delivered((25,)), "not come yet"),
    "a day twice": (pool(), [delivered((1,))], delivered((1,)), "is on record"),
    "a day twice at once": (pool(), [], delivered((1, 1)), "is on record"),
    "no reason": (
        pool(),
        [delivered((1,))],
        DayCorrected(day=delivered((1,)).days[0]),
        "without a reason",
    ),
    "an unknown incident": (
        pool(),
        [],
        IncidentFixed(id="x", ends=at(2)),
        "is not on record, not open",
    ),
    "an incident twice": (
        pool(),
        [IncidentOpened(id="x", begins=at(1), cause=CAUSE)],
        IncidentOpened(id="x", begins=at(2), cause=CAUSE),
        "is on record",
    ),
    "a repair before the fault": (
        pool(),
        [IncidentOpened(id="x", begins=at(3), cause=CAUSE)],
        IncidentFixed(id="x", ends=at(2)),
        "before the incident",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_pool_refuses_names_fact_and_clause(case: str) -> None:
    """Each refusal says what stands against it and under which clause."""
    of, before, event, words = REFUSED[case]
    acts = lived(of, *before)
    with pytest.raises(NotAllowed) as refused:
        pool_act(of, acts, event, terms=TERMS, seen=len(acts), mandate=mandate(20))
    assert words in refused.value.fact
    assert "clause 5.1" in refused.value.fact


def test_a_corrected_day_counts_as_corrected_and_keeps_its_reason() -> None:
    """The first entry stays on record."""
    day = DayCorrected(day=delivered((1,), speed=25).days[0])
    acts = lived(pool(), measured(pool(), 1), delivered((1,)))
    why = mandate(20, reason="the monitor counted idle GPUs")
    acts.append(pool_act(pool(), acts, day, terms=TERMS, seen=len(acts), mandate=why))
    record = pool_record(acts)
    assert record.days[at(1).date()].throughput == 25
    assert len(acts) == 3


def test_a_pool_is_leased_tested_and_accepted_in_turn() -> None:
    """90 % of the promise for all GPUs together is enough, and no less."""
    acts = lived(LEASED, LEASE)
    assert pool_record(acts).state is PoolState.LEASED
    for usable, speed, state in (
        (16, 90, PoolState.ACCEPTED),
        (16, 89, PoolState.REFUSED),
        (14, 200, PoolState.REFUSED),
        (15, 96, PoolState.ACCEPTED),
    ):
        event = measured(LEASED, 2, usable=usable, speed=speed)
        assert pool_record(lived(LEASED, LEASE, event)).state is state


def test_another_measure_than_was_promised_accepts_nothing() -> None:
    """A number in another unit is no evidence."""
    other = pool(promised=Throughput(measure="FLOPS", value=Decimal(1)))
    with pytest.raises(NotAllowed, match="was promised in"):
        measured(other, 1)
