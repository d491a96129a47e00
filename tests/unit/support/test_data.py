"""Data: cleared before it leaves, paid for by whom it is for, late when it is late."""

from __future__ import annotations

from datetime import date

import pytest

from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.support.data.assets import (
    asset_acts,
    asset_record,
    late_milestones,
    why_held_back,
)
from dokja.support.data.values import (
    AssetListed,
    AssetPurchased,
    AssetRecord,
    DataAsset,
    DataEvent,
    DataHandedOver,
    DataPurchase,
    DataRights,
    DataScope,
    EntitlementEnded,
    MilestoneMet,
    MilestoneMoved,
    MilestoneSet,
    RightsState,
    RightsStated,
    TeamEntitled,
)
from dokja.support.money.ledger import ledger_act, ledger_of
from dokja.support.money.values import (
    AccountKind,
    AccountOpened,
    EntryPosted,
    LedgerAccount,
    LedgerEntry,
    Posting,
)
from tests.support_fixture import SOURCE, TERMS, mandate

NAME = Text(ko="자료", en="corpus")


def asset(scope: DataScope = DataScope.SHARED, *teams: str) -> AssetListed:
    """A corpus that all share, or that is for teams."""
    return AssetListed(
        asset=DataAsset(
            id="corpus",
            title=NAME,
            holder="archive",
            amount="100 h",
            scope=scope,
            source=SOURCE,
            teams=teams,
        )
    )


def rights(state: RightsState, until: date | None = None) -> RightsStated:
    """How far the corpus is cleared."""
    return RightsStated(
        rights=DataRights(state=state, terms="contract 7", source=SOURCE, until=until)
    )


def bought(payer: str, krw: int = 40) -> AssetPurchased:
    """The corpus was paid for by an account."""
    return AssetPurchased(
        purchase=DataPurchase(
            krw=krw,
            on=date(2026, 1, 9),
            contract="contract 7",
            source=SOURCE,
            paid_from=payer,
            spent_as="spent",
        )
    )


def funded() -> list[Act]:
    """A ledger in which all share 100 won and each of two teams has 50."""
    accounts = (
        ("treasury", AccountKind.TREASURY, None),
        ("joint", AccountKind.APPROPRIATION, None),
        ("alpha", AccountKind.BUDGET, "alpha"),
        ("beta", AccountKind.BUDGET, "beta"),
        ("spent", AccountKind.SPENT, None),
    )
    moves = (("treasury", "joint", 200), ("joint", "alpha", 50), ("joint", "beta", 50))
    acts: list[Act] = []
    events = [
        AccountOpened(account=LedgerAccount(id=name, kind=kind, name=NAME, team=team))
        for name, kind, team in accounts
    ] + [
        EntryPosted(
            entry=LedgerEntry(
                id=f"e{i}",
                on=date(2026, 1, 2),
                text=NAME,
                source=SOURCE,
                postings=(
                    Posting(account=giving, krw=-krw),
                    Posting(account=taking, krw=krw),
                ),
            )
        )
        for i, (giving, taking, krw) in enumerate(moves)
    ]
    for event in events:
        act = ledger_act(acts, event, terms=TERMS, seen=len(acts), mandate=mandate(5))
        acts.append(act)
    return acts


def happened(*events: DataEvent) -> tuple[list[Act], list[Act]]:
    """The asset and the ledger after these events, each of which must be allowed."""
    own: list[Act] = []
    ledger = funded()
    for event in events:
        first, *paid = asset_acts(
            "corpus",
            own,
            ledger,
            event,
            terms=TERMS,
            mandate=mandate(90, reason="the holder asked for more time"),
        )
        own.append(first)
        ledger += paid
    return own, ledger


def standing(*events: DataEvent) -> AssetRecord:
    """The asset after these events."""
    record = asset_record(happened(*events)[0])
    assert record is not None
    return record


