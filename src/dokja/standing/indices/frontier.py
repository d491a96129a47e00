"""AI Frontier Index: weighted means of normalised scores, with their two noises.

F = 100 sum_c w_c mean_(b in c) u_b with u = (s - chance) / (ceiling - chance),
never clipped, and Var(F) = 100^2 sum_b w_b^2 SE_b^2 / (ceiling_b - chance_b)^2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import stdtrit

from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import FrontierCategory, FrontierRule
from dokja.standing.indices.scores import BenchmarkScores
from dokja.standing.indices.values import (
    BenchmarkIndex,
    CategoryIndex,
    FrontierIndex,
)
from dokja.standing.indices.words import (
    ASKED_ONCE,
    NO_ERROR,
    NOTHING_DECLARED,
    missing_benchmarks,
)
from dokja.statistics.bayesian_bootstrap import satterthwaite
from dokja.statistics.item_noise import MeanNoise

METHOD = "frontier/{noise}/clustered/satterthwaite-t={freedom:.4g}/B={count}/0.95"


@dataclass(frozen=True, eq=False, kw_only=True)
class FrontierEvidence:
    """What a Frontier Index is computed from."""

    teams: tuple[str, ...]
    benchmarks: Mapping[str, BenchmarkScores]
    declared: Mapping[str, tuple[str, ...]]
    """Team to the benchmarks it declared before its seal."""

    def counted(self, category: FrontierCategory, team: str) -> tuple[str, ...]:
        """Benchmarks of the category that count for the team."""
        if not category.team_chosen:
            return category.benchmarks
        chosen = self.declared.get(team, ())
        return tuple(name for name in category.benchmarks if name in chosen)

    def has(self, benchmark: str, model: str) -> bool:
        """Whether the model has scores on the benchmark."""
        found = self.benchmarks.get(benchmark)
        return found is not None and model in found.scores


@dataclass(frozen=True)
class _Term:
    """One benchmark's part in an index: 100 w / span times a mean score."""

    scores: BenchmarkScores
    noise: MeanNoise
    weight: float

    @property
    def factor(self) -> float:
        return 100.0 * self.weight / self.scores.span

    @property
    def value(self) -> float:
        return self.factor * (self.noise.mean - self.scores.chance)


def benchmark_weights(
    rule: FrontierRule, evidence: FrontierEvidence, team: str
) -> dict[str, float]:
    """Each benchmark's share of the team's index; they sum to 1.

    Empty where a category has no benchmark that counts for the team. Shares
    of categories are taken of those there are, which in the official rules is
    all of them.
    """
    found: dict[str, float] = {}
    for category in rule.categories:
        names = evidence.counted(category, team)
        if not names:
            return {}
        found |= dict.fromkeys(names, _share(rule, category, len(names)))
    return found


def _share(rule: FrontierRule, category: FrontierCategory, count: int) -> float:
    """Share of the index of each of `count` benchmarks of the category."""
    whole = sum((Fraction(c.weight) for c in rule.categories), Fraction(0))
    return float(Fraction(category.weight) / whole / count)


def frontier_value(
    rule: FrontierRule, evidence: FrontierEvidence, team: str
) -> float | None:
    """The index alone, None where a benchmark is missing."""
    weights = benchmark_weights(rule, evidence, team)
    if not weights or not all(evidence.has(name, team) for name in weights):
        return None
    terms = (_term(evidence, name, team, weights[name]) for name in weights)
    return math.fsum(term.value for term in terms)


def frontier_index(
    rule: FrontierRule, evidence: FrontierEvidence, team: str
) -> FrontierIndex:
    """The team's index with its parts; None with the reason, never a 0."""
    weights = benchmark_weights(rule, evidence, team)
    categories = tuple(_category(c, rule, evidence, team) for c in rule.categories)
    missing = tuple(name for name in weights if not evidence.has(name, team))
    reason = missing_benchmarks(missing) if missing else None
    if not weights:
        reason = NOTHING_DECLARED
    if reason is not None:
        return FrontierIndex(
            team=team,
            index=None,
            item_noise=None,
            run_noise=None,
            categories=categories,
            reason=reason,
        )
    terms = [_term(evidence, name, team, weights[name]) for name in weights]
    asked_again = all(term.noise.repeats > 1 for term in terms)
    return FrontierIndex(
        team=team,
        index=_estimate(terms, "items+run"),
        item_noise=_estimate(terms, "items") if asked_again else None,
        run_noise=_estimate(terms, "run") if asked_again else None,
        categories=categories,
        noise_reason=_noise_reason(terms, asked_again=asked_again),
    )


def _term(
    evidence: FrontierEvidence, benchmark: str, team: str, weight: float
) -> _Term:
    scores = evidence.benchmarks[benchmark]
    return _Term(scores, scores.noise(team), weight)


def _noise_reason(terms: Sequence[_Term], *, asked_again: bool) -> Text | None:
    if any(term.noise.variance is None for term in terms):
        return NO_ERROR
    return None if asked_again else ASKED_ONCE


def _category(
    category: FrontierCategory,
    rule: FrontierRule,
    evidence: FrontierEvidence,
    team: str,
) -> CategoryIndex:
    names = evidence.counted(category, team)
    known = bool(names) and all(evidence.has(name, team) for name in names)
    terms = [_term(evidence, n, team, 1 / len(names)) for n in names if known]
    return CategoryIndex(
        category=category.id,
        weight=category.weight,
        value=_estimate(terms, "items+run") if known else None,
        benchmarks=tuple(
            _benchmark(evidence, name, team, _share(rule, category, len(names)))
            for name in names
        ),
    )


def _benchmark(
    evidence: FrontierEvidence, benchmark: str, team: str, weight: float
) -> BenchmarkIndex:
    if not evidence.has(benchmark, team):
        found = evidence.benchmarks.get(benchmark)
        return BenchmarkIndex(
            benchmark=benchmark,
            weight=weight,
            score=None,
            reason=found.why_missing(team)
            if found
            else missing_benchmarks((benchmark,)),
        )
    term = _term(evidence, benchmark, team, 1.0)
    return BenchmarkIndex(
        benchmark=benchmark, weight=weight, score=_estimate([term], "items+run")
    )


def _estimate(terms: Sequence[_Term], noise: str) -> Estimate:
    """Weighted sum of the terms with the interval of one kind of noise."""
    value = math.fsum(term.value for term in terms)
    sources = "; ".join(sorted({term.scores.source for term in terms}))
    items = sum(term.noise.items for term in terms)
    variances = [_variance(term.noise, noise) for term in terms]
    known = [v for v in variances if v is not None]
    if len(known) < len(variances):
        method = f"frontier/B={len(terms)}"
        return Estimate(
            value=value, low=None, high=None, n=items, method=method, source=sources
        )
    scaled = np.array([t.factor**2 * v for t, v in zip(terms, known, strict=True)])
    freedoms = [
        t.noise.run_freedom if noise == "run" else t.noise.freedom for t in terms
    ]
    freedom = satterthwaite(scaled, np.array(freedoms, dtype=np.float64))
    reach = float(stdtrit(freedom, 0.975)) * math.sqrt(float(scaled.sum()))
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        n=items,
        method=METHOD.format(noise=noise, freedom=freedom, count=len(terms)),
        source=sources,
    )


def _variance(found: MeanNoise, noise: str) -> float | None:
    if noise == "run":
        return found.run
    return found.item if noise == "items" else found.variance
