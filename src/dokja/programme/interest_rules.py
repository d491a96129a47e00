"""Rules of interests and of the panel's work, as frozen values.

Kinds of ties and numbers only: who is tied to whom stands in no rulebook. A
rulebook without these sections keeps its digest.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Growing


class TieKind(StrEnum):
    """How two people, organisations or teams hang together."""

    EMPLOYMENT = "employment"
    ADVICE = "advice"
    HOLDING = "holding"
    FAMILY = "family"
    COAUTHORSHIP = "coauthorship"
    OWNERSHIP = "ownership"
    CONSORTIUM = "consortium"
    SUPPLY = "supply"
    DATA_DEAL = "data_deal"


class InterestLevel(StrEnum):
    """What the ties between an expert and a team amount to."""

    CONFLICT = "conflict"
    POSSIBLE = "possible"
    NONE = "none"


# Every key is written: interests computed before name these bytes.
class TieRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a kind of tie amounts to, and how long after its end it still counts."""

    kind: TieKind
    level: InterestLevel
    cooling_months: int = 0


class InterestRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What counts as an interest; a kind without a rule is refused, not ignored."""

    ties: tuple[TieRule, ...]
    longest_path: int
    """Most ties between an expert and a team that still make an interest."""


class FieldNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many experts of a field every team must have."""

    field: str
    least: int


class PanelRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the panel works: who must score a team, in which rounds."""

    experts_per_team: int
    """Experts assigned to a team, at least."""
    teams_per_expert: int
    """Teams an expert takes, at most."""
    quorum: int
    """Counted sheets below which a team's panel is short when it closes."""
    fields: tuple[FieldNeed, ...] = ()
    calibration: bool = False
    """Whether everybody scores an anchor submission first."""
    discussion: bool = False
    """Whether sheets are handed in before and after a discussion, both kept."""
    agreement: bool = False
    """Whether the report says how far the panel agrees; it decides nothing."""
