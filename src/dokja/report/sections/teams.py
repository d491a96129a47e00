"""What each team was given, and why."""

from __future__ import annotations

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures import meter_figure
from dokja.report.names import Names
from dokja.report.numerals import Shown, percent, percent_interval, points, probability
from dokja.report.pieces import (
    ReasonView,
    TeamLink,
    View,
    Word,
    decided,
    reason_views,
    team_link,
    unique,
)
from dokja.report.sections.standings import total_interval
from dokja.report.wording import STATUS
from dokja.stage.values import StageRecord
from dokja.standing.values import (
    CategoryScore,
    ComponentScore,
    TargetAttainment,
    TeamStanding,
)
from dokja.submission.values import Seal


class ComponentRow(View, frozen=True, kw_only=True):
    """Points of one component with what they rest on."""

    name: Text
    points: Shown
    possible: str
    meter: Markup | None
    share: Shown
    interval: str | None
    n: int | None
    method: str


class CategoryBlock(View, frozen=True, kw_only=True):
    """Points of one category with its components."""

    name: Text
    points: Shown
    possible: str
    components: tuple[ComponentRow, ...]


class IndexRow(View, frozen=True, kw_only=True):
    """An index of the team."""

    name: Text
    value: Shown


class TargetRow(View, frozen=True, kw_only=True):
    """Attainment of the target on one suite."""

    suite: Text
    reference: Text
    attainment: Shown
    interval: str | None
    met: bool | None


class TeamCard(View, frozen=True, kw_only=True):
    """Everything on one team."""

    team: TeamLink
    model: str
    licence: str
    status: Word
    rank: Shown
    total: Shown
    possible: str
    interval: str | None
    inside: Shown
    reasons: tuple[ReasonView, ...]
    categories: tuple[CategoryBlock, ...]
    indices: tuple[IndexRow, ...]
    targets: tuple[TargetRow, ...]
    individual_suites: tuple[Text, ...]
    gate_anchor: str | None
    """None where the gate was not run for the team."""


class TeamsView(View, frozen=True, kw_only=True):
    """One card a team, in the order of the standing."""

    cards: tuple[TeamCard, ...]
    attainment: str | None
    """The share of the target that counts as met."""


def teams_view(record: StageRecord, names: Names) -> TeamsView:
    """Cards of all teams; those without a standing come last."""
    standings = {t.team: t for t in record.outcome.standing.teams}
    seals = {s.manifest.team: s for s in record.evidence.seals}
    order = unique((*standings, *record.evidence.plan.teams))
    target = record.evidence.rulebook.target
    return TeamsView(
        cards=tuple(
            _card(record, names, (team, standings.get(team), seals.get(team)))
            for team in order
        ),
        attainment=percent(float(target.attainment), places=0) if target else None,
    )


def _card(
    record: StageRecord,
    names: Names,
    subject: tuple[str, TeamStanding | None, Seal | None],
) -> TeamCard:
    team, standing, seal = subject
    decision = decided(record, team)
    inside = standing.inside_cut if standing else None
    rank = standing.rank if standing else None
    individual = seal.manifest.individual_suites if seal else ()
    return TeamCard(
        team=team_link(team, names),
        model=seal.manifest.model if seal else "",
        licence=seal.manifest.licence if seal else "",
        status=Word(code=decision.status.value, text=STATUS[decision.status]),
        rank=Shown(None if rank is None else str(rank)),
        total=points(standing.total if standing else None, places=names.places),
        possible=str(names.possible),
        interval=total_interval(standing, names) if standing else None,
        inside=Shown(None if inside is None else probability(inside.value)),
        reasons=reason_views(decision.reasons, names),
        categories=tuple(
            _category(score, names, f"{names.team_anchor(team)}-c{position}")
            for position, score in enumerate(standing.categories if standing else ())
        ),
        indices=tuple(
            IndexRow(
                name=names.index(i.index), value=points(i.value, places=names.places)
            )
            for i in (standing.indices if standing else ())
        ),
        targets=tuple(
            _target(t, names) for t in (standing.targets if standing else ())
        ),
        individual_suites=tuple(names.suite(suite) for suite in individual),
        gate_anchor=_gate_anchor(record, names, team),
    )


def _gate_anchor(record: StageRecord, names: Names, team: str) -> str | None:
    found = any(finding.team == team for finding in record.outcome.findings)
    return names.gate_anchor(team) if found else None


def _category(score: CategoryScore, names: Names, key: str) -> CategoryBlock:
    return CategoryBlock(
        name=names.category(score.category),
        points=points(score.points, places=names.places),
        possible=str(score.possible),
        components=tuple(
            _component(part, names, f"{key}-{position}")
            for position, part in enumerate(score.components)
        ),
    )


def _component(score: ComponentScore, names: Names, key: str) -> ComponentRow:
    share, name = score.share, names.component(score.component)
    return ComponentRow(
        name=name,
        points=points(score.points, places=names.places, reason=score.reason),
        possible=str(score.possible),
        meter=meter_figure(key, share, name=name, highest=1.0) if share else None,
        share=Shown(percent(share.value) if share else None, score.reason),
        interval=percent_interval(share) if share else None,
        n=share.n if share else None,
        method=share.method if share else "",
    )


def _target(target: TargetAttainment, names: Names) -> TargetRow:
    attainment = target.attainment
    return TargetRow(
        suite=names.suite(target.suite),
        reference=names.reference(target.reference),
        attainment=Shown(percent(attainment.value) if attainment else None),
        interval=percent_interval(attainment) if attainment else None,
        met=target.met,
    )
