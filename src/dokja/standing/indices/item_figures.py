"""Cost, tokens and time of items, on weights that every model shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import DiffusionMeasure, DiffusionRule
from dokja.standing.indices.figures import DiffusionEvidence, Figure, Found
from dokja.standing.indices.values import CostMeasurement
from dokja.standing.indices.words import (
    NO_ITEM_ROWS,
    NOTHING_SOLVED,
    OTHER_ITEMS,
    REFERENCE_LACKS,
    incomplete_rows,
)
from dokja.statistics.bayesian_bootstrap import Draws, expanded_interval, unbiased
from dokja.statistics.clustered import ClusterIndex, Scores, cluster_index
from dokja.statistics.weighted_items import ItemDraws, item_draws, quantile

LEVELS = (0.5, 0.95)
TOKENS = (DiffusionMeasure.TOKENS_MEDIAN, DiffusionMeasure.TOKENS_P95)
LATENCY = (DiffusionMeasure.LATENCY_MEDIAN, DiffusionMeasure.LATENCY_P95)
ITEM_MEASURES = (DiffusionMeasure.COST_PER_SOLVED, *TOKENS, *LATENCY)


@dataclass(frozen=True, eq=False)
class _Columns:
    """A model's measurements by item, None where an item lacks one."""

    score: Scores | None
    cost: Scores | None
    tokens: Scores | None
    seconds: Scores | None
    gaps: Mapping[str, int]


def item_figures(
    rule: DiffusionRule,
    evidence: Sequence[DiffusionEvidence],
    *,
    rules: str,
    beacon: str,
) -> dict[str, dict[DiffusionMeasure, Found]]:
    """Every model's figures from items, or why there are none.

    All are held to the items of the reference: a cost on easier questions
    would say nothing. Raises: InvalidInput where a row cannot be true.
    """
    reference = next(each for each in evidence if each.subject == rule.reference)
    if not reference.items:
        return {
            e.subject: dict.fromkeys(ITEM_MEASURES, REFERENCE_LACKS) for e in evidence
        }
    rows = {each.subject: _by_item(each) for each in evidence}
    names = sorted(rows[rule.reference])
    clusters = cluster_index([rows[rule.reference][name].cluster for name in names])
    given: dict[str, _Columns] = {}
    found: dict[str, dict[DiffusionMeasure, Found]] = {}
    for each in evidence:
        reason = _why_not(rows[each.subject], rows[rule.reference])
        if reason is None:
            own = rows[each.subject]
            given[each.subject] = _columns([own[name] for name in names])
        else:
            found[each.subject] = dict.fromkeys(ITEM_MEASURES, reason)
    seed = seed_for(rules, "diffusion/items", beacon)
    sources = {each.subject: each.source for each in evidence}
    for subject, columns in given.items():
        found[subject] = _figures(rule, columns, clusters, seed, sources[subject])
    return found


def _by_item(evidence: DiffusionEvidence) -> dict[str, CostMeasurement]:
    rows = {row.item: row for row in evidence.items}
    if len(rows) < len(evidence.items):
        raise InvalidInput(
            f"{evidence.subject}: an item stands twice among its measurements",
            remedy="give each item one row; sum or mean repeats beforehand",
        )
    for row in evidence.items:
        figures = (row.cost, row.input_tokens, row.output_tokens, row.seconds)
        below = any(value is not None and not value >= 0 for value in figures)
        if below or (row.score is not None and not 0 <= row.score <= 1):
            raise InvalidInput(
                f"{evidence.subject}, item {row.item}: a figure is below 0, or the "
                "score outside 0 to 1",
                remedy="correct the row; a figure that was not measured is null",
            )
    return rows


def _why_not(
    own: Mapping[str, CostMeasurement], reference: Mapping[str, CostMeasurement]
) -> Text | None:
    if not own:
        return NO_ITEM_ROWS
    same = own.keys() == reference.keys() and all(
        own[name].cluster == reference[name].cluster for name in own
    )
    return None if same else OTHER_ITEMS


