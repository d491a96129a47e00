"""Pools, teams and officers of an invented programme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.programme.support_rules import GpuEquivalent, SupportRules
from dokja.support.gpu.book import book_act
from dokja.support.gpu.pool import judge_test, pool_act
from dokja.support.gpu.values import (
    AcceptanceTest,
    AllocationAdopted,
    BookEvent,
    DaysDelivered,
    DeliveredDay,
    GpuPool,
    GpuShare,
    PoolBasis,
    PoolEvent,
    PoolRegistered,
    Throughput,
)
from dokja.support.terms import Terms
from dokja.support.values import CitedSource, Window

MEASURE = "tokens per second of the reference run"
TERMS = Terms(
    programme="p",
    rules=SupportRules(
        unit="big",
        equivalents=(
            GpuEquivalent(type="big", units=Decimal(1)),
            GpuEquivalent(type="small", units=Decimal("0.5")),
        ),
        node=8,
        acceptance_share=Decimal("0.9"),
        tolerance=Decimal("0.05"),
    ),
    gpu="clause 5.1",
    data="clause 5.2",
    money="clause 5.3",
)
SOURCE = CitedSource(name="notice 1", on=date(2026, 1, 1))


def at(day: int, hour: int = 0) -> datetime:
    """A moment of the programme: the day counted from 1 January 2026, in Korea."""
    start = datetime.fromisoformat("2026-01-01T00:00:00+09:00")
    return start + timedelta(days=day - 1, hours=hour)


def window(first: int, last: int) -> Window:
    """From the beginning of a day until the beginning of another."""
    return Window(begins=at(first), ends=at(last))


def mandate(day: int = 1, *, reason: str = "") -> Mandate:
    """An officer acts on a day."""
    return Mandate(
        by="officer-a",
        at=at(day).isoformat(),
        clause="5.1",
        reason=Text(ko=reason, en=reason) if reason else None,
    )


def pool(name: str = "pool-a", **changes: Any) -> GpuPool:
    """An owned pool of 16 big GPUs in January."""
    given: dict[str, Any] = {
        "id": name,
        "supplier": "supplier-a",
        "gpu_type": "big",
        "count": 16,
        "window": window(1, 32),
        "basis": PoolBasis.OWNED,
        "promised": Throughput(measure=MEASURE, value=Decimal(100)),
        "source": SOURCE,
    }
    return GpuPool(**given | changes)


def share(team: str, gpus: int, *days: int, of: str = "pool-a") -> GpuShare:
    """GPUs of a pool for a team, from day to day; all of January without days."""
    first, last = days or (1, 32)
    return GpuShare(team=team, pool=of, gpus=gpus, window=window(first, last))


def adopted(name: str, *shares: GpuShare) -> AllocationAdopted:
    """An allocation that the office adopts."""
    return AllocationAdopted(id=name, solved_from="by hand", shares=shares)


def booked(*events: BookEvent, day: int = 1) -> list[Act]:
    """The book after these events, each of which must be allowed."""
    acts: list[Act] = []
    for event in events:
        acts.append(
            book_act(acts, event, terms=TERMS, seen=len(acts), mandate=mandate(day))
        )
    return acts


def registered(*pools: GpuPool) -> list[BookEvent]:
    """The events by which pools enter the book."""
    return [PoolRegistered(pool=each) for each in pools]


def lived(of: GpuPool, *events: PoolEvent, day: int = 200) -> list[Act]:
    """The record of a pool after these events, each of which must be allowed."""
    acts: list[Act] = []
    for event in events:
        acts.append(
            pool_act(of, acts, event, terms=TERMS, seen=len(acts), mandate=mandate(day))
        )
    return acts


def measured(of: GpuPool, day: int, *, usable: int = 16, speed: int = 100) -> PoolEvent:
    """The pool was measured on a day."""
    test = AcceptanceTest(
        at=at(day),
        usable=usable,
        measured=Throughput(measure=MEASURE, value=Decimal(speed)),
        source=SOURCE,
    )
    return judge_test(of, test, TERMS)


def delivered(
    days: Sequence[int], *, usable: int = 16, speed: int | None = 100
) -> DaysDelivered:
    """What the pool gave on these days, the same on each."""
    return DaysDelivered(
        days=tuple(
            DeliveredDay(
                day=at(day).date(),
                usable=usable,
                throughput=None if speed is None else Decimal(speed),
                source="cluster monitor",
            )
            for day in days
        )
    )
