"""From votes to the rating that is published, and the views beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.contest.rating.rated import (
    ContestRating,
    RatedTeam,
    RatingView,
    TeamErrors,
    TeamStrength,
)
from dokja.contest.rating.vote_table import VoteTable
from dokja.errors import InvalidInput
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Estimate, Text
from dokja.statistics.clustered import Scores
from dokja.statistics.ratings.covariates import side
from dokja.statistics.ratings.rating import Rating, other_estimates, ranked, rate
from dokja.statistics.ratings.values import NoStrength, TieRule
from dokja.statistics.ratings.votes import TIE

SEED = seed_for("dokja-contest-rating/1", "joint intervals")
"""Nobody gains by the draws of a critical value, so they need no beacon."""

DROPPED = Text(ko="무승부 제외", en="ties dropped")
RAO_KUPPER = Text(
    ko="무승부를 모수로 반영(Rao–Kupper)", en="ties by a parameter (Rao and Kupper)"
)
NOT_BAD = Text(ko="‘둘 다 나쁨’ 제외", en="`both bad` dropped")
POSITION = Text(ko="좌우 위치 보정", en="with the side as a term")
STYLE = Text(ko="위치와 형식 보정", en="with side and style as terms")
POSITION_TERM = "left"


@dataclass(frozen=True, eq=False)
class _Reading:
    """One way of reading the votes."""

    id: str
    name: Text
    rating: Rating
    terms: tuple[str, ...] = ()


def rate_votes(table: VoteTable, *, source: str) -> ContestRating:
    """The rating of these votes. Raises: InvalidInput where there is none.

    Officially a tie and two bad answers are half a win for each side, without
    other terms; everything else is shown beside it. A voter counts as one
    observation in every error.
    """
    if not len(table):
        raise InvalidInput(f"{source} holds no vote", remedy="collect votes first")
    rating = rate(table.votes)
    found = ranked(rating, seed=SEED, source=source)
    official = _by_team(rating)
    return ContestRating(
        teams=_teams(table, found.strengths, found.best, found.worst),
        votes=len(table),
        voters=int(np.count_nonzero(np.bincount(table.votes.voter))),
        ties=int(np.count_nonzero(table.votes.outcome == TIE)),
        both_bad=int(np.count_nonzero(table.both_bad)),
        most_votes_of_one=int(np.bincount(table.votes.voter).max()),
        method=_method(found.strengths, rating),
        source=source,
        errors=_errors(table, rating),
        design_effect=_design_effect(rating),
        views=tuple(
            _view(table, reading, official, source) for reading in _readings(table)
        ),
    )


def _readings(table: VoteTable) -> Iterator[_Reading]:
    votes = table.votes
    yield _Reading("ties_dropped", DROPPED, rate(votes, TieRule.DROPPED))
    yield _Reading("rao_kupper", RAO_KUPPER, rate(votes, TieRule.RAO_KUPPER), ("tie",))
    if table.both_bad.any():
        yield _Reading("both_bad_dropped", NOT_BAD, rate(votes.of(~table.both_bad)))
    terms = side(votes)
    yield _Reading("position", POSITION, rate(votes, terms=terms), (POSITION_TERM,))
    if table.style is not None:
        both = np.concatenate([terms, table.style], axis=1)
        names = (POSITION_TERM, *table.styles)
        yield _Reading("position_style", STYLE, rate(votes, terms=both), names)


def _by_team(rating: Rating) -> tuple[float | None, ...]:
    found: list[float | None] = [None] * len(rating.reasons)
    for place, team in enumerate(rating.rated):
        found[team] = float(rating.strengths[place])
    return tuple(found)


def _view(
    table: VoteTable,
    reading: _Reading,
    official: Sequence[float | None],
    source: str,
) -> RatingView:
    strengths = _by_team(reading.rating)
    estimates = other_estimates(reading.rating, source=source)
    return RatingView(
        id=reading.id,
        name=reading.name,
        teams=tuple(
            TeamStrength(team=team, strength=strength)
            for team, strength in zip(table.teams, strengths, strict=True)
        ),
        # Without a fit there are names of terms and no figures.
        terms=dict(zip(reading.terms, estimates, strict=False)),
        order_differs=_order(strengths) != _order(official),
    )


def _order(strengths: Sequence[float | None]) -> list[int]:
    """Teams from the strongest, those without a strength last."""
    places = range(len(strengths))
    return sorted(
        places, key=lambda t: (strengths[t] is None, -(strengths[t] or 0.0), t)
    )


def _teams(
    table: VoteTable,
    strengths: Sequence[Estimate | NoStrength],
    best: Sequence[int],
    worst: Sequence[int],
) -> tuple[RatedTeam, ...]:
    votes = table.votes
    counts = np.bincount(votes.left, minlength=votes.teams)
    counts += np.bincount(votes.right, minlength=votes.teams)
    return tuple(
        _team(name, strengths[team], (best[team], worst[team]), int(counts[team]))
        for team, name in enumerate(table.teams)
    )


def _team(
    name: str, found: Estimate | NoStrength, ranks: tuple[int, int], votes: int
) -> RatedTeam:
    known = found if isinstance(found, Estimate) else None
    return RatedTeam(
        team=name,
        strength=known.value if known else None,
        low=known.low if known else None,
        high=known.high if known else None,
        rank_low=ranks[0],
        rank_high=ranks[1],
        votes=votes,
        unrated=None if isinstance(found, Estimate) else found,
    )


def _method(strengths: Sequence[Estimate | NoStrength], rating: Rating) -> str:
    for found in strengths:
        if isinstance(found, Estimate):
            return found.method
    return f"bradley-terry/ties={rating.rule}/no team could be rated"


def _variances(covariance: Scores, count: int) -> Scores:
    return np.diag(covariance)[:count]


def _errors(table: VoteTable, rating: Rating) -> tuple[TeamErrors, ...]:
    count = len(rating.rated)
    naive = np.sqrt(_variances(rating.model, count))
    clustered: list[float | None] = [None] * count
    if rating.clustered is not None:
        errors = np.sqrt(np.maximum(_variances(rating.clustered, count), 0))
        clustered = [float(error) for error in errors]
    return tuple(
        TeamErrors(
            team=table.teams[team],
            naive=float(naive[place]),
            clustered=clustered[place],
        )
        for place, team in enumerate(rating.rated)
    )


def _design_effect(rating: Rating) -> float | None:
    count = len(rating.rated)
    if rating.clustered is None or not count:
        return None
    naive = float(_variances(rating.model, count).mean())
    return float(_variances(rating.clustered, count).mean()) / naive
