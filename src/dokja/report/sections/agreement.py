"""How far the experts agree, and what their severity does to the teams."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.panel.values import AgreementReport, Discussion, TeamSeverity
from dokja.report.figures.panel import PanelRow, panel_figure
from dokja.report.names import Names
from dokja.report.numerals import (
    fixed,
    interval,
    percent,
    percent_interval,
    signed_points,
)
from dokja.report.pieces import Fact, TeamLink, View, same, team_link
from dokja.stage.values import StageRecord

ALPHA = Text("일치도 α", "Agreement, α")
GENERAL = Text("일반화 계수", "Generalisability")
NOT_TOLD = Text(
    "구할 수 없음(점수에 차이가 없음)", "none, because no two scores differ"
)


class SeverityRow(View, frozen=True, kw_only=True):
    """A team's official mean beside the view with severity taken out."""

    team: TeamLink
    official: str
    adjusted: str
    interval: str | None
    rank: int
    ranks: str
    """Best and worst rank with any one expert left out."""


class LeniencyRow(View, frozen=True, kw_only=True):
    """How leniently an expert scores, and whether the order hangs on them."""

    expert: str
    leniency: str
    order: Text


class AgreementView(View, frozen=True, kw_only=True):
    """What the section shows; `reason` where there is no report."""

    reason: Text | None
    facts: tuple[Fact, ...] = ()
    figure: Markup | None = None
    teams: tuple[SeverityRow, ...] = ()
    experts: tuple[LeniencyRow, ...] = ()
    notes: tuple[Text, ...] = ()
    methods: tuple[str, ...] = ()


def agreement_view(record: StageRecord, names: Names) -> AgreementView | None:
    """The report of the record; None where its rules ask for none."""
    found = record.outcome.agreement
    if found is msgspec.UNSET:
        return None
    report = found.report
    if report is None:
        return AgreementView(reason=found.reason)
    teams = sorted(report.teams, key=lambda t: (t.rank, t.team))
    return AgreementView(
        reason=None,
        facts=tuple(_facts(report, names)),
        figure=panel_figure(
            [
                PanelRow(
                    name=names.team(team.team),
                    official=team.raw,
                    adjusted=team.adjusted,
                )
                for team in teams
            ]
        ),
        teams=tuple(_team(team, names) for team in teams),
        experts=tuple(
            LeniencyRow(
                expert=one.expert,
                leniency=signed_points(one.leniency),
                order=_order(one.ranks_without, {t.team: t.rank for t in teams}),
            )
            for one in report.experts
        ),
        notes=report.notes,
        methods=tuple(
            f"{estimate.method} ({estimate.source}), n = {estimate.n}"
            for estimate in (
                report.alpha,
                report.generalisability,
                teams[0].adjusted if teams else None,
            )
            if estimate is not None
        ),
    )


def _facts(report: AgreementReport, names: Names) -> Iterator[Fact]:
    yield Fact(label=ALPHA, value=_estimate(report.alpha))
    yield Fact(label=GENERAL, value=_estimate(report.generalisability))
    if report.discussion is not None:
        yield _discussion(report.discussion)
    if report.calibration is not None:
        round_of = report.calibration
        anchor = names.team(round_of.anchor)
        yield Fact(
            label=Text("기준 맞추기", "Calibration round"),
            value=Text(
                f"{anchor.ko}: 위원 {len(round_of.experts)}명 채점, "
                f"미제출 {len(round_of.missing)}명",
                f"{anchor.en}: {len(round_of.experts)} experts scored it, "
                f"{len(round_of.missing)} did not",
            ),
        )
    if report.one_value:
        yield Fact(
            label=Text("한 가지 점수만 준 위원", "One and the same score throughout"),
            value=same(", ".join(report.one_value)),
        )


def _discussion(talk: Discussion) -> Fact:
    shift = "" if talk.mean_shift is None else signed_points(talk.mean_shift)
    ko = f", 평균 변화 {shift}%포인트" if shift else ""
    en = f", mean shift {shift} percentage points" if shift else ""
    return Fact(
        label=Text("토론 전후", "Before and after the discussion"),
        value=Text(
            f"평가표 {talk.sheets}장 중 {talk.changed_sheets}장, "
            f"점수 {talk.scores}개 중 {talk.changed_scores}개가 바뀜{ko}",
            f"{talk.changed_sheets} of {talk.sheets} sheets and "
            f"{talk.changed_scores} of {talk.scores} scores changed{en}",
        ),
    )


def _estimate(estimate: Estimate | None) -> Text:
    if estimate is None:
        return NOT_TOLD
    ends = interval(estimate.low, estimate.high, places=2)
    return same(fixed(estimate.value, places=2) + (f" ({ends})" if ends else ""))


def _team(team: TeamSeverity, names: Names) -> SeverityRow:
    ranks = str(team.rank_low)
    if team.rank_high != team.rank_low:
        ranks += f"\N{EN DASH}{team.rank_high}"
    return SeverityRow(
        team=team_link(team.team, names),
        official=percent(team.raw),
        adjusted=percent(team.adjusted.value),
        interval=percent_interval(team.adjusted),
        rank=team.rank,
        ranks=ranks,
    )


def _order(without: dict[str, int] | None, ranks: dict[str, int]) -> Text:
    if without is None:
        return Text("비교할 수 없음", "cannot be compared")
    if without == ranks:
        return Text("같음", "the same")
    return Text("달라짐", "another")
