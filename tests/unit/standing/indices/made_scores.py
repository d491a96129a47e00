"""Scores made by rule for the tests of the indices, seeded and by role labels."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import numpy as np
from scipy.special import expit, ndtri

from dokja.evidence.seeds import uniform_draws
from dokja.evidence.values import Text
from dokja.programme.index_rules import FrontierCategory, FrontierRule
from dokja.standing.indices.frontier import FrontierEvidence
from dokja.standing.indices.scores import BenchmarkScores
from dokja.statistics.clustered import ClusterIndex, Scores, single_items

NAME = Text(ko="시험", en="test")


def category(
    name: str, weight: str, *benchmarks: str, team_chosen: bool = False
) -> FrontierCategory:
    """A category of the rules."""
    return FrontierCategory(
        id=name,
        name=NAME,
        weight=Decimal(weight),
        benchmarks=benchmarks,
        team_chosen=team_chosen,
    )


def rule(*categories: FrontierCategory) -> FrontierRule:
    """A Frontier rule of these categories."""
    return FrontierRule(categories=categories)


def right(of: int, count: int) -> Scores:
    """(count,) scores of which the first `of` are right."""
    found = np.zeros(count)
    found[:of] = 1.0
    return found


def benchmark(
    name: str,
    scores: Mapping[str, Scores],
    *,
    chance: float = 0.0,
    ceiling: float = 1.0,
    clusters: ClusterIndex | None = None,
) -> BenchmarkScores:
    """A benchmark whose items stand alone unless clusters are given."""
    count = len(next(iter(scores.values())))
    return BenchmarkScores(
        benchmark=name,
        chance=chance,
        ceiling=ceiling,
        clusters=clusters or single_items(count),
        scores=scores,
        source=f"made; {name}",
    )


def evidence(
    teams: tuple[str, ...],
    *benchmarks: BenchmarkScores,
    declared: Mapping[str, tuple[str, ...]] | None = None,
) -> FrontierEvidence:
    """The evidence of these teams."""
    return FrontierEvidence(
        teams=teams,
        benchmarks={each.benchmark: each for each in benchmarks},
        declared=declared or {},
    )


def answers(seed: int, chances: Scores) -> Scores:
    """Right or wrong by the probabilities given, of any shape."""
    drawn = uniform_draws(seed, chances.size).reshape(chances.shape)
    return (drawn < chances).astype(np.float64)


def easiness(seed: int, clusters: ClusterIndex, *, related: float = 0.7) -> Scores:
    """(n,) logits of how easy items are; those of a cluster are alike."""
    shared = ndtri(uniform_draws(seed, clusters.groups))[clusters.codes]
    own = ndtri(uniform_draws(seed + 1, clusters.items))
    found: Scores = np.sqrt(related) * shared + np.sqrt(1 - related) * own
    return found


def expected(skill: float) -> float:
    """Mean chance of being right over items of standard normal easiness."""
    nodes = ndtri((np.arange(20_000) + 0.5) / 20_000)
    return float(expit(skill + nodes).mean())


def simulated(
    seed: int, skills: Mapping[str, float], design: tuple[tuple[str, int, int], ...]
) -> tuple[BenchmarkScores, ...]:
    """Benchmarks by (name, clusters, items a cluster), drawn anew for the seed.

    Teams meet the same easy and hard items; a passage lies to one team more
    than to another.
    """
    made = []
    for place, (name, groups, size) in enumerate(design):
        codes = np.repeat(np.arange(groups), size)
        clusters = ClusterIndex(codes, np.full(groups, float(size)))
        own = 1000 * seed + 100 * place
        shared = easiness(own, clusters)
        scores = {}
        for number, (team, skill) in enumerate(skills.items()):
            taste = ndtri(uniform_draws(own + 10 + number, groups))[codes]
            scores[team] = answers(
                own + 50 + number, expit(skill + 0.8 * shared + 0.6 * taste)
            )
        made.append(
            benchmark(name, scores, chance=0.25, ceiling=0.98, clusters=clusters)
        )
    return tuple(made)


def true_index(skill: float) -> float:
    """The Frontier Index of a skill in `simulated`, over all items there could be."""
    return 100 * (expected(skill) - 0.25) / 0.73
