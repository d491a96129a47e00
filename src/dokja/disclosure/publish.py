"""Scores as the rules let everybody see them, and each team its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dokja.disclosure.commitments import ORDER, blinding_of, commit, written
from dokja.disclosure.figures import (
    MEAN,
    OWN,
    Figure,
    figures_of,
    figures_of_team,
    hidden_in,
    opened_to_all,
    shows,
)
from dokja.disclosure.values import (
    SCHEMA,
    SHEET,
    TOTAL,
    Opening,
    PublishedScores,
    PublishedSum,
    ScoreLine,
    ScoreSheet,
    SealedScore,
)
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text, quantise
from dokja.programme.values import Audience, Rulebook
from dokja.standing.values import Standing

SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True)
class Scores:
    """A standing, the rules it stands under, and the secret that hides it."""

    standing: Standing
    rulebook: Rulebook
    rules_digest: str
    secret: bytes
    """Random, kept by the office; whoever has it can open everything."""

    def __post_init__(self) -> None:
        if len(self.secret) < SECRET_BYTES:
            raise InvalidInput(
                f"the secret has {len(self.secret)} bytes",
                remedy=f"draw {SECRET_BYTES} random bytes and keep them",
            )

    @property
    def places(self) -> int:
        """Decimals of a score. Raises: NotAllowed where no rule says them."""
        rounding = self.rulebook.rounding
        if rounding is None:
            raise NotAllowed(
                "the rulebook is silent about rounding",
                remedy="it needs [rounding] before scores are published",
            )
        return rounding.component_places


def publish_scores(scores: Scores) -> PublishedScores:
    """Every figure committed to; open is what the rules make public, and no more.

    Raises: NotAllowed where no rule says how scores are rounded; InvalidInput for a
    score that is finer than its rule, or negative.
    """
    figures = list(figures_of(scores.standing))
    opened = opened_to_all(scores.rulebook, figures)
    sealed = tuple(
        SealedScore(
            team=each.team,
            figure=each.figure,
            commitment=written(
                commit(_whole(each, scores.places), _blinding(scores, each))
            ),
            opened=_opening(scores, each) if each in opened else None,
        )
        for each in figures
    )
    sums, withheld = _sums(scores, figures, opened)
    return PublishedScores(
        schema=SCHEMA,
        programme=scores.rulebook.programme,
        stage=scores.standing.stage,
        rules_digest=scores.rules_digest,
        places=scores.places,
        scores=sealed,
        sums=sums,
        withheld=withheld,
    )


def score_sheets(scores: Scores, published: PublishedScores) -> tuple[ScoreSheet, ...]:
    """Each team's own sheet, by team.

    Raises: NotAllowed where the rules show a team's scores to nobody but auditors.
    """
    if not shows(scores.rulebook, OWN, Audience.OWN_TEAM):
        raise NotAllowed(
            f"the rulebook does not show {OWN} to the team",
            remedy="it needs a disclosure of that record to own_team or public",
        )
    digest = digest_of(published)
    known = {figure: (name, most) for figure, name, most in _known(scores.rulebook)}
    return tuple(
        ScoreSheet(
            schema=SHEET,
            programme=published.programme,
            stage=published.stage,
            team=team.team,
            published=digest,
            lines=tuple(
                ScoreLine(
                    figure=each.figure,
                    name=known[each.figure][0],
                    possible=known[each.figure][1],
                    opened=_opening(scores, each),
                )
                for each in figures_of_team(team)
            ),
        )
        for team in sorted(scores.standing.teams, key=lambda t: t.team)
    )


def _known(rulebook: Rulebook) -> Iterator[tuple[str, Text, Decimal]]:
    for category in rulebook.categories:
        yield category.id, category.name, category.points
        for part in category.components:
            if part.id != category.id:
                yield part.id, part.name, part.points
    most = sum((c.points for c in rulebook.categories), Decimal(0))
    yield TOTAL, Text(ko="총점", en="Total"), most


def _sums(
    scores: Scores, figures: Sequence[Figure], opened: frozenset[Figure]
) -> tuple[tuple[PublishedSum, ...], tuple[Text, ...]]:
    if not shows(scores.rulebook, MEAN, Audience.PUBLIC):
        return (), ()
    sums: list[PublishedSum] = []
    withheld: list[Text] = []
    for figure in dict.fromkeys(each.figure for each in figures):
        mine = [each for each in figures if each.figure == figure]
        if hidden := hidden_in(mine, opened):
            withheld.append(_withheld(figure, hidden))
        else:
            sums.append(_sum(scores, figure, mine))
    return tuple(sums), tuple(withheld)


def _sum(scores: Scores, figure: str, mine: Sequence[Figure]) -> PublishedSum:
    total = sum((each.points for each in mine), Decimal(0))
    blinding = sum(_blinding(scores, each) for each in mine) % ORDER
    mean = quantise(total / len(mine), places=scores.places)
    return PublishedSum(
        figure=figure,
        teams=tuple(each.team for each in mine),
        sum=Opening(points=total, blinding=written(blinding)),
        mean=mean,
    )


def _withheld(figure: str, hidden: int) -> Text:
    return Text(
        ko=f"{figure}: 비공개 점수가 {hidden}개뿐이므로 평균을 공개하면 개별 점수가 "
        "드러납니다.",
        en=f"{figure}: only {hidden} scores are hidden, and a mean would show them.",
    )


def _opening(scores: Scores, each: Figure) -> Opening:
    return Opening(points=each.points, blinding=written(_blinding(scores, each)))


def _blinding(scores: Scores, each: Figure) -> int:
    stage = (scores.rulebook.programme, scores.standing.stage, scores.rules_digest)
    return blinding_of(scores.secret, "\0".join((*stage, each.team, each.figure)))


def _whole(each: Figure, places: int) -> int:
    """The points in units of the last place."""
    scaled = each.points.scaleb(places)
    if scaled != scaled.to_integral_value() or scaled < 0:
        raise InvalidInput(
            f"{each.figure} of {each.team} is {each.points}, which is no number of "
            f"{places} decimals",
            remedy="publish scores as the rulebook rounds them",
        )
    return int(scaled)
