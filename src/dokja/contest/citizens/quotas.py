"""A citizen panel that looks like the country: quotas, admission, weights.

Works on counts alone: how many people of each cell there are. Who is in which
cell is the office's to know, and stands in no act.

Source: W. Deming, F. Stephan, Annals of Mathematical Statistics 11:427 (1940),
raking; L. Kish, Survey Sampling (1965), section 11.7, the effective n.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from scipy.special import expit

from dokja.contest.rating.vote_table import VoteTable
from dokja.contest.values import QuotaPlan
from dokja.errors import InvalidInput
from dokja.evidence.values import Estimate
from dokja.statistics.clustered import Scores
from dokja.statistics.proportion import Z_95
from dokja.statistics.ratings.bradley_terry import plain_fit
from dokja.statistics.ratings.identified import identified
from dokja.statistics.ratings.voter_errors import VoteScores, sandwich
from dokja.statistics.ratings.votes import LEFT, TIE

ROUNDS = 500
SETTLED = 1e-10
HEAVIEST = 5.0
"""Times the mean weight: a heavier voter would speak for too many others."""

Margins = Mapping[str, Mapping[str, int]]
"""Margin, cell, people admitted."""
Person = tuple[str, ...]
"""A cell of each margin, in the order of the plan."""


class CellState(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How full one cell is."""

    margin: str
    cell: str
    planned: int
    most: int
    """With the slack."""
    admitted: int

    @property
    def open(self) -> int:
        """Places left, up to the plan."""
        return max(self.planned - self.admitted, 0)


