"""Support as it stands: what each team was promised, got, lost and is owed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import msgspec

from dokja.evidence.values import Act, Text
from dokja.programme.matters import Matter, acts_of, ids_of
from dokja.support.data.assets import (
    ASSET,
    asset_matter,
    asset_record,
    late_milestones,
    why_held_back,
)
from dokja.support.data.values import AssetRecord, LateMilestone
from dokja.support.gpu.balance import gpu_balances
from dokja.support.gpu.book import GpuBook, book_of
from dokja.support.gpu.pool import PoolRecord, pool_matter, pool_record
from dokja.support.gpu.values import (
    EqualTimeGranted,
    GpuBalance,
    GpuShare,
    Incident,
    PoolState,
)
from dokja.support.money.figures import FIGURE, figure_matter, figures_of
from dokja.support.money.grants import GRANT, grant_matter, grant_record
from dokja.support.money.ledger import account_balances, ledger_of
from dokja.support.money.values import (
    AccountBalance,
    FigureRegister,
    GrantState,
    TalentGrant,
)
from dokja.support.terms import Terms
from dokja.support.values import Entry, Window

OVERVIEW_SCHEMA = "dokja-support/1"
ALLOCATION = "allocation"
"""Kind of the record that holds the reasons of an allocation."""


@dataclass(frozen=True, kw_only=True)
class SupportActs:
    """The acts of the record that support is made of, by kind."""

    book: Sequence[Act]
    pools: Sequence[Act]
    assets: Sequence[Act]
    ledger: Sequence[Act]
    grants: Sequence[Act]
    figures: Sequence[Act]
    allocations: Sequence[Act] = ()
    """Reasons of the allocations that were adopted."""


class PoolStanding(Entry, frozen=True, kw_only=True):
    """A pool as it stands."""

    id: str
    supplier: str
    gpu_type: str
    count: int
    window: Window
    state: PoolState
    given: int
    """GPUs that are promised to teams now."""
    incidents: tuple[Incident, ...]


class AssetStanding(Entry, frozen=True, kw_only=True):
    """An asset as it stands."""

    record: AssetRecord
    held_back: Text | None
    """Why no team may get it today; None where teams may."""
    late: tuple[LateMilestone, ...]


class GrantStanding(Entry, frozen=True, kw_only=True):
    """A grant as it stands."""

    grant: TalentGrant
    state: GrantState
    paid: int


class TeamTotal(Entry, frozen=True, kw_only=True):
    """A team over all pools, in normalised GPU-hours."""

    team: str
    promised: Decimal
    delivered: Decimal
    lost: Decimal
    unrecorded: Decimal
    compensated: Decimal
    extra_hours: int
    """The longest of any pool: while it runs, what was lost of the others comes too."""


class SupportOverview(Entry, frozen=True, kw_only=True):
    """Everything about support, on one day."""

    schema: str
    programme: str
    on: datetime
    unit: str
    teams: tuple[TeamTotal, ...]
    balances: tuple[GpuBalance, ...]
    shares: tuple[GpuShare, ...]
    pools: tuple[PoolStanding, ...]
    equal_time: tuple[EqualTimeGranted, ...]
    assets: tuple[AssetStanding, ...]
    accounts: tuple[AccountBalance, ...]
    grants: tuple[GrantStanding, ...]
    figures: tuple[FigureRegister, ...]


def support_overview(
    acts: SupportActs, *, terms: Terms, now: datetime
) -> SupportOverview:
    """What the record says of support now."""
    book = book_of(acts.book)
    records = pool_records(acts, terms)
    balances = gpu_balances(book, records, terms=terms, until=now)
    return SupportOverview(
        schema=OVERVIEW_SCHEMA,
        programme=terms.programme,
        on=now,
        unit=terms.rules.unit,
        teams=_team_totals(balances),
        balances=balances,
        shares=book.shares,
        pools=_pools(book, records, now),
        equal_time=book.equal_time,
        assets=_assets(acts.assets, terms, now.date()),
        accounts=account_balances(ledger_of(acts.ledger)),
        grants=_grants(acts.grants, terms),
        figures=tuple(
            figures_of(name, history)
            for name, history in _histories(FIGURE, acts.figures, figure_matter, terms)
        ),
    )


def of_team(overview: SupportOverview, team: str) -> SupportOverview:
    """What a team sees: its own of everything, and the pools and figures of all."""
    return msgspec.structs.replace(
        overview,
        teams=tuple(each for each in overview.teams if each.team == team),
        balances=tuple(each for each in overview.balances if each.team == team),
        shares=tuple(each for each in overview.shares if each.team == team),
        pools=tuple(_pool_for(each, overview, team) for each in overview.pools),
        equal_time=tuple(each for each in overview.equal_time if each.team == team),
        assets=tuple(
            _asset_for(each, team)
            for each in overview.assets
            if team in each.record.entitled
        ),
        accounts=tuple(each for each in overview.accounts if each.account.team == team),
        grants=tuple(each for each in overview.grants if each.grant.team == team),
    )


def _pool_for(pool: PoolStanding, overview: SupportOverview, team: str) -> PoolStanding:
    """The pool with what the team is owed of it, where it was promised any of it."""
    if not any((s.team, s.pool) == (team, pool.id) for s in overview.shares):
        return msgspec.structs.replace(pool, incidents=())
    return msgspec.structs.replace(
        pool,
        incidents=tuple(
            msgspec.structs.replace(
                incident, credits=tuple(c for c in incident.credits if c.team == team)
            )
            for incident in pool.incidents
        ),
    )


def _asset_for(asset: AssetStanding, team: str) -> AssetStanding:
    record = asset.record
    own = msgspec.structs.replace(
        record,
        asset=msgspec.structs.replace(
            record.asset, teams=(team,) if record.asset.teams else ()
        ),
        entitled=(team,),
        handovers=tuple(each for each in record.handovers if each.team == team),
    )
    return msgspec.structs.replace(asset, record=own)


def pool_records(acts: SupportActs, terms: Terms) -> dict[str, PoolRecord]:
    """What happened to every pool that something happened to."""
    own = _histories("gpu_pool", acts.pools, pool_matter, terms)
    return {name: pool_record(history) for name, history in own}


def _histories(
    kind: str,
    acts: Sequence[Act],
    matter: Callable[[str, str], Matter],
    terms: Terms,
) -> list[tuple[str, tuple[Act, ...]]]:
    return [
        (name, acts_of(matter(terms.programme, name), acts))
        for name in ids_of(kind, acts)
    ]


def _team_totals(balances: Sequence[GpuBalance]) -> tuple[TeamTotal, ...]:
    found = []
    for team in sorted({each.team for each in balances}):
        own = [each for each in balances if each.team == team]
        zero = Decimal(0)
        found.append(
            TeamTotal(
                team=team,
                promised=sum((each.promised for each in own), zero),
                delivered=sum((each.delivered for each in own), zero),
                lost=sum((each.lost for each in own), zero),
                unrecorded=sum((each.unrecorded for each in own), zero),
                compensated=sum((each.compensated for each in own), zero),
                extra_hours=max(each.extra_hours for each in own),
            )
        )
    return tuple(found)


def _pools(
    book: GpuBook, records: dict[str, PoolRecord], now: datetime
) -> tuple[PoolStanding, ...]:
    found = []
    for pool in book.pools.values():
        record = records.get(pool.id, PoolRecord())
        found.append(
            PoolStanding(
                id=pool.id,
                supplier=pool.supplier,
                gpu_type=pool.gpu_type,
                count=pool.count,
                window=pool.window,
                state=record.state,
                given=book.given(pool.id, now),
                incidents=tuple(record.incidents.values()),
            )
        )
    return tuple(found)


def _assets(
    acts: Sequence[Act], terms: Terms, today: date
) -> tuple[AssetStanding, ...]:
    found = []
    for _, history in _histories(ASSET, acts, asset_matter, terms):
        record = asset_record(history)
        assert record is not None, "an asset with a history is listed"
        found.append(
            AssetStanding(
                record=record,
                held_back=why_held_back(record, today),
                late=late_milestones(record, today=today),
            )
        )
    return tuple(found)


def _grants(acts: Sequence[Act], terms: Terms) -> tuple[GrantStanding, ...]:
    found = []
    for _, history in _histories(GRANT, acts, grant_matter, terms):
        record = grant_record(history)
        assert record is not None, "a grant with a history is awarded"
        found.append(
            GrantStanding(grant=record.grant, state=record.state, paid=record.paid)
        )
    return tuple(found)
