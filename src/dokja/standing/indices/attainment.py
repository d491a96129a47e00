"""How near a team comes to the moving target, every view side by side.

Attainment is a ratio of mean scores on the same items, as announced figures
have been (72.03 / 69.37 = 103.8 %): raw scores, not normalised ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import ReferenceSetPolicy
from dokja.programme.values import ReferenceView, Target
from dokja.standing.indices.differences import best_first
from dokja.standing.indices.scores import BenchmarkScores, SharedDraws, shared_draws
from dokja.standing.indices.values import (
    AttainmentView,
    ReferenceSet,
    TargetReading,
    TargetReport,
)
from dokja.standing.indices.words import (
    EMPTY_SET,
    NO_DECLARED_TARGET,
    REFERENCE_AT_ZERO,
    TARGET_NOTE,
    missing_benchmarks,
    not_in_set,
)
from dokja.statistics.bayesian_bootstrap import (
    Draws,
    expanded_interval,
    satterthwaite,
)
from dokja.statistics.proportion import drawn_share

METHOD = (
    "ratio-of-means/B={count}/bayesian-bootstrap/items-by-cluster/shared/"
    "expanded-percentile/{draws}/philox"
)


@dataclass(frozen=True, eq=False, kw_only=True)
class TargetEvidence:
    """What attainment is computed from."""

    target: Target
    policy: ReferenceSetPolicy
    references: ReferenceSet
    benchmarks: Mapping[str, BenchmarkScores]
    declared: Mapping[str, str]
    """Team to the target model it declared, or the office declared for it."""


def attainment_share(own: Decimal, reference: Decimal) -> Decimal:
    """Own score over the reference's, exact to the precision of decimals.

    Raises: InvalidInput where the reference has no score above 0.
    """
    if reference <= 0:
        raise InvalidInput(
            f"a reference score of {reference} gives no ratio",
            remedy="hold the target against a reference that scores above 0",
        )
    return own / reference


def target_reports(
    evidence: TargetEvidence, teams: Sequence[str], *, rules: str, beacon: str
) -> tuple[TargetReport, ...]:
    """Each team against the declared, the best open and the best model.

    Only the views that the rules show, the official one marked. Raises:
    InvalidInput where the set is that of another stage.
    """
    if evidence.references.stage != evidence.policy.stage:
        raise InvalidInput(
            f"the reference set is that of {evidence.references.stage}, the policy "
            f"that of {evidence.policy.stage}",
            remedy="draw the set up again under the policy of this stage",
        )
    named = [
        evidence.benchmarks[name]
        for name in sorted(evidence.policy.benchmarks)
        if name in evidence.benchmarks
    ]
    draws = shared_draws(named, rules=rules, beacon=beacon, draws=evidence.policy.draws)
    return tuple(
        TargetReport(
            team=team,
            stage=evidence.policy.stage,
            views=tuple(
                _view(evidence, draws, team, view)
                for view in evidence.target.shown_views
            ),
            note=TARGET_NOTE,
        )
        for team in sorted(teams)
    )


def _view(
    evidence: TargetEvidence, draws: SharedDraws, team: str, view: ReferenceView
) -> AttainmentView:
    reference, reason, chosen = _reference(evidence, draws, team, view)
    estimate = None
    if reference is not None:
        lacking = _lacking(evidence, team)
        if lacking:
            reason = missing_benchmarks(lacking)
        else:
            estimate = _attainment(evidence, draws, team, reference)
            reason = REFERENCE_AT_ZERO if estimate is None else None
    required = evidence.target.attainment
    return AttainmentView(
        view=view,
        official=view is evidence.target.official_view,
        reference=reference,
        attainment=estimate,
        required=required,
        met=None if estimate is None else estimate.value >= float(required),
        reading=None if estimate is None else _reading(estimate, float(required)),
        chosen_best=chosen,
        reason=reason,
    )


def _reference(
    evidence: TargetEvidence, draws: SharedDraws, team: str, view: ReferenceView
) -> tuple[str | None, Text | None, Estimate | None]:
    """The model of the view, or why there is none, and how surely it is the best."""
    if view is ReferenceView.DECLARED_TARGET:
        declared = evidence.declared.get(team)
        if declared is None:
            return None, NO_DECLARED_TARGET, None
        if declared not in evidence.references.overall:
            return None, not_in_set(declared), None
        lacking = _lacking(evidence, declared)
        if lacking:
            return None, missing_benchmarks(lacking), None
        return declared, None, None
    models = (
        evidence.references.open_weights
        if view is ReferenceView.BEST_OPEN
        else evidence.references.overall
    )
    known = tuple(model for model in models if not _lacking(evidence, model))
    if not known:
        return None, EMPTY_SET, None
    best = best_first({model: _mean(evidence, model) for model in known})[0]
    drawn = np.stack([_mean_draws(evidence, draws, model) for model in known])
    first = drawn.argmax(axis=0) == known.index(best)
    surety = drawn_share(
        float(np.mean(first)),
        draws.draws,
        method=f"best-of-{len(known)}/bayesian-bootstrap/items-by-cluster/shared/"
        f"{draws.draws}/philox",
        source="mean score above every other model of the set",
    )
    return best, None, surety


def _lacking(evidence: TargetEvidence, model: str) -> tuple[str, ...]:
    return tuple(
        name
        for name in evidence.policy.benchmarks
        if name not in evidence.benchmarks
        or model not in evidence.benchmarks[name].scores
    )


def _mean(evidence: TargetEvidence, model: str) -> float:
    names = sorted(evidence.policy.benchmarks)
    return sum(evidence.benchmarks[n].noise(model).mean for n in names) / len(names)


def _mean_draws(evidence: TargetEvidence, draws: SharedDraws, model: str) -> Draws:
    names = sorted(evidence.policy.benchmarks)
    total: Draws = np.zeros(draws.draws)
    for name in names:
        total += draws.means[name, model]
    total /= len(names)
    return total


def _attainment(
    evidence: TargetEvidence, draws: SharedDraws, team: str, reference: str
) -> Estimate | None:
    """Ratio of means, paired item by item; None where the reference is at 0."""
    names = sorted(evidence.policy.benchmarks)
    top, bottom = _mean(evidence, team), _mean(evidence, reference)
    below = _mean_draws(evidence, draws, reference)
    if not bottom > 0 or not below.min() > 0:
        return None
    value = top / bottom
    low = high = None
    if min(draws.freedom[name] for name in names) > 0:
        # What a benchmark adds to the ratio's spread, to first order.
        spread = [
            (draws.means[name, team] - value * draws.means[name, reference]).var()
            for name in names
        ]
        freedoms = [float(draws.freedom[name]) for name in names]
        freedom = satterthwaite(np.array(spread), np.array(freedoms))
        ratio = _mean_draws(evidence, draws, team) / below
        low, high = expanded_interval(ratio, freedom=freedom)
    return Estimate(
        value=value,
        low=low,
        high=high,
        n=sum(evidence.benchmarks[name].clusters.items for name in names),
        method=METHOD.format(count=len(names), draws=draws.draws),
        source=f"{team} over {reference}, as of {evidence.references.cut_off}",
    )


def _reading(estimate: Estimate, required: float) -> TargetReading:
    """Where the whole interval lies; equal ends count as reaching it."""
    if estimate.low is None or estimate.high is None:
        return TargetReading.NOT_SETTLED
    if estimate.low >= required:
        return TargetReading.ABOVE
    return (
        TargetReading.BELOW if estimate.high < required else TargetReading.NOT_SETTLED
    )
