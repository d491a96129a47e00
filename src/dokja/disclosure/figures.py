"""The figures of a standing, and which of them the rules open."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dokja.disclosure.values import TOTAL
from dokja.programme.values import Audience, Rulebook
from dokja.standing.values import Standing, TeamStanding

BEST, MEAN, OWN = "best_scores", "mean_scores", "team_scores"
"""Records of the rulebook's disclosures."""
LEAST_HIDDEN = 3
"""Hidden scores that a sum must cover: whoever knows one of two knows the other."""


@dataclass(frozen=True)
class Figure:
    """One figure of one team."""

    team: str
    figure: str
    points: Decimal


def figures_of(standing: Standing) -> Iterator[Figure]:
    """Every figure of every team, by team."""
    for team in sorted(standing.teams, key=lambda t: t.team):
        yield from figures_of_team(team)


def figures_of_team(team: TeamStanding) -> Iterator[Figure]:
    """What was measured; a score that is missing is not a zero, and not there."""
    for category in team.categories:
        if category.points is not None:
            yield Figure(team.team, category.category, category.points)
        for part in category.components:
            if part.points is not None and part.component != category.category:
                yield Figure(team.team, part.component, part.points)
    if team.total is not None:
        yield Figure(team.team, TOTAL, team.total)


def shows(rulebook: Rulebook, record: str, audience: Audience) -> bool:
    """Whether the rules show the record to the audience."""
    wider = {audience, Audience.PUBLIC}
    return any(
        rule.record == record and rule.audience in wider
        for rule in rulebook.disclosures
    )


def opened_to_all(rulebook: Rulebook, figures: Sequence[Figure]) -> frozenset[Figure]:
    """Figures that everybody sees: all of them, or the highest of each."""
    if shows(rulebook, OWN, Audience.PUBLIC):
        return frozenset(figures)
    if not shows(rulebook, BEST, Audience.PUBLIC):
        return frozenset()
    return best_of(figures)


def best_of(figures: Sequence[Figure]) -> frozenset[Figure]:
    """The highest of each figure; level ones all."""
    best: dict[str, Decimal] = {}
    for each in figures:
        best[each.figure] = max(each.points, best.get(each.figure, each.points))
    return frozenset(each for each in figures if each.points == best[each.figure])


def hidden_in(mine: Sequence[Figure], opened: Collection[Figure]) -> int:
    """How many scores of a figure its mean would show; 0 where it may be published."""
    hidden = sum(each not in opened for each in mine)
    return hidden if 0 < hidden < LEAST_HIDDEN else 0
