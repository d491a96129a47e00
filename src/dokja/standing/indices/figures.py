"""What a part of the Diffusion Index rests on: a figure, or why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import DiffusionMeasure, DiffusionRule
from dokja.standing.indices.values import (
    AdoptionFigure,
    CostMeasurement,
    MemoryMeasurement,
    ThroughputMeasurement,
)
from dokja.standing.indices.words import (
    BELOW_QUALITY,
    FEW_REPEATS,
    NO_ADOPTION,
    NO_WEIGHTS,
    NOT_DISCLOSED,
    NOT_ON_THE_DEVICE,
    SOURCES_DIFFER,
    unknown_licence,
)
from dokja.statistics.bayesian_bootstrap import Draws

LEAST_REPEATS = 3
"""Runs of a load below which its error cannot be told."""

LOWER_IS_BETTER = frozenset(
    {
        DiffusionMeasure.COST_PER_SOLVED,
        DiffusionMeasure.TOKENS_MEDIAN,
        DiffusionMeasure.TOKENS_P95,
        DiffusionMeasure.LATENCY_MEDIAN,
        DiffusionMeasure.LATENCY_P95,
        DiffusionMeasure.MEMORY,
    }
)


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure with its draws; of what was recorded, not sampled, all are equal."""

    estimate: Estimate
    draws: Draws
    freedom: float = math.inf
    """Of the draws, where their spread is itself uncertain."""


Found = Figure | Text
"""A figure, or the reason why there is none."""


@dataclass(frozen=True, eq=False, kw_only=True)
class DiffusionEvidence:
    """What was measured or recorded of one model, team's or reference's."""

    subject: str
    items: tuple[CostMeasurement, ...] = ()
    throughput: tuple[ThroughputMeasurement, ...] = ()
    memory: tuple[MemoryMeasurement, ...] = ()
    formats: tuple[str, ...] | None = None
    """Inference formats offered; None where nobody looked."""
    licence: str = ""
    """SPDX expression of the published weights; empty where there are none."""
    adoption: tuple[AdoptionFigure, ...] = ()
    expert: Figure | None = None
    """Share of the expert part, with draws from the panel."""
    user: Figure | None = None
    source: str = ""


def recorded_figures(
    rule: DiffusionRule, evidence: DiffusionEvidence, *, rules: str, beacon: str
) -> Mapping[DiffusionMeasure, Found]:
    """Every figure that does not come from items, or why there is none.

    Raises: InvalidInput where a load cannot have had its throughput.
    """
    seed = seed_for(rules, f"diffusion/throughput/{evidence.subject}", beacon)
    return {
        DiffusionMeasure.THROUGHPUT: _throughput(rule, evidence, seed),
        DiffusionMeasure.MEMORY: _memory(rule, evidence),
        DiffusionMeasure.FORMATS: _formats(rule, evidence),
        DiffusionMeasure.OPENNESS: _openness(rule, evidence),
        DiffusionMeasure.ADOPTION: _adoption(rule, evidence),
        DiffusionMeasure.EXPERT_SHARE: evidence.expert or NOT_DISCLOSED,
        DiffusionMeasure.USER_SHARE: evidence.user or NOT_DISCLOSED,
    }


