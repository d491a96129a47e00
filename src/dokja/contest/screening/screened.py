"""What was left out of the rating and why: voters, canaries, voided battles."""

from __future__ import annotations

import msgspec

from dokja.contest.values import Suspicion
from dokja.evidence.values import Growing, Text


class FlaggedVoter(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A voter whose votes the others' cannot explain. No reproach: people look."""

    voter: str
    suspicion: Suspicion
    about: str
    """The team under its blind label, or the side; empty for canaries."""
    battles: int
    """To which the suspicion applies."""
    agreeing: int
    """Of these, the votes as the suspicion has them."""
    expected: float
    """Of these, as many as the others' votes would lead to."""
    log_ratio: float
    p: float
    adjusted: float
    """By Holm over all voters."""
    reason: Text


class Screening(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The screening of a contest's voters, decided on blind labels."""

    level: float
    """Chance that any honest voter at all is flagged, at most."""
    voters: int
    votes: int
    canaries: int
    taste: float
    """Standard deviation of people's own tastes that was allowed for, in logits."""
    flagged: tuple[FlaggedVoter, ...]
    """By voter. Their votes are kept, marked and left out of the official rating."""
    method: str
    source: str


class CanaryCount(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How the canaries were judged, all voters together."""

    same: int
    same_tied: int
    broken: int
    broken_seen: int
    """Where the answer that was not broken was preferred."""


class VoidCount(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Battles of a team that were not judged, for one reason."""

    team: str
    reason: str
    battles: int
