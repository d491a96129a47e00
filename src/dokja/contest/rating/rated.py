"""The published rating of a contest: what was found of each team, and how."""

from __future__ import annotations

import msgspec

from dokja.evidence.values import Estimate, Growing, Text
from dokja.statistics.ratings.values import NoStrength


class RatedTeam(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team's strength with an interval that holds for all teams together."""

    team: str
    strength: float | None
    """Logits, the rated teams' strengths summing to 0."""
    low: float | None
    high: float | None
    rank_low: int
    """1 plus the teams certainly above it."""
    rank_high: int
    votes: int
    unrated: NoStrength | None
    """Why there is no strength."""


class TeamErrors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A team's standard error, votes taken as independent and clustered on voters."""

    team: str
    naive: float
    clustered: float | None


class TeamStrength(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A team's strength in one view; null with the reason beside the view."""

    team: str
    strength: float | None


class RatingView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The same votes read otherwise: a view, never the official rating."""

    id: str
    name: Text
    teams: tuple[TeamStrength, ...]
    terms: dict[str, Estimate]
    """What else moves a vote, in logits for one unit, by its name."""
    order_differs: bool
    """Whether the teams stand in another order than officially."""


class ContestRating(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rating that is published, with what it rests on and what it hangs on."""

    teams: tuple[RatedTeam, ...]
    """In the order of their names."""
    votes: int
    voters: int
    ties: int
    both_bad: int
    most_votes_of_one: int
    method: str
    source: str
    errors: tuple[TeamErrors, ...]
    design_effect: float | None
    """Mean clustered over mean naive variance of the strengths."""
    views: tuple[RatingView, ...]


class Change(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set whose removal makes another team the last."""

    removed: int
    share: float
    """Of all votes, or of all voters."""
    becomes_last: str
    none_below: int
    """No set of fewer was found to do it: every one of these was tried out."""
    members: tuple[str, ...]
    """The voters, or `left>right choice xN` for votes."""


class Influence(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the last place hangs on."""

    last: str | None
    """None where not every team has a strength, so that none is surely last."""
    votes: Change | None
    """None where no removal up to half of all was found."""
    voters: Change | None
    votes_cast: int
    voters_seen: int
    method: str
    source: str
