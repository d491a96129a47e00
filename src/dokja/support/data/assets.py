"""An asset from its listing to the teams; none leaves before its rights are clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec

from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.support.data.values import (
    AssetListed,
    AssetPurchased,
    AssetRecord,
    DataEvent,
    DataHandedOver,
    DataMilestone,
    DataPurchase,
    DataScope,
    EntitlementEnded,
    Handover,
    LateMilestone,
    MilestoneMet,
    MilestoneMoved,
    MilestoneSet,
    RightsState,
    RightsStated,
    TeamEntitled,
)
from dokja.support.history import events_of
from dokja.support.money.ledger import ledger_act, ledger_of
from dokja.support.money.values import EntryPosted, LedgerEntry, Posting
from dokja.support.refusals import Refusal, refuse_first
from dokja.support.terms import Terms
from dokja.support.words import RIGHTS_STATES

ASSET = "data_asset"
PURCHASE = Text(ko="학습용 데이터 구매", en="data bought for training")


def asset_matter(programme: str, asset: str) -> Matter:
    """Which record an asset is."""
    return Matter(programme=programme, kind=ASSET, id=asset)


def asset_record(history: Sequence[Act]) -> AssetRecord | None:
    """The asset after its acts; None before it was listed."""
    found: AssetRecord | None = None
    event: DataEvent
    for event in events_of(history, DataEvent):
        if isinstance(event, AssetListed):
            found = AssetRecord(asset=event.asset)
        else:
            assert found is not None, "an asset begins with its listing"
            found = _after(found, event)
    return found


def asset_acts(
    asset: str,
    history: Sequence[Act],
    ledger: Sequence[Act],
    event: DataEvent,
    *,
    terms: Terms,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The act of the asset and, for a purchase, that of the ledger beside it.

    Raises: NotAllowed where the asset or the ledger as they stand forbid it.
    """
    record = asset_record(history)
    refuse_first(_refusals(asset, record, event, mandate), clause=terms.data)
    matter = asset_matter(terms.programme, asset)
    own = next_act(matter, history, event, seen=len(history), mandate=mandate)
    if not isinstance(event, AssetPurchased):
        return (own,)
    assert record is not None, "refused before"
    refuse_first(_payer_problems(record, event.purchase, ledger), clause=terms.data)
    paid = ledger_act(
        ledger,
        _payment(asset, event.purchase),
        terms=terms,
        seen=len(ledger),
        mandate=mandate,
    )
    return own, paid


def late_milestones(record: AssetRecord, *, today: date) -> tuple[LateMilestone, ...]:
    """Steps that are behind the day that was first named, moved or not."""
    found = []
    for step in record.milestones:
        days = ((step.met or today) - step.first_due).days
        if days > 0:
            found.append(
                LateMilestone(asset=record.asset.id, milestone=step, days=days)
            )
    return tuple(found)


def why_held_back(record: AssetRecord, on: date) -> Text | None:
    """Why no team may get the asset on a day; None where teams may."""
    rights = record.rights
    if rights is None or rights.state is not RightsState.CLEARED:
        state = RightsState.UNCLEAR if rights is None else rights.state
        return Text(
            ko=f"이용 권리가 확보되지 않음({RIGHTS_STATES[state].ko})",
            en=f"its rights are {state.value}, not cleared",
        )
    if rights.until is not None and on > rights.until:
        return Text(
            ko=f"이용 기간이 {rights.until}에 끝남",
            en=f"its rights ended on {rights.until}",
        )
    return None


def _after(record: AssetRecord, event: DataEvent) -> AssetRecord:
    match event:
        case MilestoneSet() | MilestoneMoved() | MilestoneMet():
            steps = tuple(_steps_after(record.milestones, event))
            return msgspec.structs.replace(record, milestones=steps)
        case TeamEntitled() | EntitlementEnded() | DataHandedOver():
            return _teams_after(record, event)
        case RightsStated(rights=rights):
            return msgspec.structs.replace(record, rights=rights)
        case AssetPurchased(purchase=purchase):
            return msgspec.structs.replace(record, purchase=purchase)
        case AssetListed():
            return record


def _teams_after(
    record: AssetRecord, event: TeamEntitled | EntitlementEnded | DataHandedOver
) -> AssetRecord:
    if isinstance(event, TeamEntitled):
        entitled = (*record.entitled, event.team)
        return msgspec.structs.replace(record, entitled=entitled)
    if isinstance(event, EntitlementEnded):
        kept = tuple(each for each in record.entitled if each != event.team)
        return msgspec.structs.replace(record, entitled=kept)
    handover = Handover(team=event.team, on=event.on, amount=event.amount)
    return msgspec.structs.replace(record, handovers=(*record.handovers, handover))


