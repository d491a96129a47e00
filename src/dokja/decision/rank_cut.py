"""Who is inside the cut by total, who is outside, and whom nothing settles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.decision.policy import PolicyMissing
from dokja.decision.values import TeamFacts
from dokja.programme.values import FullTie, LowConfidence, RankCut, TieBreak, Ties


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


def unsettled(
    facts: Sequence[TeamFacts],
    cut: RankCut,
    *,
    keep: int,
    by_total: Mapping[str, Place],
) -> frozenset[str]:
    """Teams whose probability of being inside is on neither safe side.

    Under a tie-break the data settle a team only where its total says the
    same as the probability: neither alone removes anybody.
    """
    confidence = float(cut.confidence)
    strict = cut.on_low_confidence is LowConfidence.TIE_BREAK
    found = set()
    for team in facts:
        inside = inside_probability(team, cut, keep=keep)
        if inside is None:
            continue
        if not strict:
            settled = not 1 - confidence < inside < confidence
        elif by_total[team.team] is Place.OUTSIDE:
            settled = 1 - inside >= confidence
        else:
            settled = inside >= confidence
        if not settled:
            found.add(team.team)
    return frozenset(found)


def inside_probability(team: TeamFacts, cut: RankCut, *, keep: int) -> float | None:
    """Probability of being among the best `keep`, which a withdrawal may lower."""
    if keep == cut.keep or not team.rank_probability:
        return team.inside_cut
    return sum(team.rank_probability[:keep])


def tie_broken_places(
    facts: Sequence[TeamFacts],
    by_total: Mapping[str, Place],
    contested: frozenset[str],
    *,
    by: TieBreak,
    ties: Ties | None,
) -> dict[str, Place]:
    """Places of the contested teams; the others keep theirs.

    As many of the contested teams stay as have a place by total. They are
    all open where the tie-break asks for more evidence.
    Raises: PolicyMissing where a full tie meets no tie policy.
    """
    among = [team for team in facts if team.team in contested]
    if by is TieBreak.TOTAL or not among:
        return dict(by_total)
    if by is not TieBreak.CATEGORY_ORDER:
        return dict(by_total) | dict.fromkeys(contested, Place.OPEN)
    # Whoever the totals leave open could take one of the places they leave.
    inside = [by_total[team.team] is Place.INSIDE for team in among]
    outside = [by_total[team.team] is Place.OUTSIDE for team in among]
    if sum(inside) + sum(outside) < len(among):
        return dict(by_total)
    level = [msgspec.structs.replace(team, total=Decimal(0)) for team in among]
    return dict(by_total) | places(level, keep=sum(inside), ties=ties)


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
