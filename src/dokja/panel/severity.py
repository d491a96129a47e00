"""Teams with the severity of their experts taken out.

Model: share = mean + team + criterion + expert + expert's taste for the team +
noise; experts and tastes are random. Source of the generalisability: R. Brennan,
Generalizability Theory (2001), section 1.2; of its interval: L. Feldt,
Psychometrika 30:357 (1965).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import fdtri, stdtrit

from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate
from dokja.panel.values import Panel, VarianceParts
from dokja.statistics.crossed_reml import CrossedFit, fit_crossed

Array = npt.NDArray[np.float64]
Codes = npt.NDArray[np.intp]

METHOD = "reml/teams+criteria fixed, experts{taste} random/t"
SOURCE = "Bates et al. 2015, Journal of Statistical Software 67(1), section 3.4"
SETTLED = 1e-9
"""Shares nearer than this are equal: they differ by rounding only."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Every score that counts, as shares of its maximum in (n,) arrays."""

    teams: tuple[str, ...]
    experts: tuple[str, ...]
    criteria: tuple[str, ...]
    share: Array
    team: Codes
    expert: Codes
    criterion: Codes

    @property
    def cell(self) -> Codes:
        """(n,) code of expert and team together."""
        pair = self.expert * len(self.teams) + self.team
        codes: Codes = np.unique(pair, return_inverse=True)[1].astype(np.intp)
        return codes

    @property
    def freedom(self) -> int:
        """Degrees of freedom of experts' tastes for teams."""
        cells = int(self.cell.max()) + 1
        return cells - len(self.teams) - len(self.experts) + 1

    def without(self, expert: str) -> Scores:
        """The scores with one expert left out, of the same teams."""
        gone = self.experts.index(expert)
        kept = self.expert != gone
        return Scores(
            teams=self.teams,
            experts=tuple(e for e in self.experts if e != expert),
            criteria=self.criteria,
            share=self.share[kept],
            team=self.team[kept],
            expert=self.expert[kept] - (self.expert[kept] > gone),
            criterion=self.criterion[kept],
        )

    @property
    def is_comparable(self) -> bool:
        """Whether every team has a score and somebody's taste can be told."""
        scored = len(np.unique(self.team)) == len(self.teams)
        return scored and len(self.teams) > 1 and self.freedom > 0


def panel_scores(panel: Panel) -> Scores:
    """The scores of the panel's counted sheets, in one fixed order.

    Raises: InvalidInput where too little was scored to compare teams.
    """
    found = _scores(panel)
    if not len(found.share) or not found.is_comparable:
        raise InvalidInput(
            f"{len(found.experts)} experts scored {len(found.teams)} teams: too "
            "little to tell severity from merit",
            remedy="two experts who both scored two teams are the least",
        )
    return found


def is_comparable(panel: Panel) -> bool:
    """Whether enough was scored to compare teams."""
    found = _scores(panel)
    return bool(len(found.share)) and found.is_comparable


