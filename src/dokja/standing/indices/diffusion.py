"""AI Diffusion Index: use in the field against one fixed reference model.

D = 100 sum_p w_p v_p. On a log scale v = (ln t - ln t0) / (ln t1 - ln t0), where
t says how many times as good as the reference a figure is and the rules give t0
and t1; a share stands as it is. Nothing is clipped, and nobody's index depends
on which other teams take part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

import numpy as np

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Estimate
from dokja.programme.index_rules import (
    DiffusionMeasure,
    DiffusionRule,
    IndexRules,
)
from dokja.standing.indices.differences import best_first, separated
from dokja.standing.indices.diffusion_parts import (
    PartWorth,
    drawn_interval,
    part_worth,
)
from dokja.standing.indices.figures import (
    DiffusionEvidence,
    Figure,
    Found,
    recorded_figures,
)
from dokja.standing.indices.item_figures import item_figures
from dokja.standing.indices.values import (
    DiffusionIndex,
    DiffusionReport,
    IndexDifference,
    PartCounting,
)
from dokja.standing.indices.words import (
    NOT_COMPARABLE,
    UNDETERMINED_SIDE,
    missing_parts,
)
from dokja.statistics.bayesian_bootstrap import Draws

Figures = Mapping[DiffusionMeasure, Found]


@dataclass(frozen=True, eq=False)
class _Team:
    """A team's index with its draws and the parts it is made of."""

    index: DiffusionIndex
    figure: Figure | None
    counted: tuple[str, ...]


def diffusion_report(
    rules: IndexRules,
    teams: Sequence[DiffusionEvidence],
    reference: DiffusionEvidence,
    *,
    beacon: str,
) -> DiffusionReport:
    """Every team's index against the reference, and how far teams are apart.

    Raises: InvalidInput where the rules describe no Diffusion Index, or where
    the evidence is of another reference or holds shares drawn another number
    of times.
    """
    rule = rules.diffusion
    if rule is None:
        raise InvalidInput(
            "the index rules describe no Diffusion Index",
            remedy="add [index_rules.diffusion] to the rulebook before the freeze",
        )
    everyone = sorted((*teams, reference), key=lambda each: each.subject)
    _check(rule, everyone, reference)
    digest = digest_of(rules)
    items = item_figures(rule, everyone, rules=digest, beacon=beacon)
    figures: dict[str, Figures] = {
        each.subject: {
            **items[each.subject],
            **recorded_figures(rule, each, rules=digest, beacon=beacon),
        }
        for each in everyone
    }
    found = {
        each.subject: _team(rule, each.subject, figures)
        for each in everyone
        if each is not reference
    }
    values = {
        team: None if one.index.index is None else one.index.index.value
        for team, one in found.items()
    }
    return DiffusionReport(
        rules_digest=digest,
        version=rules.version,
        reference=rule.reference,
        teams=tuple(one.index for one in found.values()),
        differences=tuple(
            _difference(found[left], found[right])
            for left, right in combinations(sorted(found), 2)
        ),
        order=best_first(values),
    )


def _check(
    rule: DiffusionRule,
    everyone: Sequence[DiffusionEvidence],
    reference: DiffusionEvidence,
) -> None:
    subjects = [each.subject for each in everyone]
    if reference.subject != rule.reference or len(set(subjects)) < len(subjects):
        raise InvalidInput(
            f"the reference is {rule.reference}; evidence was given of "
            f"{reference.subject} as the reference, and of {', '.join(subjects)}",
            remedy="give each model once, and the reference that the rules fix",
        )
    for each in everyone:
        for share in (each.expert, each.user):
            if share is not None and share.draws.shape != (rule.draws,):
                raise InvalidInput(
                    f"{each.subject}: a share was drawn {len(share.draws)} times, the "
                    f"index {rule.draws} times",
                    remedy="draw experts and users as often as the rules say",
                )


def _team(rule: DiffusionRule, team: str, figures: Mapping[str, Figures]) -> _Team:
    worths = [
        part_worth(
            part, figures[team][part.measure], figures[rule.reference][part.measure]
        )
        for part in rule.parts
    ]
    parts = tuple(worth.part for worth in worths)
    open_parts = tuple(
        part.part for part in parts if part.counting is PartCounting.UNDETERMINED
    )
    left_out = [part for part in parts if part.counting is PartCounting.LEFT_OUT]
    if open_parts or len(left_out) == len(parts):
        reason = missing_parts(open_parts or tuple(part.part for part in parts))
        index = DiffusionIndex(
            team=team, index=None, parts=parts, comparable=False, reason=reason
        )
        return _Team(index, None, ())
    kept = [w for w in worths if w.part.counting is not PartCounting.LEFT_OUT]
    figure = _sum(kept, rule)
    index = DiffusionIndex(
        team=team,
        index=figure.estimate,
        parts=parts,
        comparable=not left_out,
        reason=NOT_COMPARABLE if left_out else None,
    )
    return _Team(index, figure, tuple(worth.part.part for worth in kept))


def _sum(kept: Sequence[PartWorth], rule: DiffusionRule) -> Figure:
    """100 times the weighted mean of the parts, with an interval of their draws."""
    whole = sum((worth.part.weight for worth in kept), Decimal(0))
    draws: Draws = np.zeros(rule.draws)
    terms, freedoms, items = [], [], 0
    for worth in kept:
        if worth.figure is None:
            continue
        share = 100 * float(worth.part.weight / whole)
        terms.append(share * worth.figure.estimate.value)
        draws += share * worth.figure.draws
        freedoms.append(worth.figure.freedom)
        items = max(items, worth.figure.estimate.n)
    freedom = min(freedoms, default=math.inf)
    low, high = drawn_interval(draws, freedom)
    method = (
        f"diffusion/parts={len(kept)}/log-scales/joint-bootstrap/"
        f"expanded-percentile/{rule.draws}/philox"
    )
    estimate = Estimate(
        value=math.fsum(terms),
        low=low,
        high=high,
        n=items,
        method=method,
        source=f"against {rule.reference}; recorded figures have no sampling error",
    )
    return Figure(estimate, draws, freedom)


def _difference(left: _Team, right: _Team) -> IndexDifference:
    reason = None
    if left.figure is None or right.figure is None:
        reason = UNDETERMINED_SIDE
    elif left.counted != right.counted:
        reason = NOT_COMPARABLE
    if reason is not None or left.figure is None or right.figure is None:
        return IndexDifference(
            left=left.index.team,
            right=right.index.team,
            difference=None,
            separated=None,
            reason=reason,
        )
    draws = left.figure.draws - right.figure.draws
    low, high = drawn_interval(draws, min(left.figure.freedom, right.figure.freedom))
    estimate = Estimate(
        value=left.figure.estimate.value - right.figure.estimate.value,
        low=low,
        high=high,
        n=max(left.figure.estimate.n, right.figure.estimate.n),
        method=left.figure.estimate.method,
        source=f"index of {left.index.team} less that of {right.index.team}",
    )
    return IndexDifference(
        left=left.index.team,
        right=right.index.team,
        difference=estimate,
        separated=separated(estimate),
    )