def _throughput(rule: DiffusionRule, evidence: DiffusionEvidence, seed: int) -> Found:
    """Tokens a second and device, of the fastest configuration of enough quality.

    The mean and its t interval are of logarithms, since machines err by shares.
    """
    for load in evidence.throughput:
        if load.devices < 1 or not all(speed > 0 for speed in load.tokens_per_second):
            raise InvalidInput(
                f"{evidence.subject}, {load.configuration}: a load on {load.devices} "
                "devices, or a speed that is not above 0",
                remedy="leave a load that failed out; it has no throughput",
            )
    here = [m for m in evidence.throughput if m.device == rule.device]
    if not here:
        return NOT_ON_THE_DEVICE
    good = [m for m in here if _enough(rule, m.quality)]
    if not good:
        return BELOW_QUALITY
    repeated = [m for m in good if len(m.tokens_per_second) >= LEAST_REPEATS]
    if not repeated:
        return FEW_REPEATS
    best = max(repeated, key=lambda m: (_mean_log(m), m.configuration))
    logs = np.log(np.array(best.tokens_per_second) / best.devices)
    freedom = len(logs) - 1
    error = float(logs.std(ddof=1)) / math.sqrt(len(logs))
    centre = float(logs.mean())
    reach = float(stdtrit(freedom, 0.975)) * error
    spread = stdtrit(freedom, uniform_draws(seed, rule.draws))
    return Figure(
        Estimate(
            value=math.exp(centre),
            low=math.exp(centre - reach),
            high=math.exp(centre + reach),
            n=len(logs),
            method=f"throughput/log-t={freedom}/{best.configuration}/"
            f"quality>={rule.quality_floor}/{rule.device}/0.95",
            source=f"{evidence.source}; {best.device} x {best.devices}",
        ),
        np.exp(centre + error * spread),
    )


def _mean_log(found: ThroughputMeasurement) -> float:
    return float(np.log(np.array(found.tokens_per_second) / found.devices).mean())


def _enough(rule: DiffusionRule, quality: float) -> bool:
    return rule.quality_floor is not None and quality >= float(rule.quality_floor)


def _memory(rule: DiffusionRule, evidence: DiffusionEvidence) -> Found:
    """Peak bytes of the leanest configuration of enough quality."""
    here = [
        m
        for m in evidence.memory
        if (m.device, m.context_tokens) == (rule.device, rule.context_tokens)
    ]
    if not here:
        return NOT_ON_THE_DEVICE
    good = [m for m in here if _enough(rule, m.quality)]
    if not good:
        return BELOW_QUALITY
    least = min(good, key=lambda m: (m.peak_bytes, m.configuration))
    method = (
        f"peak-memory/{least.configuration}/context={rule.context_tokens}/"
        f"quality>={rule.quality_floor}/{rule.device}"
    )
    return _recorded(float(least.peak_bytes), rule, method, evidence.source)


def _formats(rule: DiffusionRule, evidence: DiffusionEvidence) -> Found:
    if evidence.formats is None:
        return NOT_DISCLOSED
    offered = [name for name in rule.formats if name in evidence.formats]
    method = f"formats-offered/{','.join(rule.formats)}"
    return _recorded(
        len(offered) / len(rule.formats),
        rule,
        method,
        evidence.source,
        len(rule.formats),
    )


def _openness(rule: DiffusionRule, evidence: DiffusionEvidence) -> Found:
    if not evidence.licence:
        return NO_WEIGHTS
    worth = (rule.openness or {}).get(evidence.licence)
    if worth is None:
        return unknown_licence(evidence.licence)
    return _recorded(
        float(worth), rule, f"openness/{evidence.licence}", evidence.source
    )


def _adoption(rule: DiffusionRule, evidence: DiffusionEvidence) -> Found:
    """The latest outside figure of the days and the unit that the rules name."""
    known = [
        figure
        for figure in evidence.adoption
        if figure.unit == rule.adoption_unit
        and rule.adoption_from <= figure.as_of <= rule.adoption_until
        and figure.source
    ]
    if not known:
        return NO_ADOPTION
    last = max(figure.as_of for figure in known)
    latest = sorted(
        (figure for figure in known if figure.as_of == last), key=lambda f: f.source
    )
    if len({figure.value for figure in latest}) > 1:
        return SOURCES_DIFFER
    return _recorded(
        latest[0].value,
        rule,
        f"outside-figure/{rule.adoption_unit}",
        f"{latest[0].source}, {last}",
    )


def _recorded(
    value: float, rule: DiffusionRule, method: str, source: str, n: int = 1
) -> Figure:
    """A figure without sampling error, which therefore has no interval."""
    return Figure(
        Estimate(value=value, low=None, high=None, n=n, method=method, source=source),
        np.full(rule.draws, value),
    )