class PanelDistance(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How far a panel is from its plan on one margin."""

    margin: str
    distance: float
    """Half the sum of absolute differences of shares: people to exchange."""
    furthest: str
    """The cell that is furthest off."""


class Raked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weights that give every margin its planned shares."""

    weights: dict[str, float]
    """By cells joined with `/`; their mean over people is 1."""
    effective_n: float
    people: int
    heaviest: float
    trimmed: bool
    """Whether a weight was held at the most, so that margins are met nearly."""
    worst_margin: float
    """Largest difference of a share from its plan that is left."""


class WeightedRating(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Strengths as the planned population would give them: a view."""

    teams: dict[str, Estimate | None]
    effective_n: float


def cell_states(plan: QuotaPlan, admitted: Margins) -> tuple[CellState, ...]:
    """Every cell of the plan with how full it is."""
    return tuple(
        CellState(
            margin=margin.id,
            cell=cell.cell,
            planned=round(cell.share * plan.size),
            most=math.floor(cell.share * plan.size * (1 + plan.slack) + 1e-9),
            admitted=admitted.get(margin.id, {}).get(cell.cell, 0),
        )
        for margin in plan.margins
        for cell in margin.cells
    )


def full_cells(
    plan: QuotaPlan, admitted: Margins, person: Person
) -> tuple[CellState, ...]:
    """The cells that keep this person out; empty where they may be admitted.

    Raises: InvalidInput for a cell the plan does not know.
    """
    states = {(s.margin, s.cell): s for s in cell_states(plan, admitted)}
    ids = [margin.id for margin in plan.margins]
    wanted = list(zip(ids, person, strict=False))
    unknown = [place for place in wanted if place not in states]
    if unknown or len(person) != len(ids):
        raise InvalidInput(
            f"no such cell in the plan: {unknown or person}",
            remedy=f"name a cell of each of {', '.join(ids)}",
        )
    total = sum(admitted.get(ids[0], {}).values())
    full = tuple(
        states[place]
        for place in wanted
        if states[place].admitted >= max(states[place].most, 1)
    )
    if total >= plan.size and not full:
        return tuple(states[place] for place in wanted)
    return full


def distances(plan: QuotaPlan, admitted: Margins) -> tuple[PanelDistance, ...]:
    """How far the panel is from its plan on each margin; 1 for an empty one."""
    found = []
    for margin in plan.margins:
        counts = admitted.get(margin.id, {})
        total = sum(counts.values())
        gaps = {
            cell.cell: (counts.get(cell.cell, 0) / total if total else 0.0) - cell.share
            for cell in margin.cells
        }
        furthest = max(sorted(gaps), key=lambda cell: abs(gaps[cell]))
        found.append(
            PanelDistance(
                margin=margin.id,
                distance=sum(map(abs, gaps.values())) / 2 if total else 1.0,
                furthest=furthest,
            )
        )
    return tuple(found)


def rake(plan: QuotaPlan, people: Mapping[Person, int]) -> Raked:
    """Weights by cell of all margins at once, from how many people each holds.

    Raises: InvalidInput where a planned cell is empty, which no weight mends.
    """
    persons = sorted(person for person, count in people.items() if count)
    counts = np.array([people[person] for person in persons], dtype=np.float64)
    masks, shares = _margin_masks(plan, persons)
    weights = np.ones(len(counts))
    for _ in range(ROUNDS):
        before = weights.copy()
        for mask, share in zip(masks, shares, strict=True):
            held = float((weights * counts)[mask].sum()) / float(
                (weights * counts).sum()
            )
            weights[mask] *= share / held
        weights *= counts.sum() / (weights * counts).sum()
        weights = np.minimum(weights, HEAVIEST)
        if float(np.abs(weights - before).max()) < SETTLED:
            break
    whole = weights * counts
    left = [
        abs(float(whole[mask].sum() / whole.sum()) - share)
        for mask, share in zip(masks, shares, strict=True)
    ]
    return Raked(
        weights={
            "/".join(person): float(weight)
            for person, weight in zip(persons, weights, strict=True)
        },
        effective_n=float(whole.sum() ** 2 / (weights**2 * counts).sum()),
        people=int(counts.sum()),
        heaviest=float(weights.max()),
        trimmed=bool((weights >= HEAVIEST).any()),
        worst_margin=max(left),
    )


def weighted_rating(
    table: VoteTable, weights: Mapping[str, float], *, source: str
) -> WeightedRating:
    """Strengths with each voter's votes weighted; errors clustered on the voter.

    Intervals are each team's own at 95 %. A team without a strength is None.
    """
    votes = table.votes
    by_voter = np.array([weights.get(name, 0.0) for name in table.voters])
    weight = by_voter[votes.voter]
    cells = np.bincount(votes.cells(), weights=weight, minlength=3 * votes.teams**2)
    counts = cells.reshape(3, votes.teams, votes.teams)
    wins = counts[LEFT] + counts[1].T + (counts[TIE] + counts[TIE].T) / 2
    seen = np.bincount(votes.voter, minlength=len(by_voter)) > 0
    effective = float(by_voter[seen].sum() ** 2 / (by_voter[seen] ** 2).sum())
    fit = plain_fit(wins) if len(identified(wins).rated) == votes.teams else None
    if fit is None:
        return WeightedRating(teams=dict.fromkeys(table.teams), effective_n=effective)
    order = np.lexsort((votes.cells(), votes.voter))
    left, right, outcome = (
        column[order] for column in (votes.left, votes.right, votes.outcome)
    )
    worth = np.where(outcome == TIE, 0.5, (outcome == LEFT).astype(np.float64))
    slope = weight[order] * (worth - expit(fit.theta[left] - fit.theta[right]))
    scores = VoteScores(
        votes.teams, votes.voter[order], left, right, slope, np.zeros((0, len(slope)))
    )
    return WeightedRating(
        teams=_estimates(table, fit.theta, sandwich(scores, fit.inverse), source),
        effective_n=effective,
    )


def _estimates(
    table: VoteTable, theta: Scores, covariance: Scores | None, source: str
) -> dict[str, Estimate | None]:
    errors = None if covariance is None else Z_95 * np.sqrt(np.diag(covariance))
    return {
        team: Estimate(
            value=float(theta[place]),
            low=None if errors is None else float(theta[place] - errors[place]),
            high=None if errors is None else float(theta[place] + errors[place]),
            n=len(table),
            method="bradley-terry/ties=half/raked/voter-clustered/normal/0.95",
            source=source,
        )
        for place, team in enumerate(table.teams)
    }


def _margin_masks(
    plan: QuotaPlan, persons: Sequence[Person]
) -> tuple[list[Scores], list[float]]:
    masks, shares, empty = [], [], []
    for place, margin in enumerate(plan.margins):
        for cell in margin.cells:
            mask = np.array([person[place] == cell.cell for person in persons])
            if not mask.any():
                empty.append(f"{margin.id}: {cell.cell}")
            masks.append(mask)
            shares.append(cell.share)
    if empty:
        raise InvalidInput(
            f"nobody stands for {', '.join(empty)}",
            remedy="admit people of these cells, or merge them in the plan",
        )
    return masks, shares
