"""The rating of teams from votes: strengths, errors, intervals and ranks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from dokja.evidence.values import Estimate
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.bradley_terry import plain_fit
from dokja.statistics.ratings.covariates import row_fit
from dokja.statistics.ratings.identified import identified
from dokja.statistics.ratings.rao_kupper import tie_fit, tie_slopes
from dokja.statistics.ratings.simultaneous import (
    certainly_above,
    critical_values,
    rank_interval,
)
from dokja.statistics.ratings.values import NoStrength, TieRule
from dokja.statistics.ratings.voter_errors import VoteScores, sandwich, table_scores
from dokja.statistics.ratings.votes import (
    LEFT,
    RIGHT,
    TIE,
    Codes,
    Votes,
    half_wins,
    wins_and_ties,
)

SIMULTANEOUS_DRAWS = 20_000
"""The critical value then moves by about 0.01 from seed to seed."""


@dataclass(frozen=True, eq=False)
class Rating:
    """Strengths of the teams that the votes place on one scale."""

    rule: TieRule
    reasons: tuple[NoStrength | None, ...]
    """By team: why it has no strength; None for the rated."""
    rated: Codes
    """(m,) team numbers, in the order of what follows."""
    strengths: Scores
    """(m,) logits, summing to 0."""
    others: Scores
    """(p,) coefficients of the terms; with Rao and Kupper's ties, ln(nu)."""
    model: Scores
    """(m + p, m + p) covariance if every vote were independent and the model true."""
    clustered: Scores | None
    """The same clustered on the voter; None below two voters."""
    votes: int
    """Votes that entered."""
    voters: int

    @property
    def freedom(self) -> int:
        """Degrees of freedom of an interval."""
        return max(self.voters - 1, 0)


@dataclass(frozen=True, eq=False)
class RankedRating:
    """A rating with 95 % intervals that hold for all teams together."""

    strengths: tuple[Estimate | NoStrength, ...]
    """By team, with joint intervals; the word says why there is no strength."""
    best: tuple[int, ...]
    """By team: 1 plus the teams certainly above it."""
    worst: tuple[int, ...]


def rate(
    votes: Votes, rule: TieRule = TieRule.HALF, *, terms: Scores | None = None
) -> Rating:
    """Strengths under one reading of ties, beside (n, terms) differences if given.

    Raises: ValueError for terms beside Rao and Kupper's ties, a model that is
    not fitted here.
    """
    if rule is TieRule.DROPPED:
        decided = votes.outcome != TIE
        votes = votes.of(decided)
        terms = None if terms is None else terms[decided]
    counts = votes.counts()
    found = identified(half_wins(counts))
    if len(found.rated) < votes.teams:
        inside = votes.among(found.rated)
        votes = votes.of(inside).renumbered(found.rated)
        terms = None if terms is None else terms[inside]
        counts = counts[:, found.rated[:, None], found.rated[None, :]]
    if not len(found.rated):
        return _nothing(rule, found.reasons)
    if terms is not None:
        if rule is TieRule.RAO_KUPPER:
            raise ValueError("terms are fitted with ties as half a win or dropped")
        fitted = _with_terms(votes, terms)
    elif rule is TieRule.RAO_KUPPER:
        fitted = _with_ties(votes, counts)
    else:
        fitted = _plain(votes, counts)
    if fitted is None:
        return _nothing(rule, tuple(x or NoStrength.UNSETTLED for x in found.reasons))
    return Rating(
        rule=rule,
        reasons=found.reasons,
        rated=found.rated,
        strengths=fitted.strengths,
        others=fitted.others,
        model=fitted.inverse,
        clustered=sandwich(fitted.scores, fitted.inverse),
        votes=len(votes),
        voters=fitted.scores.voters,
    )


