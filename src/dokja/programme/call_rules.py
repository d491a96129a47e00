"""Rules of calls, as frozen values: who may apply, who is selected, what is owed.

A rulebook without these sections keeps its digest, and an act that needs them says
that the rulebook is silent.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.evidence.values import Growing, Text


class FirmSize(StrEnum):
    """How large an organisation is, for its share of the costs."""

    LARGE = "large"
    MIDSIZE = "midsize"
    SMALL = "small"
    NONPROFIT = "nonprofit"


class TrackItem(StrEnum):
    """What an applicant can show of earlier work."""

    EXISTING_MODEL = "existing_model"
    OWN_CODE = "own_code"
    PEOPLE_MONTHS = "people_months"
    PREVIOUS_RELEASE = "previous_release"


class SeveralBids(StrEnum):
    """Whether an organisation may stand in several bids of one call."""

    ALLOWED = "allowed"
    ONE_LEAD = "one_lead"
    ONE_BID = "one_bid"


class VoteBase(StrEnum):
    """Of whom the votes for a candidate must be more than half."""

    WHOLE_PANEL = "whole_panel"
    ABLE_TO_VOTE = "able_to_vote"


class ShortlistTie(StrEnum):
    """What a full tie at the end of the shortlist leads to."""

    ALL_GO_ON = "all_go_on"
    FURTHER_SHEETS = "further_sheets"


class ObligationKind(StrEnum):
    """What a selected team owes."""

    OPEN_RELEASE = "open_release"
    LICENCE = "licence"
    REPORTING = "reporting"


class TrackRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much earlier work of one kind counts as having it."""

    item: TrackItem
    least: int


class CostShareRule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Share of the costs that a lead of this size bears itself."""

    size: FirmSize
    open_from: Decimal
    """Holds from this promised share of open results on."""
    share: Decimal


class ObligationRule(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What every selected team owes, and by when."""

    id: str
    kind: ObligationKind
    name: Text
    due_days: int
    """Days after the signing."""


class CallRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How calls are run."""

    track: tuple[TrackRule, ...]
    least_kinds: int
    """Kinds of earlier work below which there is nothing but an application."""
    scan_required: bool
    """Whether every model that is shown needs a comparison of its weights."""
    several_bids: SeveralBids
    least_sheets: int
    """Counted sheets below which an application cannot be ranked."""
    initial_majority: bool
    """Whether an initial call, too, selects only whom a majority votes for."""
    vote_base: VoteBase
    shortlist_tie: ShortlistTie
    cost_shares: tuple[CostShareRule, ...] = ()
    obligations: tuple[ObligationRule, ...] = ()
    least_open_share: Decimal = Decimal(0)
    """Share of open results that every team promises at least."""
    next_moves_up: bool | None = None
    """Whether the next bid the panel found able takes the place of a selected one that
    withdraws; None where nobody agreed on it."""
