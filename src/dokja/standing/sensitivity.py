"""How far the order of a stage hangs on weights and on single evidence."""

from __future__ import annotations

import numpy as np

from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Text
from dokja.programme.values import Rulebook, SensitivityRule
from dokja.standing.acceptability import RankCounts, rank_counts
from dokja.standing.draws import ShareDraws
from dokja.standing.leave_out import LEFT_OUT, leave_one_out
from dokja.standing.recount import Recount
from dokja.standing.smallest_set import smallest_set
from dokja.standing.values import (
    Acceptability,
    Sensitivity,
    Source,
    WeightKind,
    WeightView,
)
from dokja.standing.weights import perturbed_weights, uniform_weights
from dokja.statistics.bayesian_bootstrap import Draws
from dokja.statistics.proportion import drawn_share

REMOVABLE = (Source.ITEMS, Source.RATERS, Source.VOTES, Source.VOTERS)
POINTS = 100.0
METHOD = "smaa-2/{weights}/{draws}"


def compute_sensitivity(
    rulebook: Rulebook,
    draws: ShareDraws,
    *,
    stage: str,
    keep: int,
    rule: SensitivityRule,
) -> Sensitivity:
    """The order under other weights and without parts of the evidence.

    Where a total is unknown nothing can be said and the reason stands.
    """
    recount = Recount(rulebook, draws.measured, keep)
    whole = recount.whole
    if any(total is None for total in whole.totals.values()):
        return _nothing(stage, keep, recount)
    searchable = bool(whole.out) and not whole.level
    return Sensitivity(
        stage=stage,
        keep=keep,
        out=whole.out,
        views=tuple(_view(rulebook, draws, rule, kind) for kind in WeightKind),
        left_out=tuple(leave_one_out(recount, source) for source in LEFT_OUT),
        smallest=tuple(
            smallest_set(recount, source, largest_share=rule.largest_share)
            for source in (REMOVABLE if searchable else ())
        ),
        reason=None if searchable else _why_no_search(level=bool(whole.level)),
    )


def _nothing(stage: str, keep: int, recount: Recount) -> Sensitivity:
    return Sensitivity(
        stage=stage,
        keep=keep,
        out=recount.whole.out,
        views=(),
        left_out=(),
        smallest=(),
        reason=Text(
            ko="총점이 미정인 팀이 있어 순위의 민감도를 구할 수 없음",
            en="A total is undetermined, so nothing can be said of the order.",
        ),
    )


def _why_no_search(*, level: bool) -> Text:
    if level:
        return Text(
            ko="기준선에서 동점인 팀이 있어 순위 탈락 팀이 정해지지 않음",
            en="Teams are level at the cut: nobody is out by rank who could change.",
        )
    return Text(
        ko="순위로 탈락하는 팀이 없음",
        en="Nobody leaves by rank, so there is nothing to change.",
    )


def _view(
    rulebook: Rulebook, draws: ShareDraws, rule: SensitivityRule, kind: WeightKind
) -> WeightView:
    components = rulebook.components()
    teams = draws.measured.teams
    shares = np.stack(
        [np.stack([draws.component(c, team) for c in components]) for team in teams]
    )
    points = np.array([float(c.points) for c in components])
    weights, method = _weights(points, draws, rule, kind)
    counts = rank_counts(shares, weights)
    named = METHOD.format(weights=method, draws=draws.method)
    parts = tuple(c.id for c in components)
    return WeightView(
        weights=kind,
        teams=tuple(
            _acceptability(teams, index, counts, named, parts)
            for index in np.argsort(teams)
        ),
        method=named,
    )


def _weights(
    points: Draws, draws: ShareDraws, rule: SensitivityRule, kind: WeightKind
) -> tuple[Draws, str]:
    """(parts, draws) weights that sum to 100, and what they are called."""
    points = POINTS * points / points.sum()
    seed = seed_for(draws.rules_digest, f"standing/weights/{kind.value}", draws.beacon)
    if kind is WeightKind.OFFICIAL:
        return points[:, None], "official-weights"
    if kind is WeightKind.UNIFORM:
        drawn = uniform_weights(seed, draws=draws.draws, parts=len(points))
        return POINTS * drawn, "dirichlet(1)"
    shapes = float(rule.kappa) * points / POINTS
    drawn = perturbed_weights(seed, shapes, draws=draws.draws)
    return POINTS * drawn, f"dirichlet({rule.kappa}*official)"


def _acceptability(
    teams: tuple[str, ...],
    index: int,
    counts: RankCounts,
    method: str,
    parts: tuple[str, ...],
) -> Acceptability:
    return Acceptability(
        team=teams[index],
        ranks=tuple(float(n) / counts.draws for n in counts.ranks[index]),
        last=drawn_share(
            float(counts.last[index]) / counts.draws,
            counts.draws,
            method=method,
            source="total below every other",
        ),
        beats={
            other: float(counts.ahead[index, place]) / counts.draws
            for place, other in enumerate(teams)
            if place != index
        },
        central_weights=_mean(counts.first_weights[index], parts),
        weights_when_last=_mean(counts.last_weights[index], parts),
    )


def _mean(sums: Draws, parts: tuple[str, ...]) -> dict[str, float] | None:
    """Mean weights in points of 100; None where no draw was summed."""
    total = float(sums.sum())
    if not total:
        return None
    return {
        part: POINTS * float(value) / total
        for part, value in zip(parts, sums, strict=True)
    }
