"""Scores, totals, ranks and how sure they are."""

from __future__ import annotations

from decimal import Decimal

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
