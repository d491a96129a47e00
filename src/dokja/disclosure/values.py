"""What is shown of a stage's scores: commitments, openings, sums, private sheets."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Text

SCHEMA = "dokja-published-scores/1"
SHEET = "dokja-score-sheet/1"
TOTAL = "total"
"""Figure that stands beside the categories and components."""

Element = Annotated[str, Meta(pattern=r"^[0-9a-f]{512}\Z")]
"""A number modulo the group's prime, 2,048 bits."""
Exponent = Annotated[str, Meta(pattern=r"^[0-9a-f]{512}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A score with the number that hid it."""

    points: Decimal
    blinding: Exponent


class SealedScore(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A team's figure: committed to, and open where the rules make it public."""

    team: Name
    figure: Name
    """Id of a category or component, or `total`."""
    commitment: Element
    opened: Opening | None = None


class PublishedSum(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The sum of a figure over all teams that have it; the mean follows from it."""

    figure: Name
    teams: tuple[Name, ...]
    sum: Opening
    mean: Decimal
    """Rounded half up to the rulebook's places."""


class PublishedScores(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What everybody may see of the scores, with what proves it."""

    schema: str
    programme: str
    stage: str
    rules_digest: str
    places: int
    """Decimals of a score before it was committed to."""
    scores: tuple[SealedScore, ...]
    sums: tuple[PublishedSum, ...]
    withheld: tuple[Text, ...] = ()
    """Sums that are not published, and why."""


class ScoreLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure of a team's own sheet."""

    figure: Name
    name: Text
    possible: Decimal
    opened: Opening


class ScoreSheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team's own scores with what opens their commitments; for that team only."""

    schema: str
    programme: str
    stage: str
    team: Name
    published: str
    """Digest of the published scores it belongs to."""
    lines: tuple[ScoreLine, ...]
