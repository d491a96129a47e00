"""What experts say on an aspect, and what becomes of it."""

from __future__ import annotations

from enum import StrEnum

from dokja.evidence.values import Growing, Text
from dokja.independence.items.values import FindingResult


class OpinionState(StrEnum):
    """What the votes of the panel amount to."""

    AGREED = "agreed"
    SPLIT = "split"
    NO_QUORUM = "no_quorum"


class OpinionVote(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One expert's opinion on an aspect of a team, with reasons."""

    expert: str
    team: str
    aspect: str
    choice: FindingResult
    reasons: Text
    at: str


class PanelOpinion(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The panel's opinion on one aspect, and whether it changed the finding."""

    state: OpinionState
    votes: dict[str, int]
    """By choice, those that count."""
    recused: tuple[str, ...] = ()
    """Experts whose vote does not count because of an interest."""
    choice: FindingResult | None = None
    measured: FindingResult | None = None
    """What the evidence alone gave, where the opinion changed it."""
    note: Text | None = None
    """Why an agreed opinion changed nothing."""
