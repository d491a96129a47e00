"""Data assets, their rights, milestones and who is entitled, as frozen values."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from dokja.evidence.values import Text
from dokja.support.money.values import Krw
from dokja.support.values import CitedSource, Entry, Id, Line, SupportEvent


class RightsState(StrEnum):
    """How far the rights to an asset are cleared. Only cleared data is handed out."""

    UNCLEAR = "unclear"
    REQUESTED = "requested"
    CLEARED = "cleared"
    DENIED = "denied"


class DataScope(StrEnum):
    """Whom an asset is for."""

    SHARED = "shared"
    TEAM_SPECIFIC = "team_specific"


class DataAsset(Entry, frozen=True, kw_only=True):
    """Data that the programme buys or is given for training."""

    id: Id
    title: Text
    holder: Id
    """Organisation that has the data."""
    amount: Line
    """How much of it, such as hours or documents."""
    scope: DataScope
    source: CitedSource
    teams: tuple[Id, ...] = ()
    """Whom a team-specific asset is for."""


class DataRights(Entry, frozen=True, kw_only=True):
    """What may be done with an asset, as of the source."""

    state: RightsState
    terms: Line
    """Contract or licence under which it may be used."""
    source: CitedSource
    until: date | None = None
    """Last day on which it may be handed out; None where there is none."""


class DataPurchase(Entry, frozen=True, kw_only=True):
    """What was paid for an asset, and out of which account."""

    krw: Krw
    on: date
    contract: Line
    source: CitedSource
    paid_from: Id
    """The shared appropriation, or the data budget of a team."""
    spent_as: Id


class DataMilestone(Entry, frozen=True, kw_only=True):
    """A step of preparing an asset, with the day by which it is due."""

    id: Id
    name: Text
    due: date
    first_due: date
    """As it was set; `due` may have moved."""
    met: date | None = None


class AssetListed(SupportEvent, frozen=True, kw_only=True, tag="asset_listed"):
    """The programme is to have the asset."""

    asset: DataAsset


class RightsStated(SupportEvent, frozen=True, kw_only=True, tag="rights_stated"):
    """How far the rights are cleared from now on."""

    rights: DataRights


class AssetPurchased(SupportEvent, frozen=True, kw_only=True, tag="asset_purchased"):
    """The asset was bought."""

    purchase: DataPurchase


class MilestoneSet(SupportEvent, frozen=True, kw_only=True, tag="milestone_set"):
    """A step is due."""

    id: Id
    name: Text
    due: date


class MilestoneMoved(SupportEvent, frozen=True, kw_only=True, tag="milestone_moved"):
    """A step is due on another day; the first one stays on record."""

    id: Id
    due: date


class MilestoneMet(SupportEvent, frozen=True, kw_only=True, tag="milestone_met"):
    """A step is done."""

    id: Id
    on: date


class TeamEntitled(SupportEvent, frozen=True, kw_only=True, tag="team_entitled"):
    """A team is to get the asset."""

    team: Id


class EntitlementEnded(
    SupportEvent, frozen=True, kw_only=True, tag="entitlement_ended"
):
    """A team gets no more of the asset."""

    team: Id


class DataHandedOver(SupportEvent, frozen=True, kw_only=True, tag="data_handed_over"):
    """A team got the asset, or a part of it."""

    team: Id
    on: date
    amount: Line


DataEvent = (
    AssetListed
    | RightsStated
    | AssetPurchased
    | MilestoneSet
    | MilestoneMoved
    | MilestoneMet
    | TeamEntitled
    | EntitlementEnded
    | DataHandedOver
)


class Handover(Entry, frozen=True, kw_only=True):
    """What a team got of an asset."""

    team: Id
    on: date
    amount: Line


class AssetRecord(Entry, frozen=True, kw_only=True):
    """An asset as it stands."""

    asset: DataAsset
    rights: DataRights | None = None
    """None as long as nobody stated them."""
    purchase: DataPurchase | None = None
    milestones: tuple[DataMilestone, ...] = ()
    entitled: tuple[Id, ...] = ()
    handovers: tuple[Handover, ...] = ()


class LateMilestone(Entry, frozen=True, kw_only=True):
    """A step that came after its first due day, or has not come."""

    asset: Id
    milestone: DataMilestone
    days: int
    """Since the first due day, until it was met or until today."""
