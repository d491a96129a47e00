"""The published facts as constraints on roles: no team name gets past here."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from dokja.errors import InvalidInput
from dokja.independence.values import FindingResult
from dokja.programme.values import Rulebook
from dokja.replay.published import require_same_parts
from dokja.replay.values import TOTAL, PublishedStage
from dokja.standing.bounds import (
    Constraint,
    intersect,
    mean_bounds,
    rest_bounds,
    shown_bounds,
    sum_bounds,
)
from dokja.standing.values import Bounds


class Constraints(msgspec.Struct, frozen=True, kw_only=True):
    """What every completion must meet.

    `known`, `highest` and `means` are keyed by part of the score: component,
    category or total. `complete` are the roles all of whose points are known.
    """

    roles: tuple[str, ...]
    complete: tuple[str, ...]
    lowest: str
    categories: dict[str, tuple[str, ...]]
    """Category to its components."""
    known: dict[str, dict[str, Decimal]]
    """Role to part to published points."""
    highest: dict[str, Decimal]
    """Most points anybody has in a part."""
    means: dict[str, Decimal]
    """Published mean of a part, at the decimals it was shown with."""
    gates: dict[str, dict[str, FindingResult]]
    """Role to gate to announced finding."""

    def open_roles(self) -> tuple[str, ...]:
        """Roles with points that were not published."""
        return tuple(role for role in self.roles if role not in self.complete)

    def others(self, part: str) -> Bounds:
        """Bounds of the sum of a part over the open roles."""
        known = [shown_bounds(self.known[role][part]) for role in self.complete]
        return rest_bounds(
            shown_bounds(self.means[part]), count=len(self.roles), known=known
        )


def constraints_of(published: PublishedStage, rulebook: Rulebook) -> Constraints:
    """The constraints that the published facts put on the roles.

    Raises: InvalidInput where a figure names no part of the rulebook, where
    a category or total lacks a mean, so that nothing bounds it, or where the
    lowest team's points are all known, so that nothing is left to draw.
    """
    require_same_parts(published, rulebook)
    role = {team.id: team.role for team in published.teams}
    categories = {c.id: tuple(p.id for p in c.components) for c in rulebook.categories}
    parts = {*categories, TOTAL}
    known: dict[str, dict[str, Decimal]] = {r: {} for r in role.values()}
    for score in published.scores:
        known[role[score.team]][score.part] = score.value
    means = {mean.part: mean.value for mean in published.means}
    missing = parts - set(means)
    if missing:
        raise InvalidInput(
            f"no mean was given for {', '.join(sorted(missing))}",
            remedy="a completion needs the published mean of every category",
        )
    gates: dict[str, dict[str, FindingResult]] = {r: {} for r in role.values()}
    for finding in published.findings:
        gates[role[finding.team]][finding.gate] = finding.result
    complete = tuple(r for r in role.values() if parts <= set(known[r]))
    lowest = role[published.ranking.lowest]
    if lowest in complete:
        raise InvalidInput(
            f"every total down to the lowest, {published.ranking.lowest}, is published",
            remedy="nothing is left to draw; decide the stage from its scores",
        )
    return Constraints(
        roles=tuple(role.values()),
        complete=complete,
        lowest=lowest,
        categories=categories,
        known=known,
        highest=_highest(published, rulebook),
        means=means,
        gates=gates,
    )


def bounds_of_others(constraints: Constraints) -> dict[str, Bounds]:
    """Per category and in total: bounds of the sum over the open roles.

    The total must meet both its own mean and the sum of the categories.
    Raises: InvalidInput where the two exclude each other.
    """
    found = {part: constraints.others(part) for part in constraints.categories}
    found[TOTAL] = intersect(
        [
            Constraint(
                fact=f"the mean total {constraints.means[TOTAL]}",
                bounds=constraints.others(TOTAL),
            ),
            Constraint(
                fact="the sum of the category means",
                bounds=sum_bounds(list(found.values())),
            ),
        ]
    )
    return found


def lowest_total_at_most(constraints: Constraints) -> Decimal:
    """Most points the lowest of the open roles can have in total."""
    total = bounds_of_others(constraints)[TOTAL]
    return mean_bounds(total, count=len(constraints.open_roles())).high


def _highest(published: PublishedStage, rulebook: Rulebook) -> dict[str, Decimal]:
    highest = {category.id: category.points for category in rulebook.categories}
    highest |= {part.id: part.points for part in rulebook.components()}
    for lead in published.leads:
        value = published.score(lead.teams[0], lead.part)
        if value is not None:
            highest[lead.part] = value
    return highest
