"""Where the teams stand, and how sure that is."""

from __future__ import annotations

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures import Cut, Segment, TotalsRow, totals_figure
from dokja.report.names import Names
from dokja.report.numerals import Shown, interval, points, probability
from dokja.report.pieces import TeamLink, View, Word, decided, team_link, unique
from dokja.report.sections.sensitivity import SensitivityView, sensitivity_view
from dokja.report.wording import STATUS
from dokja.stage.values import StageRecord
from dokja.standing.values import TeamStanding

HEAT_STEPS = 8


class StandingRow(View, frozen=True, kw_only=True):
    """One line of the table."""

    team: TeamLink
    status: Word
    total: Shown
    interval: str | None
    rank: Shown
    inside: Shown
    inside_n: int | None


class HeatCell(View, frozen=True, kw_only=True):
    """Probability of one rank; `level` 0 to HEAT_STEPS picks the shade."""

    text: str
    level: int


class HeatRow(View, frozen=True, kw_only=True):
    """Rank probabilities of a team; empty where its total is unknown."""

    team: TeamLink
    cells: tuple[HeatCell, ...]


class StandingsView(View, frozen=True, kw_only=True):
    """The section on standings."""

    figure: Markup
    categories: tuple[Text, ...]
    some_unknown: bool
    """Whether a category of some team is undetermined."""
    rows: tuple[StandingRow, ...]
    ranks: tuple[int, ...]
    heat: tuple[HeatRow, ...]
    keep: int | None
    method: str
    sensitivity: SensitivityView | None


def standings_view(record: StageRecord, names: Names) -> StandingsView:
    """The standings of the record, best first."""
    standing, rulebook = record.outcome.standing, record.evidence.rulebook
    cut = rulebook.rank_cut(record.evidence.plan.stage)
    most = max((len(t.rank_probability) for t in standing.teams), default=0)
    return StandingsView(
        figure=_figure(record, names),
        categories=tuple(c.name for c in rulebook.categories),
        some_unknown=any(
            c.points is None for t in standing.teams for c in t.categories
        ),
        rows=tuple(_row(record, names, team) for team in standing.teams),
        ranks=tuple(range(1, most + 1)),
        heat=tuple(
            HeatRow(
                team=team_link(team.team, names),
                cells=tuple(_cell(share) for share in team.rank_probability),
            )
            for team in standing.teams
        ),
        keep=cut.keep if cut else None,
        method=standing.method,
        sensitivity=sensitivity_view(record, names),
    )


def _row(record: StageRecord, names: Names, team: TeamStanding) -> StandingRow:
    status = decided(record, team.team).status
    inside = team.inside_cut
    return StandingRow(
        team=team_link(team.team, names),
        status=Word(code=status.value, text=STATUS[status]),
        total=points(team.total, places=names.places, reason=_missing(team)),
        interval=total_interval(team, names),
        rank=Shown(None if team.rank is None else str(team.rank)),
        inside=Shown(None if inside is None else probability(inside.value)),
        inside_n=inside.n if inside else None,
    )


def total_interval(team: TeamStanding, names: Names) -> str | None:
    """95% interval of the total as printed; None where there is none."""
    if team.total_interval is None:
        return None
    ends = team.total_interval
    return interval(ends.low, ends.high, places=names.places)


def _missing(team: TeamStanding) -> Text | None:
    """Why there is no total: the reasons of the components without points."""
    parts = [part for c in team.categories for part in c.components]
    reasons = unique(part.reason for part in parts if part.reason is not None)
    if not reasons:
        return None
    return Text(
        ko="; ".join(reason.ko for reason in reasons),
        en="; ".join(reason.en for reason in reasons),
    )


def _cell(share: float) -> HeatCell:
    return HeatCell(
        text=probability(share).removesuffix("%"), level=round(share * HEAT_STEPS)
    )


def _figure(record: StageRecord, names: Names) -> Markup:
    rows = [_totals_row(record, names, t) for t in record.outcome.standing.teams]
    return totals_figure(rows, maximum=float(names.possible), cut=_cut(record))


def _totals_row(record: StageRecord, names: Names, team: TeamStanding) -> TotalsRow:
    ends = team.total_interval
    known = ends is not None and ends.low is not None and ends.high is not None
    scores = {c.category: c.points for c in team.categories}
    segments = tuple(
        Segment(
            float(category.points if score is None else score),
            points(score, places=names.places).text,
        )
        for category in record.evidence.rulebook.categories
        for score in (scores.get(category.id),)
    )
    return TotalsRow(
        name=names.team(team.team),
        status=STATUS[decided(record, team.team).status],
        total=points(team.total, places=names.places).text,
        interval=(ends.low or 0.0, ends.high or 0.0) if ends and known else None,
        segments=segments,
    )


def _cut(record: StageRecord) -> Cut | None:
    rule = record.evidence.rulebook.rank_cut(record.evidence.plan.stage)
    teams = record.outcome.standing.teams
    inside = [t for t in teams if rule and t.rank is not None and t.rank <= rule.keep]
    if rule is None or not inside or len(inside) == len(teams):
        return None
    least = inside[-1].total
    return Cut(
        after=len(inside),
        least=float(least if least is not None else 0),
        text=Text(
            f"순위 기준: 총점 상위 {rule.keep}개 팀",
            f"Cut by total: the best {rule.keep} stay",
        ),
    )
