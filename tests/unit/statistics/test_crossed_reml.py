"""Crossed random effects by REML: closed form, another program, the boundary."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import statsmodels.api as sm

from dokja.statistics.crossed_reml import fit_crossed

RATERS, TEAMS, CRITERIA = 10, 5, 4
Codes = npt.NDArray[np.intp]


def _codes() -> tuple[Codes, Codes, Codes]:
    grid = np.indices((RATERS, TEAMS, CRITERIA)).reshape(3, -1)
    return grid[0], grid[1], grid[2]


def _scores(seed: int, *, taste: float = 0.5) -> npt.NDArray[np.float64]:
    stream = np.random.Generator(np.random.Philox(seed))
    rater, team, criterion = _codes()
    parts = (
        0.6 * stream.normal(size=RATERS)[rater],
        stream.normal(size=TEAMS)[team],
        0.3 * stream.normal(size=CRITERIA)[criterion],
        taste * stream.normal(size=(RATERS, TEAMS))[rater, team],
        0.8 * stream.normal(size=len(rater)),
    )
    total: npt.NDArray[np.float64] = np.sum(parts, axis=0)
    return total


def test_variances_of_complete_scores_are_those_of_the_anova() -> None:
    """Balanced data have a closed form (Searle, Casella, McCulloch 1992, 4.7)."""
    y = _scores(1)
    rater, team, criterion = _codes()
    table = y.reshape(RATERS, TEAMS, CRITERIA)
    cells = table.mean(axis=2)
    effect = cells - cells.mean(axis=0) - cells.mean(axis=1)[:, None] + cells.mean()
    left = table - cells[:, :, None] - table.mean(axis=(0, 1)) + table.mean()
    noise = (left**2).sum() / (RATERS * TEAMS * CRITERIA - RATERS * TEAMS - 3)
    between = CRITERIA * (effect**2).sum() / ((RATERS - 1) * (TEAMS - 1))
    raters = TEAMS * CRITERIA * cells.mean(axis=1).var(ddof=1)
    design = np.hstack([np.eye(TEAMS)[team], np.eye(CRITERIA)[criterion][:, 1:]])
    found = fit_crossed(y, design, [rater, rater * TEAMS + team])
    expected = (
        (raters - between) / (TEAMS * CRITERIA),
        (between - noise) / CRITERIA,
        noise,
    )
    assert (*found.variances, found.noise) == pytest.approx(expected, rel=1e-3)


def test_scores_with_gaps_are_fitted_as_statsmodels_fits_them() -> None:
    """Another program at its optimum; ours may not be worse."""
    rater, team, criterion = _codes()
    kept = ~((team == 0) & (rater < 3))
    y, rater, team, criterion = (
        part[kept] for part in (_scores(2), rater, team, criterion)
    )
    cell = np.unique(rater * TEAMS + team, return_inverse=True)[1]
    design = np.hstack([np.eye(TEAMS)[team], np.eye(CRITERIA)[criterion][:, 1:]])
    ours = fit_crossed(y, design, [rater, cell])
    groups = [np.eye(codes.max() + 1)[codes] for codes in (rater, cell)]
    parts = sm.regression.mixed_linear_model.VCSpec(
        ["rater", "cell"],
        [[[str(i) for i in range(g.shape[1])]] for g in groups],
        [[g] for g in groups],
    )
    model = sm.MixedLM(y, design, np.ones(len(y)), exog_vc=parts)
    theirs = model.fit(reml=True, method=["powell", "lbfgs"])
    assert ours.criterion <= -2 * theirs.llf + 1e-6
    assert ours.fixed == pytest.approx(theirs.fe_params, abs=1e-3)
    errors = np.sqrt(np.diag(ours.covariance))
    assert errors == pytest.approx(theirs.bse_fe, rel=5e-3)
    assert ours.variances == pytest.approx(theirs.vcomp, rel=0.03)


def test_a_variance_of_nothing_is_nothing() -> None:
    """The boundary is reached and not left in a small positive number."""
    zeros = 0
    for seed in range(6):
        rater, team, _ = _codes()
        y = _scores(seed, taste=0.0)
        found = fit_crossed(y, np.eye(TEAMS)[team], [rater, rater * TEAMS + team])
        zeros += found.variances[1] < 1e-9
    assert zeros > 0
