"""The standing: points, totals, ranks, and how sure the order is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from dokja.evidence.values import Estimate, Text, quantise
from dokja.programme.values import Category, Component, Index, RankCut, Rulebook
from dokja.standing.draws import ShareDraws
from dokja.standing.measured import Measured
from dokja.standing.points import component_share, points_of
from dokja.standing.targets import target_attainments
from dokja.standing.values import (
    CategoryScore,
    ComponentScore,
    IndexScore,
    Standing,
    TeamStanding,
)
from dokja.statistics.bayesian_bootstrap import Draws, percentile_interval
from dokja.statistics.proportion import drawn_share


def compute_standing(
    rulebook: Rulebook, measured: Measured, *, cut: RankCut, draws: ShareDraws
) -> Standing:
    """Every team's points, total, rank and rank probabilities, best first."""
    categories = {
        team: tuple(
            _category_score(rulebook, category, team, draws)
            for category in rulebook.categories
        )
        for team in measured.teams
    }
    totals = {team: _total(scores) for team, scores in categories.items()}
    known = sorted(team for team, total in totals.items() if total is not None)
    total_draws = {team: _total_draws(rulebook, team, draws) for team in known}
    ranks = _rank_draws(total_draws) if len(known) == len(totals) else {}
    teams = [
        TeamStanding(
            team=team,
            total=totals[team],
            total_interval=_interval(
                rulebook, team, totals[team], total_draws.get(team), draws
            ),
            rank=_rank(totals, team),
            rank_probability=_probabilities(ranks.get(team), len(totals)),
            inside_cut=_inside(ranks.get(team), cut, draws),
            categories=categories[team],
            indices=tuple(
                _index_score(rulebook, index, categories[team])
                for index in rulebook.indices
            ),
            targets=target_attainments(rulebook, measured, team, draws),
        )
        for team in measured.teams
    ]
    return Standing(
        stage=cut.stage,
        teams=tuple(sorted(teams, key=_best_first)),
        method=draws.method,
    )


def _category_score(
    rulebook: Rulebook, category: Category, team: str, draws: ShareDraws
) -> CategoryScore:
    parts = tuple(
        _component_score(rulebook, component, team, draws)
        for component in category.components
    )
    return CategoryScore(
        category=category.id,
        points=_sum([part.points for part in parts]),
        possible=category.points,
        components=parts,
    )


def _component_score(
    rulebook: Rulebook, component: Component, team: str, draws: ShareDraws
) -> ComponentScore:
    share = component_share(draws.measured, component, team)
    if share is None:
        return ComponentScore(
            component=component.id,
            points=None,
            possible=component.points,
            share=None,
            reason=Text(
                ko="평가 자료가 모두 갖추어지지 않음",
                en="The evidence this component rests on is incomplete.",
            ),
        )
    low, high = percentile_interval(draws.component(component, team))
    return ComponentScore(
        component=component.id,
        points=points_of(share, component, places=_places(rulebook)),
        possible=component.points,
        share=Estimate(
            value=float(share),
            low=low,
            high=high,
            n=_observations(draws.measured, component, team),
            method=draws.method,
            source=component.measure.value,
        ),
    )


def _observations(measured: Measured, component: Component, team: str) -> int:
    if component.measure == "panel_mean":
        return sum(1 for sheet in measured.panel.sheets if sheet.team == team)
    if component.measure == "ballot_mean":
        return sum(1 for b in measured.ballot_box.ballots if b.team == team)
    suites = measured.suites_for(component, team)
    return sum(len(measured.suites[suite].items) for suite in suites)


def _total_draws(rulebook: Rulebook, team: str, draws: ShareDraws) -> Draws:
    total: Draws = np.zeros(draws.draws)
    for component in rulebook.components():
        total += float(component.points) * draws.component(component, team)
    return total


def _rank_draws(totals: Mapping[str, Draws]) -> dict[str, Draws]:
    """(draws,) rank of each team; level teams share the better rank."""
    stacked = np.stack(list(totals.values()))
    ranks: dict[str, Draws] = {}
    for team, own in totals.items():
        ranks[team] = np.asarray(1 + (stacked > own).sum(axis=0), dtype=np.float64)
    return ranks


def _probabilities(ranks: Draws | None, teams: int) -> tuple[float, ...]:
    if ranks is None:
        return ()
    return tuple(float(np.mean(ranks == rank)) for rank in range(1, teams + 1))


def _inside(ranks: Draws | None, cut: RankCut, draws: ShareDraws) -> Estimate | None:
    if ranks is None:
        return None
    return drawn_share(
        float(np.mean(ranks <= cut.keep)),
        draws.draws,
        method=draws.method,
        source=f"rank <= {cut.keep}",
    )


def _interval(
    rulebook: Rulebook,
    team: str,
    total: Decimal | None,
    drawn: Draws | None,
    draws: ShareDraws,
) -> Estimate | None:
    if total is None or drawn is None:
        return None
    low, high = percentile_interval(drawn)
    return Estimate(
        value=float(total),
        low=low,
        high=high,
        n=sum(
            _observations(draws.measured, component, team)
            for component in rulebook.components()
        ),
        method=draws.method,
        source="items, expert sheets and ballots that count for the team",
    )


def _index_score(
    rulebook: Rulebook, index: Index, categories: Sequence[CategoryScore]
) -> IndexScore:
    scores = {part.component: part for c in categories for part in c.components}
    won = _sum(
        [
            None if points is None else points * part.share
            for part in index.parts
            for points in [scores[part.component].points]
        ]
    )
    possible = sum(
        (scores[p.component].possible * p.share for p in index.parts), Decimal(0)
    )
    value = None if won is None else 100 * won / possible
    return IndexScore(
        index=index.id,
        value=None if value is None else quantise(value, places=_places(rulebook)),
    )


def _total(categories: Sequence[CategoryScore]) -> Decimal | None:
    return _sum([category.points for category in categories])


def _sum(points: Sequence[Decimal | None]) -> Decimal | None:
    known = [value for value in points if value is not None]
    return sum(known, Decimal(0)) if len(known) == len(points) else None


def _rank(totals: Mapping[str, Decimal | None], team: str) -> int | None:
    own = totals[team]
    known = [total for total in totals.values() if total is not None]
    if own is None or len(known) < len(totals):
        return None
    return 1 + sum(1 for total in known if total > own)


def _places(rulebook: Rulebook) -> int:
    assert rulebook.rounding is not None  # parse_rulebook refuses its absence
    return rulebook.rounding.component_places


def _best_first(team: TeamStanding) -> tuple[bool, Decimal, str]:
    return (team.total is None, -(team.total or Decimal(0)), team.team)
