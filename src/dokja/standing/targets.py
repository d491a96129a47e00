"""How near a team comes to the moving target, suite by suite."""

from __future__ import annotations

from dokja.evidence.values import Estimate
from dokja.programme.values import Rulebook
from dokja.standing.draws import ShareDraws
from dokja.standing.measured import Measured
from dokja.standing.points import suite_share
from dokja.standing.values import TargetAttainment
from dokja.statistics.bayesian_bootstrap import percentile_interval


def target_attainments(
    rulebook: Rulebook, measured: Measured, team: str, draws: ShareDraws
) -> tuple[TargetAttainment, ...]:
    """Attainment on every suite; `met` None where either score is missing."""
    return tuple(
        _attainment(rulebook, measured, team, suite, draws)
        for suite in sorted(measured.suites)
    )


def _attainment(
    rulebook: Rulebook, measured: Measured, team: str, suite: str, draws: ShareDraws
) -> TargetAttainment:
    own = suite_share(measured, team, suite)
    target = suite_share(measured, measured.reference, suite)
    if own is None or not target or rulebook.target is None:
        return TargetAttainment(
            suite=suite, reference=measured.reference, attainment=None, met=None
        )
    value = own / target
    low, high = percentile_interval(draws.attainment(team, suite))
    return TargetAttainment(
        suite=suite,
        reference=measured.reference,
        attainment=Estimate(
            value=float(value),
            low=low,
            high=high,
            n=len(measured.suites[suite].items),
            method=draws.method,
            source=f"{team} over {measured.reference} on {suite}",
        ),
        met=value >= rulebook.target.attainment,
    )
