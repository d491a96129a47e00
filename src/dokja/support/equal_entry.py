"""What a team that enters a stage late is owed, and until when it needs to have it.

Every team's time runs from its own beginning to its own end. GPU-hours are counted
within it: what was delivered or made up for until now, what is promised from now on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from dokja.evidence.values import Text
from dokja.support.fairness import (
    FairnessRequest,
    TeamFairness,
    compare_support,
)
from dokja.support.gpu.balance import expected_balances
from dokja.support.gpu.book import book_of
from dokja.support.gpu.values import GpuBalance
from dokja.support.overview import SupportActs, pool_records
from dokja.support.terms import Terms
from dokja.support.values import Entry, Id, Moment

SCHEMA = "dokja-equal-support/1"


class NewcomerSupport(Entry, frozen=True, kw_only=True):
    """What a late entrant is owed beside the best supported team."""

    team: Id
    begins: Moment
    owed_days: Decimal
    owed_hours: Decimal
    """Normalised GPU-hours, beyond those it is promised until its end."""
    hours_days: Decimal
    """Its own normalised GPU-hours times days, as it stands."""
    hours_days_due: Decimal
    """Those of the best supported team."""
    deadline: Moment
    """From which it is equal in days and in GPU-hours, at its own rate."""
    granted: Moment | None
    """The deadline it was given; None where none was."""
    within: bool
    """Whether it lacks no more than the tolerance, or was given that deadline."""
    reason: Text


class EqualSupport(Entry, frozen=True, kw_only=True):
    """Every team of a stage by its expected end, and what late entrants are owed."""

    schema: str
    stage: Id
    on: Moment
    teams: tuple[TeamFairness, ...]
    newcomers: tuple[NewcomerSupport, ...]

    @property
    def is_settled(self) -> bool:
        """Whether every late entrant has what it is owed."""
        return all(each.within for each in self.newcomers)


def equal_entry(
    request: FairnessRequest,
    newcomers: Collection[str],
    acts: SupportActs,
    *,
    terms: Terms,
    now: datetime,
) -> EqualSupport:
    """The teams of a stage side by side, and what those who came late are owed.

    Raises: as `compare_support`.
    """
    book, records = book_of(acts.book), pool_records(acts, terms)
    granted = {
        each.team: each.deadline
        for each in book.equal_time
        if each.stage == request.stage
    }
    balances: list[GpuBalance] = []
    for each in request.teams:
        found = expected_balances(book, records, each.window, terms=terms, now=now)
        balances += [balance for balance in found if balance.team == each.team]
    rows = compare_support(request, balances, terms=terms, granted=granted)
    begun = {each.team: each.window.begins for each in request.teams}
    return EqualSupport(
        schema=SCHEMA,
        stage=request.stage,
        on=now,
        teams=rows,
        newcomers=tuple(
            _owed(row, rows, begins=begun[row.team], granted=granted.get(row.team))
            for row in rows
            if row.team in newcomers
        ),
    )


def _owed(
    row: TeamFairness,
    rows: Sequence[TeamFairness],
    *,
    begins: datetime,
    granted: datetime | None,
) -> NewcomerSupport:
    days = max(each.days for each in rows) - row.days
    hours = max(each.hours for each in rows) - row.hours
    due = max(each.hours_days for each in rows)
    return NewcomerSupport(
        team=row.team,
        begins=begins,
        owed_days=days,
        owed_hours=hours,
        hours_days=row.hours_days,
        hours_days_due=due,
        deadline=row.deadline,
        granted=granted,
        within=row.within,
        reason=Text(
            f"가장 많이 지원받는 팀보다 {days}일, 환산 GPU {hours}시간이 적음. "
            f"{row.deadline.isoformat()}까지 개발하면 같아짐",
            f"has {days} days and {hours} normalised GPU-hours less than the best "
            f"supported team; equal when it develops until "
            f"{row.deadline.isoformat()}",
        ),
    )
