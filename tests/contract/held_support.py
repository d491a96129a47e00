"""Support on an office's record: a pool that was given, data, a grant, a figure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from dokja.evidence.values import Text
from dokja.support.allocation.adopt import adopt
from dokja.support.allocation.values import (
    REQUEST_SCHEMA,
    AllocationRequest,
    TeamDemand,
)
from dokja.support.data.values import AssetListed, DataAsset, DataScope, TeamEntitled
from dokja.support.gpu.values import PoolRegistered
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    FigureStated,
    GrantAwarded,
    GrantPurpose,
    LedgerAccount,
    LedgerEntry,
    Posting,
    PublishedFigure,
    TalentGrant,
)
from dokja.support.requests import next_acts
from dokja.support.terms import terms_of
from dokja.support.values import Window
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.office import Office
from dokja.wiring.support import support_acts
from tests.support_fixture import SOURCE, pool

NAME = Text(ko="이름", en="name")
ACCOUNTS = {
    "state": AccountKind.TREASURY,
    "whole": AccountKind.APPROPRIATION,
    "spent": AccountKind.SPENT,
}


def hold_support(office: Office) -> None:
    """Puts one of everything that has a page of its own on record."""
    midnight = datetime.combine(office.now().date(), time(), office.now().tzinfo)
    begins = midnight + timedelta(days=1)
    window = Window(begins=begins, ends=begins + timedelta(days=30))
    own = pool(gpu_type="B200", count=64, window=window)
    _file(office, None, PoolRegistered(pool=own))
    _give(office, window)
    _data(office)
    _money(office)


def _mandate(office: Office) -> Any:
    desk = desk_of_office(office)
    return desk.mandate("o1", office.rulebook.clauses[0].number)


def _file(office: Office, subject: str | None, request: Any) -> None:
    desk = desk_of_office(office)
    acts = next_acts(
        support_acts(desk),
        subject,
        request,
        terms=terms_of(office.rulebook),
        mandate=_mandate(office),
    )
    desk.file(acts)


def _give(office: Office, window: Window) -> None:
    desk, (first, second, *_) = desk_of_office(office), office.plan.teams
    request = AllocationRequest(
        schema=REQUEST_SCHEMA,
        id="first",
        window=window,
        teams=tuple(
            TeamDemand(team=team, least=Decimal(0), most=Decimal(64))
            for team in (first, second)
        ),
    )
    book = support_acts(desk).book
    terms = terms_of(office.rulebook)
    mandate = _mandate(office)
    desk.file(adopt(book, request, terms=terms, seen=len(book), mandate=mandate))


def _data(office: Office) -> None:
    asset = DataAsset(
        id="news",
        title=NAME,
        holder="press",
        amount="10 h",
        scope=DataScope.SHARED,
        source=SOURCE,
    )
    _file(office, "news", AssetListed(asset=asset))
    _file(office, "news", TeamEntitled(team=office.plan.teams[0]))


def _money(office: Office) -> None:
    for name, kind in ACCOUNTS.items():
        account = LedgerAccount(id=name, kind=kind, name=NAME)
        _file(office, None, AccountOpened(account=account))
    moved = (Posting(account="state", krw=-9), Posting(account="whole", krw=9))
    entry = LedgerEntry(id="e1", on=SOURCE.on, text=NAME, source=SOURCE, postings=moved)
    _file(office, None, EntryPosted(entry=entry))
    today = office.now().date()
    grant = TalentGrant(
        id="talent",
        team=office.plan.teams[0],
        purpose=GrantPurpose.SALARY,
        krw=5,
        first=today,
        last=today + timedelta(days=30),
        pays_from="whole",
        spent_as="spent",
        source=SOURCE,
    )
    _file(office, "talent", GrantAwarded(grant=grant))
    total = PublishedFigure(krw=9, says=NAME, source=SOURCE)
    _file(office, "budget", FigureStated(figure=total))
