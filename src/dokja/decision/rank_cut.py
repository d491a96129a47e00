"""Who is inside the cut by total, who is outside, and whom nothing settles."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

from dokja.decision.policy import PolicyMissing
from dokja.decision.values import TeamFacts
from dokja.programme.values import FullTie, RankCut, Ties


class Place(StrEnum):
    """Where a team stands against the cut."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    OPEN = "open"


def places(
    facts: Sequence[TeamFacts], *, keep: int, ties: Ties | None
) -> dict[str, Place]:
    """Place of every team by total, tie-breaks and unknown totals.

    A team whose place hangs on a total nobody knows is open, and so is one
    that every tie-break leaves level at the cut.
    Raises: PolicyMissing where a tie at the cut meets no tie policy.
    """
    found: dict[str, Place] = {}
    unknown = sum(1 for team in facts if team.total is None)
    for team in facts:
        if len(facts) <= keep:
            found[team.team] = Place.INSIDE
        elif team.total is None:
            # Nobody's total bounds it: it may be ahead of all or behind all.
            found[team.team] = Place.OPEN
        else:
            found[team.team] = _place(team, facts, keep=keep - unknown, ties=ties)
            if unknown and found[team.team] is Place.OUTSIDE:
                sure = _place(team, facts, keep=keep, ties=ties)
                found[team.team] = Place.OPEN if sure is Place.INSIDE else sure
    return found


def unsettled(facts: Sequence[TeamFacts], cut: RankCut) -> frozenset[str]:
    """Teams whose probability of being inside is on neither safe side."""
    confidence = float(cut.confidence)
    return frozenset(
        team.team
        for team in facts
        if team.inside_cut is not None and 1 - confidence < team.inside_cut < confidence
    )


def _place(
    team: TeamFacts, facts: Sequence[TeamFacts], *, keep: int, ties: Ties | None
) -> Place:
    known = [other for other in facts if other.total is not None]
    ahead = [other for other in known if _total(other) > _total(team)]
    level = [other for other in known if _total(other) == _total(team)]
    if len(ahead) >= keep:
        return Place.OUTSIDE
    if len(ahead) + len(level) <= keep:
        return Place.INSIDE
    return _broken_tie(team, level, left=keep - len(ahead), ties=ties)


def _broken_tie(
    team: TeamFacts, level: Sequence[TeamFacts], *, left: int, ties: Ties | None
) -> Place:
    if ties is None:
        raise PolicyMissing(
            f"{len(level)} teams are level at the cut with {team.total} points",
            remedy="the rulebook needs [ties]: no rule says who of them stays",
        )
    if any(points is None for other in level for points in other.tie_break):
        return Place.OPEN
    ahead = sum(1 for other in level if _break_points(other) > _break_points(team))
    equal = sum(1 for other in level if _break_points(other) == _break_points(team))
    if ahead + equal <= left:
        return Place.INSIDE
    if ahead >= left:
        return Place.OUTSIDE
    return Place.INSIDE if ties.on_full_tie is FullTie.ALL_ADVANCE else Place.OPEN


def _total(team: TeamFacts) -> Decimal:
    assert team.total is not None  # callers filter: unknown totals have no place
    return team.total


def _break_points(team: TeamFacts) -> tuple[Decimal, ...]:
    return tuple(points for points in team.tie_break if points is not None)
