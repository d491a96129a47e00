"""The panel's report: how far it agrees, and what its severity does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt

from dokja.evidence.canonical import digest_of
from dokja.evidence.seeds import seed_for
from dokja.evidence.values import Estimate, Text
from dokja.panel.recusal import leave_out_sheets, recusals
from dokja.panel.rounds import calibration_round, discussion_changes
from dokja.panel.severity import (
    Scores,
    SeverityFit,
    fit_severity,
    generalisability,
    is_comparable,
    panel_scores,
    variance_parts,
)
from dokja.panel.sheets import panel_share
from dokja.panel.values import (
    AgreementReport,
    CriterionAgreement,
    ExpertSeverity,
    LeftOutSheet,
    Panel,
    PanelAgreement,
    TeamSeverity,
)
from dokja.statistics.agreement import alpha_estimate

Array = npt.NDArray[np.float64]

VIEW = Text(
    ko="심사 엄격도를 보정한 값은 참고 자료이며, 공식 점수는 평가표의 평균임",
    en="The adjusted figures are a view; the official score is the mean of the sheets.",
)
FEW_TEAMS = Text(
    ko="팀이 열 개보다 적어 일치도와 일반화 계수의 구간이 넓음",
    en="With fewer than ten teams, agreement and generalisability are known roughly.",
)
TOO_LITTLE = Text(
    ko="평가표가 적어 위원의 엄격도와 팀의 차이를 구분할 수 없음(위원 두 명이 함께 "
    "채점한 팀이 둘 이상 있어야 함)",
    en="Too few sheets to tell severity from merit: two experts who both scored "
    "two teams are the least.",
)
ONE_CRITERION = Text(
    ko="평가 항목이 하나여서 위원의 팀별 선호와 우연을 구분할 수 없음",
    en="With one criterion, an expert's taste for a team cannot be told from noise.",
)


def agreement_report(panel: Panel) -> AgreementReport:
    """The report on a checked panel; sheets of recused experts are left out.

    Raises: InvalidInput where too little was scored to compare teams.
    """
    counted = leave_out_sheets(panel)
    scores = panel_scores(counted)
    fit, parts = fit_severity(scores), variance_parts(scores)
    without = _ranks_without(scores)
    return AgreementReport(
        alpha=_alpha(scores, None),
        criteria=tuple(
            CriterionAgreement(criterion=name, alpha=_alpha(scores, place))
            for place, name in enumerate(scores.criteria)
        ),
        generalisability=generalisability(scores, parts),
        variances=parts,
        teams=tuple(_teams(counted, fit, without)),
        experts=tuple(
            ExpertSeverity(
                expert=expert, leniency=float(lenient), ranks_without=without[expert]
            )
            for expert, lenient in zip(scores.experts, fit.leniency, strict=True)
        ),
        one_value=_one_value(scores),
        calibration=calibration_round(counted),
        discussion=discussion_changes(counted),
        recusals=recusals(panel),
        left_out=counted.left_out,
        notes=tuple(_notes(scores, counted.left_out)),
    )


def panel_agreement(panel: Panel) -> PanelAgreement:
    """The report on a checked panel, or the reason why there can be none."""
    if is_comparable(leave_out_sheets(panel)):
        return PanelAgreement(report=agreement_report(panel), reason=None)
    return PanelAgreement(report=None, reason=TOO_LITTLE)


def _alpha(scores: Scores, criterion: int | None) -> Estimate | None:
    """Alpha of one criterion, or of whole sheets, over teams."""
    kept = (
        np.ones(len(scores.share), dtype=bool)
        if criterion is None
        else scores.criterion == criterion
    )
    shape = (len(scores.experts), len(scores.teams))
    sums, counts = np.zeros(shape), np.zeros(shape)
    where = scores.expert[kept], scores.team[kept]
    np.add.at(sums, where, scores.share[kept])
    np.add.at(counts, where, 1.0)
    table = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    subject = "alpha" if criterion is None else f"alpha/{scores.criteria[criterion]}"
    shown = digest_of(np.nan_to_num(table, nan=-1.0).tolist())
    return alpha_estimate(table, seed=seed_for(shown, subject))


def _ranks_without(scores: Scores) -> dict[str, dict[str, int] | None]:
    """The order of the teams with each expert left out, fitted again."""
    found: dict[str, dict[str, int] | None] = {}
    for expert in scores.experts:
        rest = scores.without(expert)
        found[expert] = fit_severity(rest).ranks() if rest.is_comparable else None
    return found


def _teams(
    panel: Panel, fit: SeverityFit, without: Mapping[str, Mapping[str, int] | None]
) -> Iterator[TeamSeverity]:
    ranks = fit.ranks()
    for team, (adjusted, effect, error) in fit.estimates().items():
        raw = panel_share(panel, team)
        assert raw is not None, "a team of the fit has a sheet"
        tried = [ranks[team], *(r[team] for r in without.values() if r is not None)]
        yield TeamSeverity(
            team=team,
            raw=float(raw),
            adjusted=adjusted,
            effect=effect,
            standard_error=error,
            rank=ranks[team],
            rank_low=min(tried),
            rank_high=max(tried),
        )


def _one_value(scores: Scores) -> tuple[str, ...]:
    """Experts of several teams whose scores are all the same share."""
    return tuple(
        expert
        for place, expert in enumerate(scores.experts)
        if len(np.unique(scores.team[scores.expert == place])) > 1
        and float(np.ptp(scores.share[scores.expert == place])) == 0
    )


def _notes(scores: Scores, left_out: tuple[LeftOutSheet, ...]) -> Iterator[Text]:
    yield VIEW
    if len(scores.teams) < 10:
        yield FEW_TEAMS
    if len(scores.criteria) == 1:
        yield ONE_CRITERION
    for expert in scores.experts:
        if not scores.without(expert).is_comparable:
            yield Text(
                ko=f"{expert}을(를) 제외하면 남은 평가표로 팀을 비교할 수 없음",
                en=f"Without {expert} the remaining sheets do not compare all teams.",
            )
    if left_out:
        yield Text(
            ko=f"회피 대상 위원의 평가표 {len(left_out)}건은 기록에 남기고 제외함",
            en=f"{len(left_out)} sheets of recused experts are kept and not counted.",
        )
