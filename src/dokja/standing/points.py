"""Points in exact arithmetic: counts in, rounded Decimals out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from dokja.benchmark.results import item_scores
from dokja.contest.users.ballots import contest_share
from dokja.panel.sheets import panel_share
from dokja.programme.values import Component, Measure
from dokja.standing.measured import Measured


def component_share(
    measured: Measured, component: Component, team: str
) -> Fraction | None:
    """Exact share of the component's points, None where evidence is missing."""
    if component.measure is Measure.PANEL_MEAN:
        return panel_share(measured.panel, team)
    if component.measure is Measure.BALLOT_MEAN:
        return contest_share(measured.ballot_box, team)
    suites = measured.suites_for(component, team)
    if component.measure is Measure.SUITE_MEAN:
        shares = [suite_share(measured, team, suite) for suite in suites]
    else:
        shares = [_attainment(measured, component, team, suite) for suite in suites]
    known = [share for share in shares if share is not None]
    if not shares or len(known) < len(shares):
        return None
    return sum(known, Fraction(0)) / len(known)


def suite_share(measured: Measured, subject: str, suite: str) -> Fraction | None:
    """Right answers over items; None while any item has no score."""
    run = measured.runs.get(subject)
    scores = [score for _, score in item_scores(run, suite)]
    known = [score for score in scores if score is not None]
    if not scores or len(known) < len(scores):
        return None
    return sum(known, Fraction(0)) / len(known)


def points_of(share: Fraction, component: Component, *, places: int) -> Decimal:
    """The share of the component's points, rounded half up once."""
    # Half up on the exact fraction: no binary float, no second rounding.
    units = (share * Fraction(component.points) * 10**places + Fraction(1, 2)) // 1
    return Decimal(units).scaleb(-places)


def _attainment(
    measured: Measured, component: Component, team: str, suite: str
) -> Fraction | None:
    own = suite_share(measured, team, suite)
    target = suite_share(measured, measured.reference, suite)
    if own is None or not target:
        return None
    return min(own / target, Fraction(component.cap))