def _columns(rows: Sequence[CostMeasurement]) -> _Columns:
    tokens: list[float | None] = [
        None
        if row.input_tokens is None or row.output_tokens is None
        else row.input_tokens + row.output_tokens
        for row in rows
    ]
    columns: dict[str, list[float | None]] = {
        "score": [row.score for row in rows],
        "cost": [row.cost for row in rows],
        "tokens": tokens,
        "seconds": [row.seconds for row in rows],
    }
    gaps = {
        name: sum(1 for value in column if value is None)
        for name, column in columns.items()
    }
    whole = {
        name: None if gaps[name] else np.array(column, dtype=np.float64)
        for name, column in columns.items()
    }
    return _Columns(
        whole["score"], whole["cost"], whole["tokens"], whole["seconds"], gaps
    )


def _figures(
    rule: DiffusionRule,
    columns: _Columns,
    clusters: ClusterIndex,
    seed: int,
    source: str,
) -> dict[DiffusionMeasure, Found]:
    """Figures of one model; the seed, and so the weights, are those of all."""
    ranked = {
        name: column
        for name, column in (("tokens", columns.tokens), ("seconds", columns.seconds))
        if column is not None
    }
    solved = columns.score is not None and columns.cost is not None
    summed = [c for c in (columns.cost, columns.score) if solved and c is not None]
    empty = np.zeros((clusters.items, 0))
    drawn = item_draws(
        seed,
        clusters,
        summed=np.column_stack(summed) if summed else empty,
        ranked=np.column_stack(list(ranked.values())) if ranked else empty,
        levels=LEVELS,
        draws=rule.draws,
    )
    found: dict[DiffusionMeasure, Found] = {
        DiffusionMeasure.COST_PER_SOLVED: _cost(columns, clusters, drawn, rule, source)
    }
    for name, measures in (("tokens", TOKENS), ("seconds", LATENCY)):
        for place, measure in enumerate(measures):
            if name not in ranked:
                found[measure] = incomplete_rows(columns.gaps[name])
                continue
            quantiles = drawn.quantiles[:, list(ranked).index(name), place]
            method = f"{name}-per-item/quantile={LEVELS[place]:g}"
            found[measure] = _figure(
                quantile(ranked[name], LEVELS[place]),
                quantiles,
                clusters,
                f"{method}/{{bootstrap}}",
                source,
            )
    return found


def _cost(
    columns: _Columns,
    clusters: ClusterIndex,
    drawn: ItemDraws,
    rule: DiffusionRule,
    source: str,
) -> Found:
    """Sum of costs over sum of scores: what a solved item costs, failures paid."""
    if columns.cost is None or columns.score is None:
        return incomplete_rows(max(columns.gaps["cost"], columns.gaps["score"]))
    if not columns.score.sum() > 0:
        return NOTHING_SOLVED
    value = float(columns.cost.sum()) / float(columns.score.sum())
    return _figure(
        value,
        drawn.sums[:, 0] / drawn.sums[:, 1],
        clusters,
        f"cost-per-solved/ratio-of-sums/{rule.currency}/{{bootstrap}}",
        source,
    )


def _figure(
    value: float, drawn: Draws, clusters: ClusterIndex, method: str, source: str
) -> Figure:
    """The figure with draws spread, by shares, for what few clusters understate."""
    bootstrap = (
        f"bayesian-bootstrap/items-by-cluster/shared/expanded-percentile/{len(drawn)}"
    )
    low = high = None
    freedom = clusters.groups - 1
    if value > 0 and drawn.min() > 0:
        drawn = np.exp(unbiased(np.log(drawn), np.log(value), units=clusters.groups))
    if freedom > 0:
        low, high = expanded_interval(drawn, freedom=freedom)
    return Figure(
        Estimate(
            value=value,
            low=low,
            high=high,
            n=clusters.items,
            method=method.format(bootstrap=bootstrap),
            source=source,
        ),
        drawn,
        freedom=float(freedom),
    )