def _scores(panel: Panel) -> Scores:
    sheets = sorted(panel.sheets, key=lambda s: (s.expert, s.team))
    teams = tuple(sorted({sheet.team for sheet in sheets}))
    experts = tuple(sorted({sheet.expert for sheet in sheets}))
    rows = [
        (teams.index(s.team), experts.index(s.expert), place, s.scores[c.id] / c.max)
        for s in sheets
        for place, c in enumerate(panel.criteria)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 4
    return Scores(
        teams=teams,
        experts=experts,
        criteria=tuple(c.id for c in panel.criteria),
        share=np.array(columns[3], dtype=np.float64),
        team=np.array(columns[0], dtype=np.intp),
        expert=np.array(columns[1], dtype=np.intp),
        criterion=np.array(columns[2], dtype=np.intp),
    )


@dataclass(frozen=True)
class SeverityFit:
    """Adjusted shares of the teams and what the spread is made of."""

    scores: Scores
    adjusted: Array
    covariance: Array | None
    """(teams, teams); None where the scores leave no noise to measure."""
    leniency: Array
    """(experts,) predicted."""

    @property
    def effects(self) -> Array:
        """(teams,) distances from the teams' mean."""
        effects: Array = self.adjusted - self.adjusted.mean()
        return effects

    def ranks(self) -> dict[str, int]:
        """1 plus the number of teams ahead, by adjusted share."""
        return {
            team: 1 + int((self.adjusted > mine + SETTLED).sum())
            for team, mine in zip(self.scores.teams, self.adjusted, strict=True)
        }

    def estimates(self) -> Mapping[str, tuple[Estimate, Estimate, float | None]]:
        """By team: adjusted share, effect, and the effect's standard error."""
        count = len(self.scores.teams)
        centre = np.eye(count) - 1 / count
        shares = effects = np.full(count, np.nan)
        if self.covariance is not None:
            shares = np.sqrt(np.diag(self.covariance))
            effects = np.sqrt(np.diag(centre @ self.covariance @ centre))
        return {
            team: (
                self._estimate(self.adjusted, shares, i, len(self.scores.experts) - 1),
                self._estimate(self.effects, effects, i, self.scores.freedom),
                None if np.isnan(effects[i]) else float(effects[i]),
            )
            for i, team in enumerate(self.scores.teams)
        }

    def _estimate(
        self, values: Array, errors: Array, place: int, freedom: int
    ) -> Estimate:
        value, error = float(values[place]), float(errors[place])
        half = float(stdtrit(freedom, 0.975)) * error
        known = not np.isnan(half)
        mine = self.scores.team == place
        return Estimate(
            value=value,
            low=value - half if known else None,
            high=value + half if known else None,
            n=len(np.unique(self.scores.expert[mine])),
            method=METHOD.format(taste="+tastes" if _tells_taste(self.scores) else ""),
            source=SOURCE,
        )


def fit_severity(scores: Scores) -> SeverityFit:
    """The fit with teams fixed: what an average expert would have given."""
    design = _design(scores, np.eye(len(scores.teams))[scores.team])
    plain, *_ = np.linalg.lstsq(design, scores.share, rcond=None)
    count = len(scores.teams)
    if float(np.abs(scores.share - design @ plain).max()) < SETTLED:
        lenient = np.zeros(len(scores.experts))
        exact = plain[:count].astype(np.float64)
        return SeverityFit(scores, exact, None, lenient)
    found = fit_crossed(scores.share, design, _factors(scores))
    return SeverityFit(
        scores,
        found.fixed[:count],
        found.covariance[:count, :count],
        found.predicted[0],
    )


def variance_parts(scores: Scores) -> VarianceParts:
    """Variances with teams random too, as generalisability asks for."""
    design = _design(scores, np.ones((len(scores.share), 1)))
    plain, *_ = np.linalg.lstsq(design, scores.share, rcond=None)
    told = _tells_taste(scores)
    if float(np.abs(scores.share - design @ plain).max()) < SETTLED:
        return VarianceParts(team=0, expert=0, taste=0 if told else None, noise=0)
    found: CrossedFit = fit_crossed(
        scores.share, design, [scores.team, *_factors(scores)]
    )
    return VarianceParts(
        team=found.variances[0],
        expert=found.variances[1],
        taste=found.variances[2] if told else None,
        noise=found.noise,
    )


def generalisability(scores: Scores, parts: VarianceParts) -> Estimate | None:
    """Share of the spread of team means that is the teams'; None without spread.

    With n experts a team (harmonic mean) and c criteria: team / (team + taste/n +
    noise/(n c)). The interval is Feldt's, exact where everybody scored everything.
    """
    raters = _experts_of_teams(scores)
    experts = len(raters) / sum(1 / count for count in raters)
    noise = (parts.taste or 0.0) + parts.noise / len(scores.criteria)
    whole = parts.team + noise / experts
    if whole <= 0:
        return None
    value = parts.team / whole
    ends = (len(scores.teams) - 1, scores.freedom)
    low, high = (1 - (1 - value) * fdtri(*ends, level) for level in (0.975, 0.025))
    return Estimate(
        value=value,
        low=max(float(low), 0.0),
        high=min(float(high), 1.0),
        n=len(scores.experts),
        method=f"generalisability/reml/feldt-interval/df {ends[0]}, {ends[1]}",
        source="Brennan 2001, section 1.2; Feldt 1965",
    )


def _experts_of_teams(scores: Scores) -> list[int]:
    return [
        len(np.unique(scores.expert[scores.team == place]))
        for place in range(len(scores.teams))
    ]


def _tells_taste(scores: Scores) -> bool:
    """Whether a sheet has several scores, so that taste and noise come apart."""
    return len(scores.criteria) > 1


def _factors(scores: Scores) -> Sequence[Codes]:
    return [scores.expert, scores.cell] if _tells_taste(scores) else [scores.expert]


def _design(scores: Scores, first: Array) -> Array:
    """(n, p): the first columns and criteria as distances from their mean."""
    contrasts = np.eye(len(scores.criteria))[:, 1:]
    contrasts = contrasts - contrasts.mean(axis=0)
    return np.hstack([first, contrasts[scores.criterion]])
