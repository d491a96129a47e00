"""Whole-number tallies of a stage's evidence, of which units can be left out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dokja.benchmark.results import item_scores
from dokja.standing.measured import Measured

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

PANEL, VOTERS, VOTES = "panel", "voters", "votes"
SUITE = "suite/"


@dataclass(frozen=True, eq=False)
class Tally:
    """What each unit gave each subject, in whole numbers over one scale."""

    units: tuple[str, ...]
    subjects: tuple[str, ...]
    won: Counts
    """(units, subjects); 0 where a unit says nothing of a subject."""
    present: Mask
    scale: int
    needs_all: bool
    """Whether a mean is unknown while any unit is silent, as with items."""

    def column(self, subject: str) -> tuple[Counts, Mask]:
        """(units,) what was won and whether the unit speaks of the subject."""
        at = self.subjects.index(subject)
        return self.won[:, at], self.present[:, at]

    def mean(self, subject: str, removed: Iterable[int] = ()) -> Fraction | None:
        """Exact mean share without the removed units; None where unknown."""
        if subject not in self.subjects:
            return None
        won, present = self.column(subject)
        kept = np.ones(len(self.units), dtype=np.bool_)
        kept[list(removed)] = False
        speaking = present & kept
        count = int(speaking.sum())
        if not count or (self.needs_all and count < int(kept.sum())):
            return None
        return Fraction(int(won[speaking].sum()), self.scale * count)


def tallies_of(measured: Measured) -> dict[str, Tally]:
    """Every source by name: `panel`, `voters`, `votes` and each `suite/ID`.

    `voters` and `votes` hold the same ballots, by person and one by one.
    """
    found = {
        SUITE + suite: _suite(measured, suite) for suite in sorted(measured.suites)
    }
    found[PANEL] = _panel(measured)
    found[VOTERS] = _ballots(measured, lambda user, _: user)
    found[VOTES] = _ballots(measured, lambda user, team: f"{user}/{team}")
    return found


def _suite(measured: Measured, suite: str) -> Tally:
    subjects = tuple(
        s for s in (*measured.teams, measured.reference) if s in measured.runs
    )
    shares = {
        (item, subject): share
        for subject in subjects
        for item, share in item_scores(measured.runs[subject], suite)
        if share is not None
    }
    # A mean over repeats is a fraction; over one scale all are whole numbers.
    scale = math.lcm(*(share.denominator for share in shares.values()))
    given = {unit: int(share * scale) for unit, share in shares.items()}
    units = tuple(item.id for item in measured.suites[suite].items)
    return _tally(units, subjects, given, scale=scale, needs_all=True)


def _panel(measured: Measured) -> Tally:
    panel = measured.panel
    given = {(s.expert, s.team): sum(s.scores.values()) for s in panel.sheets}
    units = tuple(sorted({expert for expert, _ in given}))
    scale = sum(criterion.max for criterion in panel.criteria)
    return _tally(units, measured.teams, given, scale=scale, needs_all=False)


def _ballots(measured: Measured, unit: Callable[[str, str], str]) -> Tally:
    box = measured.ballot_box
    given = {
        (unit(b.user, b.team), b.team): sum(b.answers.values())
        - box.scale.min * len(box.questions)
        for b in box.ballots
        if b.team in measured.teams
    }
    units = tuple(sorted({name for name, _ in given}))
    scale = (box.scale.max - box.scale.min) * len(box.questions)
    return _tally(units, measured.teams, given, scale=scale, needs_all=False)


def _tally(
    units: tuple[str, ...],
    subjects: tuple[str, ...],
    given: Mapping[tuple[str, str], int],
    *,
    scale: int,
    needs_all: bool,
) -> Tally:
    row = {unit: index for index, unit in enumerate(units)}
    column = {subject: index for index, subject in enumerate(subjects)}
    won = np.zeros((len(units), len(subjects)), dtype=np.int64)
    present = np.zeros(won.shape, dtype=np.bool_)
    for (unit, subject), value in given.items():
        if subject in column:
            won[row[unit], column[subject]] = value
            present[row[unit], column[subject]] = True
    return Tally(units, subjects, won, present, scale, needs_all)
