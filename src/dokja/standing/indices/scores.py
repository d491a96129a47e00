"""The scores an index is made of: every model's answers to one benchmark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.standing.indices.words import NOT_RUN
from dokja.statistics.bayesian_bootstrap import (
    Draws,
    expanded_interval,
    satterthwaite,
    shared_shares,
    unbiased,
)
from dokja.statistics.clustered import ClusterIndex, Scores, item_means
from dokja.statistics.item_noise import MeanNoise, mean_noise, settled
from dokja.statistics.proportion import rate_draws


@dataclass(frozen=True, eq=False, kw_only=True)
class BenchmarkScores:
    """Scores of every model that took a benchmark, on the same items in one order."""

    benchmark: str
    chance: float
    ceiling: float
    """1 less the known share of wrong answer keys."""
    clusters: ClusterIndex
    scores: Mapping[str, Scores]
    """By team or reference model: (n,), asked once, or (n, K); 0 to 1."""
    source: str
    """Engine, suite and version."""
    missing: Mapping[str, Text] = field(default_factory=dict)
    """Why a model has no scores here."""

    def __post_init__(self) -> None:
        """Refuses scores that cannot be compared or normalised."""
        if not 0 <= self.chance < self.ceiling <= 1:
            raise InvalidInput(
                f"{self.benchmark}: chance {self.chance} and ceiling {self.ceiling}",
                remedy="give 0 <= chance < ceiling <= 1",
            )
        for model, given in sorted(self.scores.items()):
            if given.ndim not in (1, 2) or len(given) != self.clusters.items:
                raise InvalidInput(
                    f"{self.benchmark}: {model} has scores of shape {given.shape} for "
                    f"{self.clusters.items} items",
                    remedy="give each model a score for every item, in one order; "
                    "leave a model with gaps out and say why in `missing`",
                )
            if not (np.isfinite(given).all() and given.min() >= 0 and given.max() <= 1):
                raise InvalidInput(
                    f"{self.benchmark}: {model} has scores outside 0 to 1",
                    remedy="scale the scores; a missing one is no NaN",
                )

    @property
    def span(self) -> float:
        """From chance to the ceiling."""
        return self.ceiling - self.chance

    def noise(self, model: str) -> MeanNoise:
        """The model's mean score with the variances of its two noises."""
        return mean_noise(self.scores[model], self.clusters)

    def why_missing(self, model: str) -> Text:
        """Why the model has no scores here."""
        return self.missing.get(model, NOT_RUN)


@dataclass(frozen=True, eq=False)
class SharedDraws:
    """Bootstrap draws of mean scores; on one benchmark all models share the weights."""

    means: Mapping[tuple[str, str], Draws]
    """(benchmark, model) to (draws,) mean scores, not normalised."""
    freedom: Mapping[str, int]
    """Benchmark to its clusters less one."""
    draws: int


def shared_draws(
    benchmarks: Sequence[BenchmarkScores], *, rules: str, beacon: str, draws: int
) -> SharedDraws:
    """Draws of every model on every benchmark, from seeds bound to rules and beacon.

    Spread for what reweighting understates with few clusters. Where no item of
    a model differs from another, reweighting moves nothing, and the draws
    spread as the posterior of such a rate does.
    """
    means: dict[tuple[str, str], Draws] = {}
    for each in benchmarks:
        seed = seed_for(rules, f"indices/{each.benchmark}", beacon)
        for model, drawn in _benchmark_draws(each, seed, draws).items():
            means[each.benchmark, model] = drawn
    freedom = {each.benchmark: each.clusters.groups - 1 for each in benchmarks}
    return SharedDraws(means, freedom, draws)


def _benchmark_draws(each: BenchmarkScores, seed: int, draws: int) -> dict[str, Draws]:
    models = sorted(each.scores)
    groups = each.clusters.groups
    sums = np.zeros((groups, len(models)))
    for place, model in enumerate(models):
        sums[:, place] = np.bincount(
            each.clusters.codes,
            weights=item_means(each.scores[model])[0],
            minlength=groups,
        )
    shares = shared_shares(seed, sums, each.clusters.sizes, draws=draws)
    found = {}
    for place, model in enumerate(models):
        value = float(sums[:, place].sum()) / each.clusters.items
        if settled(each.scores[model]):
            own_seed = seed_for(str(seed), model)
            middle = (groups * value + 0.5) / (groups + 1)
            drawn = rate_draws(own_seed, value, groups, draws=draws)
            found[model] = value + drawn - middle
        else:
            found[model] = unbiased(shares[:, place], value, units=groups)
    return found


def summed_interval(
    parts: Mapping[str, Draws], freedom: Mapping[str, int]
) -> tuple[Draws, float | None, float | None]:
    """(draws,) sum of independent parts by benchmark, with its 95 % interval.

    No interval where a part has a single cluster, which shows no error.
    """
    names = sorted(parts)
    total: Draws = np.zeros(len(parts[names[0]]))
    for name in names:
        total += parts[name]
    if min(freedom[name] for name in names) < 1:
        return total, None, None
    degrees = satterthwaite(
        np.array([parts[name].var() for name in names]),
        np.array([float(freedom[name]) for name in names]),
    )
    low, high = expanded_interval(total, freedom=degrees)
    return total, low, high
