"""What the office has to do about support, and what keeps it from it."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

from dokja.evidence.values import Act, Text
from dokja.programme.agenda import AgendaItem, Standing
from dokja.support.agenda import support_agenda
from dokja.support.allocation.values import AllocationExplained
from dokja.support.data.assets import asset_acts
from dokja.support.data.values import (
    AssetListed,
    DataAsset,
    DataEvent,
    DataRights,
    DataScope,
    MilestoneMet,
    MilestoneSet,
    RightsState,
    RightsStated,
    TeamEntitled,
)
from dokja.support.event_words import EVENT_WORDS
from dokja.support.gpu.values import (
    BookEvent,
    IncidentFixed,
    IncidentOpened,
    Lease,
    LeaseSigned,
    PoolBasis,
    PoolEvent,
)
from dokja.support.money.figures import figure_act
from dokja.support.money.grants import grant_acts
from dokja.support.money.ledger import ledger_act
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    FigureEvent,
    FigureNoted,
    FigureStated,
    GrantAwarded,
    GrantEvent,
    GrantPurpose,
    LedgerAccount,
    LedgerEntry,
    LedgerEvent,
    Posting,
    PublishedFigure,
    TalentGrant,
)
from dokja.support.overview import SupportActs, support_overview
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

NAME = Text(ko="이름", en="name")
LEASED = pool(basis=PoolBasis.LEASE)
SIGNED = LeaseSigned(lease=Lease(contract="contract 1", krw=5, source=SOURCE))


def agenda_of(now: datetime, **acts: list[Act]) -> dict[str, AgendaItem]:
    """The agenda by its English."""
    names = ("book", "pools", "assets", "ledger", "grants", "figures")
    found = SupportActs(**{name: acts.get(name, []) for name in names})
    overview = support_overview(found, terms=TERMS, now=now)
    items = support_agenda(overview, found, terms=TERMS)
    return {item.what.en: item for item in items}


def test_a_lease_blocks_the_test_and_an_untested_pool_is_overdue() -> None:
    """Each step names what it waits for."""
    book = booked(*registered(LEASED))
    before = agenda_of(at(1), book=book)
    assert before["pool-a: lease"].standing is Standing.OVERDUE
    assert before["pool-a: acceptance test"].standing is Standing.BLOCKED
    after = agenda_of(at(1), book=book, pools=lived(LEASED, SIGNED))
    assert "pool-a: lease" not in after
    assert after["pool-a: acceptance test"].standing is Standing.OVERDUE
    refused = lived(LEASED, SIGNED, measured(LEASED, 1, usable=8))
    again = agenda_of(at(2), book=book, pools=refused)
    assert again["pool-a: another acceptance test"].standing is Standing.OVERDUE


def test_days_without_a_record_are_due_and_hold_up_what_is_owed() -> None:
    """An incident is made up for once its days are on record, and not before."""
    own = pool()
    book = booked(*registered(own), adopted("first", share("a", 8), share("b", 8)))
    incident = (
        IncidentOpened(id="slow", begins=at(3), cause=NAME),
        IncidentFixed(id="slow", ends=at(5)),
    )
    first = (measured(own, 1), delivered([1, 2]), *incident)
    held = agenda_of(at(6), book=book, pools=lived(own, *first))
    assert "3 days from 2026-01-03" in held["pool-a: what it delivered"].why.en
    assert held["pool-a: time for incident slow"].standing is Standing.BLOCKED
    rest = delivered([3, 4, 5], usable=8)
    owed = agenda_of(at(6), book=book, pools=lived(own, *first, rest))
    assert "pool-a: what it delivered" not in owed
    assert owed["pool-a: time for incident slow"].standing is Standing.DUE


def test_an_open_incident_waits_for_the_supplier() -> None:
    """What the office cannot do stands as what it waits for."""
    own = pool()
    opened = IncidentOpened(id="slow", begins=at(1), cause=NAME)
    found = agenda_of(
        at(1), book=booked(*registered(own)), pools=lived(own, measured(own, 1), opened)
    )
    assert found["pool-a: incident slow is fixed"].standing is Standing.WAITS


def test_a_team_with_too_little_is_due_something() -> None:
    """Unless it was given equal time, and whether or not an incident is to blame."""
    own = pool()
    book = booked(
        *registered(own), adopted("first", share("a", 8), share("b", 8, 2, 32))
    )
    pools = lived(own, measured(own, 1), delivered([1, 2, 3]))
    found = agenda_of(at(4), book=book, pools=pools)
    assert found["b: equal support"].standing is Standing.DUE
    assert "a: equal support" not in found


def _asset(*events: DataEvent) -> list[Act]:
    asset = DataAsset(
        id="news",
        title=NAME,
        holder="press",
        amount="10 h",
        scope=DataScope.SHARED,
        source=SOURCE,
    )
    acts: list[Act] = []
    for event in (AssetListed(asset=asset), *events):
        acts += asset_acts("news", acts, [], event, terms=TERMS, mandate=mandate(40))
    return acts


def test_data_waits_for_its_rights_then_for_its_steps() -> None:
    """Nothing is due before what it needs is there; a step is late by its own day."""
    entitled = TeamEntitled(team="a")
    step = MilestoneSet(id="raw", name=NAME, due=at(10).date())
    cleared = RightsStated(
        rights=DataRights(state=RightsState.CLEARED, terms="contract", source=SOURCE)
    )
    found = agenda_of(at(20), assets=_asset(entitled, step))
    assert found["news: state its rights"].standing is Standing.DUE
    assert found["news: name"].standing is Standing.OVERDUE
    assert found["news: hand it over to a"].standing is Standing.BLOCKED
    found = agenda_of(at(5), assets=_asset(entitled, step, cleared))
    assert found["news: name"].standing is Standing.WAITS
    assert found["news: hand it over to a"].standing is Standing.WAITS
    met = MilestoneMet(id="raw", on=at(9).date())
    found = agenda_of(at(20), assets=_asset(entitled, step, cleared, met))
    assert found["news: hand it over to a"].standing is Standing.DUE


def _granted() -> tuple[list[Act], list[Act]]:
    kinds = {
        "state": AccountKind.TREASURY,
        "whole": AccountKind.APPROPRIATION,
        "spent": AccountKind.SPENT,
    }
    ledger: list[Act] = []
    events: list[LedgerEvent] = [
        AccountOpened(account=LedgerAccount(id=name, kind=kind, name=NAME))
        for name, kind in kinds.items()
    ]
    moved = (Posting(account="state", krw=-9), Posting(account="whole", krw=9))
    entry = LedgerEntry(id="e1", on=SOURCE.on, text=NAME, source=SOURCE, postings=moved)
    for event in (*events, EntryPosted(entry=entry)):
        ledger.append(
            ledger_act(ledger, event, terms=TERMS, seen=len(ledger), mandate=mandate())
        )
    grant = TalentGrant(
        id="talent",
        team="a",
        purpose=GrantPurpose.SALARY,
        krw=5,
        first=at(5).date(),
        last=at(20).date(),
        pays_from="whole",
        spent_as="spent",
        source=SOURCE,
    )
    own, *moves = grant_acts(
        "talent", [], ledger, GrantAwarded(grant=grant), terms=TERMS, mandate=mandate()
    )
    return [own], [*ledger, *moves]


def test_a_grant_is_paid_in_its_time_and_settled_after_it() -> None:
    """Before its time nothing is due."""
    grants, ledger = _granted()
    assert agenda_of(at(4), grants=grants, ledger=ledger) == {}
    paying = agenda_of(at(6), grants=grants, ledger=ledger)
    assert paying["talent: pay it"].standing is Standing.DUE
    ended = agenda_of(at(21), grants=grants, ledger=ledger)
    assert ended["talent: end the grant"].standing is Standing.OVERDUE
    assert "5 원" in ended["talent: end the grant"].why.ko


def test_figures_that_differ_are_explained() -> None:
    """A note settles it; both figures stay."""
    stated = [
        FigureStated(figure=PublishedFigure(krw=krw, says=NAME, source=SOURCE))
        for krw in (5, 7)
    ]
    noted = FigureNoted(note=NAME, source=SOURCE)
    acts: list[Act] = []
    events: tuple[FigureEvent, ...] = (*stated, noted)
    for event in events:
        seen = len(acts)
        acts.append(
            figure_act("total", acts, event, terms=TERMS, seen=seen, mandate=mandate(9))
        )
    found = agenda_of(at(9), figures=acts[:2])
    assert found["total: say why the figures differ"].standing is Standing.DUE
    assert agenda_of(at(9), figures=acts) == {}


def test_every_act_has_words() -> None:
    """A page of history can name whatever the record holds of support."""
    kinds = {AllocationExplained}
    for union in (
        BookEvent,
        PoolEvent,
        LedgerEvent,
        GrantEvent,
        FigureEvent,
        DataEvent,
    ):
        kinds |= set(get_args(union))
    assert set(EVENT_WORDS) == kinds
