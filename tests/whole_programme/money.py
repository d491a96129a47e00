"""The money of a made-up programme: appropriated, granted, spent, published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from dokja.evidence.values import Text
from dokja.support.data.values import (
    AssetListed,
    AssetPurchased,
    DataAsset,
    DataHandedOver,
    DataPurchase,
    DataRights,
    DataScope,
    MilestoneMet,
    MilestoneMoved,
    MilestoneSet,
    RightsState,
    RightsStated,
    TeamEntitled,
)
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    FigureNoted,
    FigureStated,
    GrantAwarded,
    GrantEnded,
    GrantPaid,
    GrantPurpose,
    LedgerAccount,
    LedgerEntry,
    Posting,
    PublishedFigure,
    TalentGrant,
)
from dokja.support.values import CitedSource
from tests.whole_programme.given_support import StageSupport

ACCOUNTS = {
    "treasury": AccountKind.TREASURY,
    "appropriation": AccountKind.APPROPRIATION,
    "spent": AccountKind.SPENT,
}
MILLION = 10**6
WORDS = Text("내역", "what it is")


def appropriate(support: StageSupport) -> Iterator[str]:
    """The accounts, once, and the money of a stage."""
    if support.stage == "stage-1":
        for name, kind in ACCOUNTS.items():
            account = LedgerAccount(id=name, kind=kind, name=WORDS)
            support.ask("open account", None, AccountOpened(account=account))
        yield "accounts"
    luck = support.office.luck
    amount = luck.randint(300, 900) * MILLION
    sides = ("treasury", "appropriation")
    name = f"{support.stage}.appropriated"
    support.ask("appropriate", None, moved(support, name, sides, amount))
    yield "appropriated"
    for krw in (amount, amount + luck.choice((0, 20 * MILLION))):
        figure = PublishedFigure(krw=krw, says=WORDS, source=support.source)
        support.ask("state figure", support.stage, FigureStated(figure=figure))
    note = FigureNoted(note=Text("차이", "why they differ"), source=support.source)
    support.ask("note figure", support.stage, note)
    yield "figures"


def moved(
    support: StageSupport, name: str, sides: tuple[str, str], krw: int
) -> EntryPosted:
    """The entry that moves an amount from one account to another, today."""
    return movement(name, sides, krw, source=support.source)


def movement(
    name: str, sides: tuple[str, str], krw: int, *, source: CitedSource
) -> EntryPosted:
    """The entry that moves an amount from one account to another."""
    postings = (
        Posting(account=sides[0], krw=-krw),
        Posting(account=sides[1], krw=krw),
    )
    return EntryPosted(
        entry=LedgerEntry(
            id=name, on=source.on, text=WORDS, source=source, postings=postings
        )
    )


def grant_of(name: str, team: str, krw: int, *, source: CitedSource) -> GrantAwarded:
    """A grant for a season, out of the appropriation."""
    return GrantAwarded(
        grant=TalentGrant(
            id=name,
            team=team,
            purpose=GrantPurpose.SALARY,
            krw=krw,
            first=source.on,
            last=source.on + timedelta(days=90),
            pays_from="appropriation",
            spent_as="spent",
            source=source,
        )
    )


def asset_of(name: str, *, source: CitedSource) -> AssetListed:
    """An asset that all share."""
    return AssetListed(
        asset=DataAsset(
            id=name,
            title=WORDS,
            holder="archive",
            amount="1000 h",
            scope=DataScope.SHARED,
            source=source,
        )
    )


def purchase_of(krw: int, *, source: CitedSource) -> AssetPurchased:
    """That it was bought, out of the appropriation."""
    return AssetPurchased(
        purchase=DataPurchase(
            krw=krw,
            on=source.on,
            contract="contract 1",
            source=source,
            paid_from="appropriation",
            spent_as="spent",
        )
    )


def award(support: StageSupport) -> Iterator[str]:
    """Talent grants: awarded, paid in part, ended. Some ask for more than there is."""
    office, source = support.office, support.source
    for team in office.some(support.teams, 0.4):
        name = f"{support.stage}-{team}"
        krw = office.luck.choice((50, 100, 400)) * MILLION
        support.ask("award grant", name, grant_of(name, team, krw, source=source))
        for _ in range(office.luck.randint(0, 3)):
            paid = GrantPaid(krw=krw // 2, on=source.on, source=source)
            support.ask("pay grant", name, paid)
        if office.chance(0.5):
            ended = GrantEnded(on=source.on, source=source)
            support.ask("end grant", name, ended)
        yield "grant"


def buy_data(support: StageSupport) -> Iterator[str]:
    """One asset: listed, bought, cleared, handed over, its milestone met late."""
    office, name = support.office, f"{support.stage}-corpus"
    today = office.clock.now.date()
    support.ask("list asset", name, asset_of(name, source=support.source))
    krw = office.luck.choice((20, 80, 500)) * MILLION
    bought = purchase_of(krw, source=support.source)
    support.ask("buy asset", name, bought)
    yield "asset bought"
    due = today + timedelta(days=10)
    support.ask("set milestone", name, MilestoneSet(id="cut", name=WORDS, due=due))
    later = MilestoneMoved(id="cut", due=due + timedelta(days=9))
    support.ask("move milestone", name, later)
    support.ask("meet milestone", name, MilestoneMet(id="cut", on=today))
    for team in support.teams:
        support.ask("entitle", name, TeamEntitled(team=team))
    over = DataHandedOver(team=support.teams[0], on=today, amount="all of it")
    if office.chance(0.3):
        support.ask("hand over uncleared", name, over)
    rights = DataRights(
        state=RightsState.CLEARED, terms="licence 1", source=support.source
    )
    support.ask("state rights", name, RightsStated(rights=rights))
    support.ask("hand over", name, over)
    yield "asset handed over"