ALPHA = TeamEntitled(team="alpha")
OVER = DataHandedOver(team="alpha", on=date(2026, 2, 1), amount="all")
CLEARED = rights(RightsState.CLEARED)
STEP = MilestoneSet(id="clean", name=NAME, due=date(2026, 1, 31))
REFUSED: dict[str, tuple[list[DataEvent], DataEvent, str]] = {
    "data nobody cleared": ([asset(), ALPHA], OVER, "unclear, not cleared"),
    "data whose holder refused": (
        [asset(), ALPHA, rights(RightsState.DENIED)],
        OVER,
        "denied, not cleared",
    ),
    "rights that ended": (
        [asset(), ALPHA, rights(RightsState.CLEARED, date(2026, 1, 31))],
        OVER,
        "ended on 2026-01-31",
    ),
    "a team without entitlement": ([asset(), CLEARED], OVER, "not entitled"),
    "an entitlement that ended": (
        [asset(), CLEARED, ALPHA, EntitlementEnded(team="alpha")],
        OVER,
        "not entitled",
    ),
    "another team's data": (
        [asset(DataScope.TEAM_SPECIFIC, "beta")],
        ALPHA,
        "is for beta alone",
    ),
    "another team's budget": (
        [asset(DataScope.TEAM_SPECIFIC, "beta")],
        bought("alpha"),
        "is not for alpha",
    ),
    "one team's budget for all": ([asset()], bought("alpha"), "is not for alpha"),
    "more than the budget": (
        [asset(DataScope.TEAM_SPECIFIC, "alpha")],
        bought("alpha", 51),
        "would be -1 won",
    ),
    "a purchase twice": ([asset(), bought("joint")], bought("joint"), "is bought"),
    "a shared asset with teams": ([], asset(DataScope.SHARED, "alpha"), "names 1"),
    "an asset nobody listed": ([], ALPHA, "is not listed"),
    "an asset twice": ([asset()], asset(), "is listed"),
    "a step nobody set": ([asset()], MilestoneMet(id="x", on=date(2026, 1, 9)), "not"),
    "a step before it is done": (
        [asset(), STEP],
        MilestoneMet(id="clean", on=date(2026, 9, 1)),
        "not come yet",
    ),
    "a step that moves without a reason": (
        [asset(), STEP],
        MilestoneMoved(id="clean", due=date(2026, 3, 1)),
        "without a reason",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_names_fact_and_clause(case: str) -> None:
    """Each refusal says what stands against it and under which clause."""
    before, event, words = REFUSED[case]
    own, ledger = happened(*before)
    with pytest.raises(NotAllowed) as refused:
        asset_acts("corpus", own, ledger, event, terms=TERMS, mandate=mandate(90))
    assert words in refused.value.fact
    assert "clause 5." in refused.value.fact


def test_a_purchase_and_its_payment_are_one() -> None:
    """Whoever buys books; both acts are appended together or neither is."""
    own, ledger = happened(asset(DataScope.TEAM_SPECIFIC, "alpha"), bought("alpha"))
    record = asset_record(own)
    assert record is not None
    assert record.purchase is not None
    assert ledger_of(ledger).balance("alpha") == 10
    assert ledger_of(ledger).balance("beta") == 50


def test_a_step_is_as_late_as_it_is_after_the_first_day_that_was_named() -> None:
    """Moving a day does not make it in time."""
    moved = MilestoneMoved(id="clean", due=date(2026, 2, 28))
    met = MilestoneMet(id="clean", on=date(2026, 2, 10))
    open_ = standing(asset(), STEP, moved)
    today = date(2026, 2, 20)
    assert [late.days for late in late_milestones(open_, today=today)] == [20]
    done = standing(asset(), STEP, moved, met)
    assert [late.days for late in late_milestones(done, today=today)] == [10]
    in_time = late_milestones(standing(asset(), STEP), today=date(2026, 1, 31))
    assert in_time == ()


def test_cleared_data_is_handed_over_and_counted() -> None:
    """What a team got stands with its day."""
    record = standing(asset(), CLEARED, ALPHA, OVER)
    assert why_held_back(record, date(2026, 2, 1)) is None
    assert [(h.team, h.on) for h in record.handovers] == [("alpha", date(2026, 2, 1))]
