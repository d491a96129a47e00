"""Delivered against promised, day by day: all pools of a team together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time

from dokja.support.gpu.balance import (
    Hours,
    SharedPool,
    hours_by_day,
    rounded,
    shared_pool,
)
from dokja.support.gpu.book import GpuBook
from dokja.support.gpu.pool import PoolRecord
from dokja.support.gpu.values import DayBalance
from dokja.support.terms import Terms


def daily_balances(
    book: GpuBook,
    records: Mapping[str, PoolRecord],
    *,
    terms: Terms,
    until: datetime,
    pool: str | None = None,
) -> tuple[DayBalance, ...]:
    """Every team on every day on which it was promised something, until now.

    `pool` names the only one that counts; None: all.
    """
    found: dict[tuple[date, str], Hours] = defaultdict(Hours)
    for name in book.pools if pool is None else (pool,):
        record = records.get(name, PoolRecord())
        shared = shared_pool(book, name, record, terms=terms)
        for day, teams in hours_by_day(shared, until=until).items():
            for team, hours in teams.items():
                own = found[day, team]
                own.promised += hours.promised
                own.delivered += hours.delivered
                own.lost += hours.lost
    return tuple(_balance(*key, found[key]) for key in sorted(found))


def days_missing(shared: SharedPool, now: datetime) -> tuple[date, ...]:
    """Days before today of which something promised is neither delivered nor lost."""
    here = now.astimezone(shared.pool.window.begins.tzinfo)
    midnight = datetime.combine(here.date(), time(), tzinfo=here.tzinfo)
    return tuple(
        sorted(
            day
            for day, teams in hours_by_day(shared, until=midnight).items()
            if any(h.promised != h.delivered + h.lost for h in teams.values())
        )
    )


def _balance(day: date, team: str, hours: Hours) -> DayBalance:
    promised, delivered = rounded(hours.promised), rounded(hours.delivered)
    # What is left is one of two, so that what is shown adds up to the last digit.
    is_whole = hours.promised == hours.delivered + hours.lost
    lost = promised - delivered if is_whole else rounded(hours.lost)
    return DayBalance(
        team=team,
        day=day,
        promised=promised,
        delivered=delivered,
        lost=lost,
        unrecorded=promised - delivered - lost,
    )