def _steps_after(
    steps: Sequence[DataMilestone], event: MilestoneSet | MilestoneMoved | MilestoneMet
) -> Iterator[DataMilestone]:
    for step in steps:
        if step.id != event.id:
            yield step
        elif isinstance(event, MilestoneMoved):
            yield msgspec.structs.replace(step, due=event.due)
        elif isinstance(event, MilestoneMet):
            yield msgspec.structs.replace(step, met=event.on)
    if isinstance(event, MilestoneSet):
        due = event.due
        yield DataMilestone(id=event.id, name=event.name, due=due, first_due=due)


def _refusals(
    name: str, record: AssetRecord | None, event: DataEvent, mandate: Mandate
) -> Iterator[Refusal]:
    if isinstance(event, AssetListed):
        yield from _listing_problems(name, record, event)
        return
    if record is None:
        yield Refusal(f"asset {name} is not listed", "list it first")
        return
    match event:
        case AssetPurchased():
            if record.purchase is not None:
                yield Refusal(f"asset {name} is bought", "list what is bought besides")
        case TeamEntitled(team=team):
            yield from _entitling_problems(record, team)
        case EntitlementEnded() | DataHandedOver():
            yield from _team_problems(record, event)
        case MilestoneSet() | MilestoneMoved() | MilestoneMet():
            yield from _milestone_problems(record, event, mandate)
        case RightsStated():
            return


def _listing_problems(
    name: str, record: AssetRecord | None, event: AssetListed
) -> Iterator[Refusal]:
    asset = event.asset
    if record is not None:
        yield Refusal(f"asset {name} is listed", "list the other under another id")
    if asset.id != name:
        yield Refusal(f"the file lists {asset.id}, not {name}", "name the same asset")
    if (asset.scope is DataScope.TEAM_SPECIFIC) != bool(asset.teams):
        yield Refusal(
            f"asset {name} is {asset.scope.value} and names {len(asset.teams)} teams",
            "name the teams of a team-specific asset, and none of a shared one",
        )


def _entitling_problems(record: AssetRecord, team: str) -> Iterator[Refusal]:
    asset = record.asset
    if team in record.entitled:
        yield Refusal(f"{team} is entitled to {asset.id}", "nothing is left to do")
    if asset.scope is DataScope.TEAM_SPECIFIC and team not in asset.teams:
        yield Refusal(
            f"{asset.id} is for {', '.join(asset.teams)} alone",
            "entitle a team that it is for",
        )


def _team_problems(
    record: AssetRecord, event: EntitlementEnded | DataHandedOver
) -> Iterator[Refusal]:
    if event.team not in record.entitled:
        yield Refusal(
            f"{event.team} is not entitled to {record.asset.id}", "entitle it first"
        )
    if isinstance(event, EntitlementEnded):
        return
    reason = why_held_back(record, event.on)
    if reason is not None:
        yield Refusal(
            f"{record.asset.id} cannot be handed over: {reason.en}",
            "clear the rights and state them with their source first",
        )


def _milestone_problems(
    record: AssetRecord,
    event: MilestoneSet | MilestoneMoved | MilestoneMet,
    mandate: Mandate,
) -> Iterator[Refusal]:
    known = next((step for step in record.milestones if step.id == event.id), None)
    if isinstance(event, MilestoneSet):
        if known is not None:
            yield Refusal(f"milestone {event.id} is set", "move it, with a reason")
        return
    if known is None or known.met is not None:
        stands = "is not set" if known is None else f"was met on {known.met}"
        yield Refusal(f"milestone {event.id} {stands}", "name one that is still due")
    if isinstance(event, MilestoneMoved) and mandate.reason is None:
        yield Refusal(
            f"milestone {event.id} would move without a reason", "say why it moves"
        )
    today = datetime.fromisoformat(mandate.at).date()
    if isinstance(event, MilestoneMet) and event.on > today:
        yield Refusal(f"{event.on} has not come yet", "record it when it is done")


def _payer_problems(
    record: AssetRecord, purchase: DataPurchase, ledger: Sequence[Act]
) -> Iterator[Refusal]:
    """A shared asset is not paid for by one team, nor a team's by another's budget."""
    account = ledger_of(ledger).accounts.get(purchase.paid_from)
    payer = None if account is None else account.team
    if payer is not None and payer not in record.asset.teams:
        yield Refusal(
            f"{record.asset.id} is not for {payer}, whose budget would pay for it",
            "pay it out of what is for the teams that get it",
        )


def _payment(asset: str, purchase: DataPurchase) -> EntryPosted:
    return EntryPosted(
        entry=LedgerEntry(
            id=f"{asset}.bought",
            on=purchase.on,
            text=PURCHASE,
            source=purchase.source,
            postings=(
                Posting(account=purchase.paid_from, krw=-purchase.krw),
                Posting(account=purchase.spent_as, krw=purchase.krw),
            ),
        )
    )
