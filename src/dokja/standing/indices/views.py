"""The same scores looked at otherwise: views that are never the official index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import structs

from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import FrontierRule
from dokja.standing.indices.differences import (
    METHOD,
    best_first,
    index_parts,
    turned_round,
)
from dokja.standing.indices.frontier import FrontierEvidence, frontier_value
from dokja.standing.indices.scores import SharedDraws, summed_interval
from dokja.standing.indices.values import FrontierView, ViewKind, ViewScore
from dokja.standing.indices.words import (
    NO_SHARED_FIELD,
    NOTHING_LEFT,
    VIEW_NOTES,
    missing_benchmarks,
)
from dokja.statistics.bayesian_bootstrap import Draws, percentile_interval

Official = Mapping[str, float | None]


def without_each_benchmark(
    rule: FrontierRule,
    evidence: FrontierEvidence,
    draws: SharedDraws,
    official: Official,
) -> tuple[FrontierView, ...]:
    """The index without each benchmark of the rules in turn.

    A category that is left empty takes its weight along; the others share it
    in proportion.
    """
    names = [name for c in rule.categories for name in c.benchmarks]
    return tuple(
        _reweighted(
            ViewKind.BENCHMARK_LEFT_OUT,
            _without(rule, evidence, frozenset({name})),
            (evidence, draws, official),
            (name,),
        )
        for name in names
    )


def without_team_chosen(
    rule: FrontierRule,
    evidence: FrontierEvidence,
    draws: SharedDraws,
    official: Official,
) -> FrontierView:
    """The index without the categories whose benchmarks teams chose themselves."""
    kept = tuple(c for c in rule.categories if not c.team_chosen)
    removed = tuple(n for c in rule.categories if c.team_chosen for n in c.benchmarks)
    return _reweighted(
        ViewKind.TEAM_CHOSEN_REMOVED,
        dict.fromkeys(evidence.teams, structs.replace(rule, categories=kept)),
        (evidence, draws, official),
        removed,
    )


def mean_win_rate(
    evidence: FrontierEvidence, draws: SharedDraws, official: Official
) -> FrontierView:
    """Mean over benchmarks of the share of the other teams that a team beats.

    A tie is half a win. Over benchmarks that every team took; the interval is
    that of the draws. Source: P. Liang et al., Holistic Evaluation of Language
    Models, arXiv 2211.09110 (2022), head-to-head win rate.
    """
    teams = tuple(sorted(evidence.teams))
    field = tuple(
        name
        for name in sorted(evidence.benchmarks)
        if all(evidence.has(name, team) for team in teams)
    )
    if len(teams) < 2 or not field:
        return _view(ViewKind.MEAN_WIN_RATE, (), (), official, NO_SHARED_FIELD)
    means = np.array(
        [[evidence.benchmarks[n].noise(team).mean for n in field] for team in teams]
    )
    drawn = np.array([[draws.means[n, team] for n in field] for team in teams])
    beaten = _wins(means[:, :, None])[..., 0]
    spread = _wins(drawn).sum(axis=1) / (len(teams) - 1)
    items = sum(evidence.benchmarks[n].clusters.items for n in field)
    scores = tuple(
        ViewScore(
            team=team,
            value=_rate(
                float(beaten[place].sum()) / (len(teams) - 1),
                spread[place],
                items,
                f"mean-win-rate/field={len(teams)}/B={len(field)}/{draws.draws}/philox",
            ),
            without_another=_without_another(beaten[place], place),
        )
        for place, team in enumerate(teams)
    )
    return _view(ViewKind.MEAN_WIN_RATE, (), scores, official)


def _wins(means: Draws) -> Draws:
    """(teams, teams, draws) share of benchmarks on which the one beats the other.

    Args: means (teams, benchmarks, draws).
    """
    teams, benchmarks, draws = means.shape
    found: Draws = np.zeros((teams, teams, draws))
    for benchmark in range(benchmarks):
        ours, theirs = means[:, None, benchmark], means[None, :, benchmark]
        found += (ours > theirs) + 0.5 * (ours == theirs)
    for team in range(teams):
        found[team, team] = 0.0
    found /= benchmarks
    return found


def _without_another(beaten: Draws, place: int) -> tuple[float, float] | None:
    """Least and greatest win rate if one other team had stayed away."""
    others = np.delete(beaten, place)
    if len(others) < 2:
        return None
    rates = (others.sum() - others) / (len(others) - 1)
    return float(rates.min()), float(rates.max())


def _rate(value: float, drawn: Draws, items: int, method: str) -> Estimate:
    low, high = percentile_interval(drawn)
    return Estimate(
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=items,
        method=method,
        source="benchmarks that every team took",
    )


def _without(
    rule: FrontierRule, evidence: FrontierEvidence, removed: frozenset[str]
) -> dict[str, FrontierRule]:
    """Each team's rule without some benchmarks; categories left empty fall away."""
    found = {}
    for team in evidence.teams:
        smaller = (
            structs.replace(
                c, benchmarks=tuple(n for n in c.benchmarks if n not in removed)
            )
            for c in rule.categories
        )
        kept = tuple(
            c
            for c, whole in zip(smaller, rule.categories, strict=True)
            if evidence.counted(c, team) or not evidence.counted(whole, team)
        )
        found[team] = structs.replace(rule, categories=kept)
    return found


def _reweighted(
    kind: ViewKind,
    rules: Mapping[str, FrontierRule],
    given: tuple[FrontierEvidence, SharedDraws, Official],
    removed: tuple[str, ...],
) -> FrontierView:
    evidence, draws, official = given
    if all(not rules[team].categories for team in evidence.teams):
        return _view(kind, removed, (), official, NOTHING_LEFT)
    scores = tuple(
        _score(rules[team], evidence, draws, team) for team in sorted(evidence.teams)
    )
    return _view(kind, removed, scores, official)


def _score(
    rule: FrontierRule, evidence: FrontierEvidence, draws: SharedDraws, team: str
) -> ViewScore:
    value = frontier_value(rule, evidence, team)
    if value is None:
        names = (n for c in rule.categories for n in evidence.counted(c, team))
        lacking = tuple(n for n in names if not evidence.has(n, team))
        reason = missing_benchmarks(lacking) if lacking else NOTHING_LEFT
        return ViewScore(team=team, value=None, reason=reason)
    parts = index_parts(rule, evidence, draws, team)
    _, low, high = summed_interval(parts, draws.freedom)
    return ViewScore(
        team=team,
        value=Estimate(
            value=value,
            low=low,
            high=high,
            n=sum(evidence.benchmarks[name].clusters.items for name in parts),
            method=METHOD.format(draws=draws.draws),
            source=f"{len(parts)} benchmarks",
        ),
    )


def _view(
    kind: ViewKind,
    removed: tuple[str, ...],
    scores: Sequence[ViewScore],
    official: Official,
    reason: Text | None = None,
) -> FrontierView:
    values = {s.team: None if s.value is None else s.value.value for s in scores}
    return FrontierView(
        kind=kind,
        removed=removed,
        scores=tuple(scores),
        order=best_first(values),
        changes_order=turned_round(official, values),
        note=VIEW_NOTES[kind],
        reason=reason,
    )
