"""The teams on a latent scale of the ECI's kind, where there is enough to fit one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import EciRule
from dokja.standing.indices.differences import best_first, turned_round
from dokja.standing.indices.frontier import FrontierEvidence
from dokja.standing.indices.values import FrontierView, ViewKind, ViewScore
from dokja.standing.indices.views import Official
from dokja.standing.indices.words import (
    LEVEL_ANCHORS,
    NOT_SETTLED,
    VIEW_NOTES,
    few_references,
    few_scores,
    missing_anchors,
    thin_scores,
)
from dokja.statistics.capability_fit import GAUGE, CapabilityFit, capability_fit
from dokja.statistics.clustered import Mask, Scores

LEAST_SCORES = 3
"""Scores a model needs to be placed; with fewer its error is not seen."""


@dataclass(frozen=True, eq=False)
class _Table:
    """Normalised scores of models on benchmarks, where there are any."""

    models: tuple[str, ...]
    scores: Scores
    seen: Mask


def eci_view(
    rule: EciRule, evidence: FrontierEvidence, official: Official
) -> FrontierView:
    """Teams on the scale on which the two anchors have their fixed values.

    Fitted to every model with scores, teams and references alike. Without
    enough reference models, without an anchor, or where scores are too few,
    nothing is fitted and the reason stands.
    """
    table = _table(evidence)
    teams = frozenset(evidence.teams)
    places = {model: place for place, model in enumerate(table.models)}
    reason = _why_not(rule, table, teams)
    if reason is not None:
        return _view((), official, reason)
    fit = capability_fit(table.scores, table.seen, ridge=float(rule.ridge))
    if fit is None:
        return _view((), official, NOT_SETTLED)
    anchors = tuple(places[anchor.model] for anchor in rule.anchors)
    if fit.capability[anchors[0]] == fit.capability[anchors[1]]:
        return _view((), official, LEVEL_ANCHORS)
    scores = tuple(
        ViewScore(
            team=team,
            value=_placed(rule, fit, places[team], (anchors[0], anchors[1]), table),
        )
        if team in places
        else ViewScore(team=team, value=None, reason=thin_scores((team,), LEAST_SCORES))
        for team in sorted(teams)
    )
    return _view(scores, official)


def _table(evidence: FrontierEvidence) -> _Table:
    """Models with enough scores, on benchmarks that at least two of them took."""
    names = sorted(evidence.benchmarks)
    everyone = {model for name in names for model in evidence.benchmarks[name].scores}
    models = tuple(
        model
        for model in sorted(everyone)
        if sum(evidence.has(name, model) for name in names) >= LEAST_SCORES
    )
    scores = np.zeros((len(models), len(names)))
    seen = np.zeros(scores.shape, dtype=np.bool_)
    for column, name in enumerate(names):
        each = evidence.benchmarks[name]
        for row, model in enumerate(models):
            if model in each.scores:
                seen[row, column] = True
                scores[row, column] = (each.noise(model).mean - each.chance) / each.span
    taken = seen.sum(axis=0) >= 2
    return _Table(models, scores[:, taken], seen[:, taken])


def _why_not(rule: EciRule, table: _Table, teams: frozenset[str]) -> Text | None:
    references = [model for model in table.models if model not in teams]
    if len(references) < rule.least_references:
        return few_references(len(references), rule.least_references)
    absent = tuple(a.model for a in rule.anchors if a.model not in references)
    if absent:
        return missing_anchors(absent)
    thin = table.seen.sum(axis=1) < LEAST_SCORES
    if thin.any():
        names = tuple(m for m, few in zip(table.models, thin, strict=True) if few)
        return thin_scores(names, LEAST_SCORES)
    models, benchmarks = table.seen.shape
    needed = models + 2 * benchmarks - GAUGE
    found = int(table.seen.sum())
    return few_scores(found, needed + 1) if found <= needed else None


def _placed(
    rule: EciRule,
    fit: CapabilityFit,
    model: int,
    anchors: tuple[int, int],
    table: _Table,
) -> Estimate:
    values = (float(rule.anchors[0].value), float(rule.anchors[1].value))
    value, error = fit.on_scale(model, anchors, values)
    reach = float(stdtrit(fit.freedom, 0.975)) * error
    models, benchmarks = table.seen.shape
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        n=int(table.seen[model].sum()),
        method=f"eci/least-squares/ridge={rule.ridge}/models={models}/"
        f"benchmarks={benchmarks}/scores={int(table.seen.sum())}/hc3-t/0.95",
        source="normalised scores; anchors "
        + ", ".join(f"{a.model}={a.value}" for a in rule.anchors),
    )


def _view(
    scores: tuple[ViewScore, ...], official: Official, reason: Text | None = None
) -> FrontierView:
    values = {s.team: None if s.value is None else s.value.value for s in scores}
    return FrontierView(
        kind=ViewKind.ECI,
        removed=(),
        scores=scores,
        order=best_first(values),
        changes_order=turned_round(official, values),
        note=VIEW_NOTES[ViewKind.ECI],
        reason=reason,
    )
