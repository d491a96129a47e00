"""Findings of the independence gate and the right to reply."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Check, CheckResult, Growing, Text
from dokja.independence.items.values import (
    ComponentTier,
    FindingResult,
    ItemOutcome,
)
from dokja.independence.opinion.values import PanelOpinion

__all__ = [
    "AspectFinding",
    "FindingResult",
    "IndependenceFinding",
    "ReplyBook",
    "ReplyState",
    "TeamReply",
]


class ReplyState(StrEnum):
    """Where the right to reply stands."""

    NOT_NEEDED = "not_needed"
    REQUESTED = "requested"
    REPLIED = "replied"
    EXPIRED = "expired"


class TeamReply(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a team answered to the evidence against it."""

    team: str
    component: str
    at: str
    text: Text


class ReplyBook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`replies.json`: every reply of a stage."""

    synthetic: bool
    note: Text
    replies: tuple[TeamReply, ...]


class AspectFinding(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The finding on one aspect, with the checks it rests on."""

    aspect: str
    result: FindingResult
    checks: tuple[Check, ...]
    clauses: tuple[str, ...] = ()
    opinion: PanelOpinion | None = None
    waits_for: tuple[str, ...] = ()
    """Allegations that were measured and are not resolved."""


class IndependenceFinding(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The finding on one team. `result` is the worst of its aspects."""

    team: str
    gate: str
    result: FindingResult
    aspects: tuple[AspectFinding, ...]
    reply_state: ReplyState
    replies: tuple[TeamReply, ...]
    reply_until: str
    item_set: str = ""
    """Edition of the dossier; empty for a gate of the first checks."""
    items: tuple[ItemOutcome, ...] = ()
    """Every item, those too that no aspect requires."""
    tiers: tuple[ComponentTier, ...] = ()
    unproven: tuple[Text, ...] = ()
    """What no training record of these can prove."""

    def failed_checks(self) -> tuple[Check, ...]:
        """The checks that failed, in the order of the aspects."""
        return tuple(
            check
            for aspect in self.aspects
            for check in aspect.checks
            if check.result is CheckResult.FAIL
        )
