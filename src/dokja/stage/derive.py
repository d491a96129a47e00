"""From evidence to outcome: what verification does over again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from dokja.benchmark import separation, suite_result
from dokja.contest import summarise_contest
from dokja.decision import PolicyMissing, TeamFacts, decide_stage
from dokja.evidence.values import Text
from dokja.independence import IndependenceFinding, find_independence
from dokja.lineage.values import LineageVerdict
from dokja.panel import panel_agreement, recusals
from dokja.panel.values import PanelAgreement
from dokja.programme import rules_digest
from dokja.programme.values import Measure, RankCut, Topic
from dokja.stage.gate_dossier import gate_dossier
from dokja.stage.indices import derive_indices
from dokja.stage.inputs import active_teams
from dokja.stage.tasks import REFERENCE_PREFIX
from dokja.stage.values import StageEvidence, StageOutcome
from dokja.standing import (
    Measured,
    Sensitivity,
    ShareDraws,
    Standing,
    compute_sensitivity,
    compute_standing,
)


def derive_outcome(
    evidence: StageEvidence, *, digests: Mapping[str, str]
) -> StageOutcome:
    """The outcome of a stage. Equal evidence gives an equal outcome.

    `digests` name the acts, by `kind/subject`, that findings cite.
    """
    cut = evidence.rulebook.rank_cut(evidence.plan.stage)
    if cut is None:
        raise PolicyMissing(
            f"the rulebook has no rank cut for {evidence.plan.stage}",
            remedy="add it under [[rank_cuts]] before the freeze",
        )
    draws = _draws(evidence, cut)
    clauses = evidence.rulebook.clause_numbers(Topic.INDEPENDENCE)
    standing = compute_standing(evidence.rulebook, draws.measured, cut=cut, draws=draws)
    findings = tuple(
        find_independence(gate, gate_dossier(evidence, seal, digests), clauses=clauses)
        for gate in evidence.rulebook.gates
        for seal in evidence.seals
    )
    team_runs = [run for run in evidence.runs if run.subject in evidence.plan.teams]
    decision = decide_stage(
        evidence.rulebook,
        _facts(evidence, standing, findings),
        stage=evidence.plan.stage,
        rules_digest=rules_digest(evidence.rulebook),
        decided_at=evidence.plan.schedule.decided,
    )
    return StageOutcome(
        suite_results=tuple(
            suite_result(run, suite)
            for run in evidence.runs
            for suite in evidence.suites
        ),
        separations=tuple(separation(team_runs, suite) for suite in evidence.suites),
        recusals=recusals(evidence.panel),
        standing=standing,
        findings=findings,
        decision=decision,
        unknown=tuple(_unknown(evidence)),
        synthetic=tuple(_synthetic(evidence)),
        sensitivity=_sensitivity(evidence, draws, keep=decision.planned_places),
        indices=derive_indices(evidence, standing, draws),
        agreement=_agreement(evidence),
        contest=msgspec.UNSET
        if evidence.contest is msgspec.UNSET
        else summarise_contest(evidence.contest),
    )


def _agreement(evidence: StageEvidence) -> PanelAgreement | msgspec.UnsetType:
    rules = evidence.rulebook.panel_rules
    if rules is msgspec.UNSET or not rules.agreement:
        return msgspec.UNSET
    return panel_agreement(evidence.panel)


def _sensitivity(
    evidence: StageEvidence, draws: ShareDraws, *, keep: int
) -> Sensitivity | msgspec.UnsetType:
    rule = evidence.rulebook.sensitivity
    if rule is msgspec.UNSET:
        return msgspec.UNSET
    return compute_sensitivity(
        evidence.rulebook,
        draws,
        stage=evidence.plan.stage,
        keep=keep,
        rule=rule,
    )


def _draws(evidence: StageEvidence, cut: RankCut) -> ShareDraws:
    measured = Measured(
        teams=active_teams(evidence.plan),
        suites={suite.header.id: suite for suite in evidence.suites},
        runs={run.subject: run for run in evidence.runs},
        reference=REFERENCE_PREFIX + evidence.plan.target_reference,
        component_suites=evidence.plan.suites,
        declared_suites={
            seal.manifest.team: seal.manifest.individual_suites
            for seal in evidence.seals
        },
        panel=evidence.panel,
        ballot_box=evidence.ballot_box,
    )
    return ShareDraws(
        measured, rules_digest(evidence.rulebook), evidence.plan.beacon, cut.draws
    )


def _facts(
    evidence: StageEvidence,
    standing: Standing,
    findings: tuple[IndependenceFinding, ...],
) -> tuple[TeamFacts, ...]:
    ties = evidence.rulebook.ties
    facts = []
    for team in standing.teams:
        points = {category.category: category.points for category in team.categories}
        facts.append(
            TeamFacts(
                team=team.team,
                total=team.total,
                tie_break=tuple(points[c] for c in (ties.order if ties else ())),
                inside_cut=team.inside_cut.value if team.inside_cut else None,
                rank_probability=team.rank_probability,
                gates={f.gate: f.result for f in findings if f.team == team.team},
            )
        )
    gone = (
        TeamFacts(
            team=team_id,
            total=None,
            tie_break=(),
            inside_cut=None,
            gates={},
            withdrawn=True,
        )
        for team_id in evidence.plan.withdrawn
    )
    return (*facts, *gone)


def _unknown(evidence: StageEvidence) -> Iterator[Text]:
    yield _unknown_of_training(evidence)
    yield Text(
        ko="참조 목록에 없는 모델과의 계보는 확인하지 않았습니다: 비교한 참조 모델 "
        f"{len(evidence.references)}개.",
        en="Descent from a model outside the reference set was not examined: "
        f"{len(evidence.references)} reference(s) compared.",
    )
    for report in evidence.lineage:
        for component in report.components:
            if component.verdict is LineageVerdict.UNTESTABLE:
                yield Text(
                    ko=f"{report.candidate}의 {component.name}: 비교 불가"
                    f" ({component.reason.ko})",
                    en=f"{report.candidate}, {component.name}: untestable "
                    f"({component.reason.en})",
                )
    yield Text(
        ko="신뢰구간은 문항·평가위원·이용자의 표집에서 오는 불확실성만 담으며, 학습을 "
        "다시 했을 때의 변동은 담지 않습니다.",
        en="Intervals hold the uncertainty of drawing items, experts and users; not "
        "what another training run of the same model would have scored.",
    )
    if any(
        c.measure is Measure.TARGET_ATTAINMENT for c in evidence.rulebook.components()
    ):
        yield Text(
            ko="개별 벤치마크는 팀마다 문항이 다르므로 팀 사이의 직접 비교가 아닙니다.",
            en="Individual benchmarks differ from team to team, so their points do "
            "not compare teams with each other.",
        )


def _unknown_of_training(evidence: StageEvidence) -> Text:
    if not evidence.records:
        return Text(
            ko="학습 기록은 팀이 스스로 작성한 것으로, 입회 없이 봉인되었습니다. "
            "처음부터 학습하였음을 증명하지는 못합니다.",
            en="Training records were made by the teams alone and sealed without a "
            "witness. They do not prove that a model was trained from scratch.",
        )
    reached = Counter(each.verdict.tier for each in evidence.records)
    tiers = ", ".join(f"{tier} {reached[tier]}" for tier in sorted(reached))
    return Text(
        ko=f"학습 기록의 등급({tiers})이 E3에 이르지 않은 구성요소는 처음부터 "
        "학습하였는지를 다시 돌려 확인하지 않았습니다. 기록이 없는 구성요소는 팀의 "
        "주장뿐입니다.",
        en=f"Of components whose record stays below E3 (records: {tiers}) no training "
        "was replayed, so it is not shown that they were trained from scratch; where "
        "there is no record there is only the team's word.",
    )


def _synthetic(evidence: StageEvidence) -> Iterator[Text]:
    recorded = (
        evidence.panel,
        evidence.ballot_box,
        evidence.reply_book,
        evidence.candidate_list,
        evidence.figure_book,
        evidence.contest,
        evidence.dossier_book,
    )
    for each in recorded:
        if each is not msgspec.UNSET and each.synthetic:
            yield each.note