def ranked(
    rating: Rating, *, seed: int, source: str, draws: int = SIMULTANEOUS_DRAWS
) -> RankedRating:
    """The rating as published numbers: joint intervals and what ranks they leave.

    Where voters are too few for an error nothing is certain: no interval, and
    every rank is open.
    """
    teams, count = len(rating.reasons), len(rating.rated)
    strengths: list[Estimate | NoStrength | None] = list(rating.reasons)
    best, worst = np.ones(teams, dtype=np.intp), np.full(teams, teams)
    reach, errors = 0.0, np.zeros(count)
    if rating.clustered is not None:
        covariance = rating.clustered[:count, :count]
        critical = critical_values(
            seed, covariance, freedom=rating.freedom, draws=draws
        )
        reach, errors = critical.strengths, np.sqrt(np.diag(covariance))
        above = certainly_above(
            rating.strengths, covariance, reach=critical.differences
        )
        best[rating.rated], worst[rating.rated] = rank_interval(above, teams)
    method = (
        f"bradley-terry/ties={rating.rule}/terms={_terms(rating)}/voter-clustered/"
        f"V={rating.voters}/max-t/draws={draws}/0.95"
    )
    for place, team in enumerate(rating.rated):
        strengths[team] = _estimate(
            float(rating.strengths[place]),
            reach * float(errors[place]),
            rating,
            method=method,
            source=source,
        )
    return RankedRating(
        tuple(x for x in strengths if x is not None),
        tuple(int(rank) for rank in best),
        tuple(int(rank) for rank in worst),
    )


def other_estimates(rating: Rating, *, source: str) -> tuple[Estimate, ...]:
    """Coefficients of the terms, or ln(nu), each with its own 95 % interval."""
    count = len(rating.rated)
    errors = np.zeros(len(rating.others))
    reach = 0.0
    if rating.clustered is not None:
        errors = np.sqrt(np.diag(rating.clustered)[count:])
        reach = float(stdtrit(rating.freedom, 0.975))
    method = (
        f"bradley-terry/ties={rating.rule}/voter-clustered-t/V={rating.voters}/0.95"
    )
    return tuple(
        _estimate(
            float(value), reach * float(error), rating, method=method, source=source
        )
        for value, error in zip(rating.others, errors, strict=True)
    )


@dataclass(frozen=True, eq=False)
class _Fitted:
    strengths: Scores
    others: Scores
    inverse: Scores
    scores: VoteScores


def _plain(votes: Votes, counts: Scores) -> _Fitted | None:
    fit = plain_fit(half_wins(counts))
    if fit is None:
        return None
    slopes = np.empty((3, *fit.expected.shape))
    slopes[LEFT], slopes[RIGHT] = 1 - fit.expected, -fit.expected
    slopes[TIE] = 0.5 - fit.expected
    scores = table_scores(votes, slopes, np.zeros((0, *slopes.shape)))
    return _Fitted(fit.theta, np.zeros(0), fit.inverse, scores)


def _with_ties(votes: Votes, counts: Scores) -> _Fitted | None:
    fit = tie_fit(*wins_and_ties(counts))
    if fit is None:
        return None
    scores = table_scores(votes, *tie_slopes(fit))
    return _Fitted(fit.theta, np.array([fit.eta]), fit.inverse, scores)


def _with_terms(votes: Votes, terms: Scores) -> _Fitted | None:
    fit = row_fit(votes, terms)
    if fit is None:
        return None
    return _Fitted(fit.theta, fit.beta, fit.inverse, fit.scores)


def _nothing(rule: TieRule, reasons: tuple[NoStrength | None, ...]) -> Rating:
    empty = np.zeros(0)
    return Rating(
        rule=rule,
        reasons=reasons,
        rated=np.zeros(0, dtype=np.intp),
        strengths=empty,
        others=empty,
        model=np.zeros((0, 0)),
        clustered=None,
        votes=0,
        voters=0,
    )


def _terms(rating: Rating) -> int:
    return 0 if rating.rule is TieRule.RAO_KUPPER else len(rating.others)


def _estimate(
    value: float, reach: float, rating: Rating, *, method: str, source: str
) -> Estimate:
    known = reach > 0 and math.isfinite(reach)
    return Estimate(
        value=value,
        low=value - reach if known else None,
        high=value + reach if known else None,
        n=rating.votes,
        method=method,
        source=source,
    )
