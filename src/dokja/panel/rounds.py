"""The round on the anchor submission, and what the discussion changed."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import stdtrit

from dokja.evidence.values import Estimate
from dokja.panel.sheets import sheet_share
from dokja.panel.values import (
    CalibrationRound,
    Discussion,
    ExpertCalibration,
    Panel,
)

SOURCE = "Student 1908, Biometrika 6:1"


def calibration_round(panel: Panel) -> CalibrationRound | None:
    """How each expert scored the anchor beside the rest; None without a round."""
    if not panel.anchor:
        return None
    sheets = sorted(panel.calibration, key=lambda sheet: sheet.expert)
    scored = {sheet.expert for sheet in sheets}
    shares = np.array(
        [[sheet.scores[c.id] / c.max for c in panel.criteria] for sheet in sheets]
    )
    away = shares - shares.mean(axis=0) if sheets else shares
    return CalibrationRound(
        anchor=panel.anchor,
        experts=tuple(
            ExpertCalibration(expert=sheet.expert, deviation=_deviation(row))
            for sheet, row in zip(sheets, away, strict=True)
        ),
        missing=tuple(sorted({e.id for e in panel.experts} - scored)),
    )


def discussion_changes(panel: Panel) -> Discussion | None:
    """What moved between the sheets before and after; None without a discussion."""
    if not panel.before:
        return None
    before = {(sheet.expert, sheet.team): sheet for sheet in panel.before}
    after = {(sheet.expert, sheet.team): sheet for sheet in panel.sheets}
    both = sorted(set(before) & set(after))
    scores = [
        (before[pair].scores[c.id], after[pair].scores[c.id])
        for pair in both
        for c in panel.criteria
    ]
    shifts = [
        sheet_share(panel, after[pair]) - sheet_share(panel, before[pair])
        for pair in both
    ]
    return Discussion(
        sheets=len(both),
        changed_sheets=sum(before[p].scores != after[p].scores for p in both),
        scores=len(scores),
        changed_scores=sum(first != last for first, last in scores),
        mean_shift=float(sum(shifts) / len(shifts)) if shifts else None,
        only_before=len(set(before) - set(after)),
        only_after=len(set(after) - set(before)),
    )


def _deviation(away: np.ndarray) -> Estimate:
    """Mean of (criteria,) distances with Student's interval over the criteria."""
    count, value = len(away), float(away.mean())
    half = None
    if count > 1:
        error = float(away.std(ddof=1)) / math.sqrt(count)
        half = float(stdtrit(count - 1, 0.975)) * error
    return Estimate(
        value=value,
        low=None if half is None else value - half,
        high=None if half is None else value + half,
        n=count,
        method="mean-deviation-from-panel/t-over-criteria",
        source=SOURCE,
    )
