"""Scores, totals, ranks and how sure they are."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Text


class ComponentScore(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Points of one component; None with a reason where evidence is missing."""

    component: str
    points: Decimal | None
    possible: Decimal
    share: Estimate | None
    reason: Text | None = None


class CategoryScore(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Points of a category: the sum of its components as rounded."""

    category: str
    points: Decimal | None
    possible: Decimal
    components: tuple[ComponentScore, ...]


class IndexScore(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """AI Frontier Index or AI Diffusion Index of a team, 0 to 100."""

    index: str
    value: Decimal | None


class TargetAttainment(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Team score over reference score, per suite, against the moving target."""

    suite: str
    reference: str
    attainment: Estimate | None
    met: bool | None


class TeamStanding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Where a team stands."""

    team: str
    total: Decimal | None
    total_interval: Estimate | None
    rank: int | None
    """1 is best; equal totals share a rank."""
    rank_probability: tuple[float, ...]
    """Probability of rank 1, 2, …; empty where totals are unknown."""
    inside_cut: Estimate | None
    categories: tuple[CategoryScore, ...]
    indices: tuple[IndexScore, ...]
    targets: tuple[TargetAttainment, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every team, best first; equal totals in the order of their ids."""

    stage: str
    teams: tuple[TeamStanding, ...]
    method: str


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A closed interval of points."""

    low: Decimal
    high: Decimal


class WeightKind(StrEnum):
    """The weights an order is looked at under."""

    OFFICIAL = "official"
    PERTURBED = "perturbed"
    UNIFORM = "uniform"


class Acceptability(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How often a team takes which rank under one kind of weights."""

    team: str
    ranks: tuple[float, ...]
    """Share of draws with rank 1, 2, …; level teams share the better rank."""
    last: Estimate
    """Share of draws in which it is last; level teams share the draw."""
    beats: dict[str, float]
    """Other team to the probability of being ahead of it; a tie counts half."""
    central_weights: dict[str, float] | None
    """Mean weights, by component, of the draws in which it is first."""
    weights_when_last: dict[str, float] | None
    """The same of the draws in which it is last; None where there are none."""


class WeightView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every team under one kind of weights."""

    weights: WeightKind
    teams: tuple[Acceptability, ...]
    method: str


class Source(StrEnum):
    """What can be left out of a stage's evidence."""

    BENCHMARKS = "benchmarks"
    ITEMS = "items"
    RATERS = "raters"
    VOTERS = "voters"
    VOTES = "votes"


class LeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The order by total without one benchmark, rater or voter."""

    removed: str
    totals: dict[str, Decimal | None]
    possible: Decimal
    """Points the total can reach; less than 100 where a component fell away."""
    out: tuple[str, ...]
    level: tuple[str, ...]
    """Teams that neither total nor tie-breaks part at the cut."""
    changes: bool


class LeaveOneOut(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Every unit of a source left out in turn."""

    source: Source
    tried: int
    changing: int
    """How many of them change who is out by rank."""
    low: dict[str, Decimal | None]
    high: dict[str, Decimal | None]
    """Least and greatest total of each team over all of them."""
    cases: tuple[LeftOut, ...]
    """All of them; of voters, whom there may be thousands, those that change."""


class Certainty(StrEnum):
    """What is proven of the size of a set."""

    MINIMUM = "minimum"
    BETWEEN = "between"
    NONE_UP_TO = "none_up_to"
    NONE_FOUND = "none_found"


class SmallestSet(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The least that has to be removed from a source to change who is out.

    `minimum`: a set of `at_least` units does it and no smaller one can.
    `between`: one of `size` does it; no set smaller than `at_least` can.
    `none_up_to`: no set of up to `searched` units can.
    `none_found`: none was found; no set smaller than `at_least` can.
    """

    source: Source
    units: int
    searched: int
    """Largest size that was looked at."""
    certainty: Certainty
    at_least: int
    size: int | None
    removed: tuple[str, ...]
    out: tuple[str, ...]
    level: tuple[str, ...]
    """Who would be out then, and who would be level at the cut."""
    method: str


class Sensitivity(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How far the order hangs on weights and on single pieces of evidence.

    About the rank alone: gates are no part of it.
    """

    stage: str
    keep: int
    out: tuple[str, ...]
    """Teams outside the cut by total and tie-breaks, from all the evidence."""
    views: tuple[WeightView, ...]
    left_out: tuple[LeaveOneOut, ...]
    smallest: tuple[SmallestSet, ...]
    reason: Text | None = None
    """Why something could not be computed."""
