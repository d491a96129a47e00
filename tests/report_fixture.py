"""A whole stage record with role-labelled invented teams, for the report's tests.

Nothing here was measured: every value is made up and marked so. The record
holds one of everything a report must be able to draw: a derived component,
one to refer, an untestable one, an unknown total, a recusal, a tie.
"""

from __future__ import annotations

from decimal import Decimal

from dokja.benchmark.values import (
    Separation,
    SuiteResult,
)
from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.evidence.values import Estimate, Text
from dokja.panel.values import Recusal
from dokja.programme.values import Reason
from dokja.stage.values import (
    StageOutcome,
    StageRecord,
)
from dokja.standing.values import (
    CategoryScore,
    ComponentScore,
    IndexScore,
    Standing,
    TargetAttainment,
    TeamStanding,
)
from tests import report_gate_fixture as gate
from tests.report_evidence_fixture import DIGEST, SUITES, evidence
from tests.report_rulebook_fixture import INDEX_NAMES

SCORES = {
    "team-a": ("33.61", "30.10", "22.40"),
    "team-b": ("31.20", "29.85", "21.10"),
    "team-c": ("29.40", "28.30", "20.05"),
    "team-d": ("28.15", "29.20", "20.40"),
    "team-e": ("22.70", "24.10", "17.90"),
    "team-f": (None, "27.00", "19.30"),
}

RANKS = {"team-a": 1, "team-b": 2, "team-c": 3, "team-d": 3, "team-e": 5}


def stage_record() -> StageRecord:
    """The record; every call builds an equal one."""
    return StageRecord(rules_digest=DIGEST, evidence=evidence(), outcome=_outcome())


def _estimate(value: float, *, width: float, n: int) -> Estimate:
    return Estimate(
        value=value,
        low=max(value - width, 0.0),
        high=value + width,
        n=n,
        method="clustered-bootstrap(draws=4000, level=0.95)",
        source="made up for tests",
    )


def _category(category: str, points: str | None, possible: str) -> CategoryScore:
    ids = {
        "benchmark": ("nia", "common", "individual"),
        "expert": ("panel",),
        "user": ("users",),
    }[category]
    worth = {"nia": 10, "common": 20, "individual": 10, "panel": 35, "users": 25}
    total, known = Decimal(possible), points is not None
    share = float(Decimal(points or 0) / total)
    missing = Text(
        "`sums` 200문항 가운데 18문항의 결과가 없음",
        "18 of 200 items of `sums` have no result",
    )
    return CategoryScore(
        category=category,
        points=Decimal(points) if points else None,
        possible=total,
        components=tuple(
            ComponentScore(
                component=part,
                points=Decimal(points or 0) * worth[part] / total if known else None,
                possible=Decimal(worth[part]),
                share=_estimate(share, width=0.04, n=200) if known else None,
                reason=None if known else missing,
            )
            for part in ids
        ),
    )


def _standing(team: str) -> TeamStanding:
    benchmark, expert, user = SCORES[team]
    rank = RANKS.get(team)
    total = (
        None
        if benchmark is None
        else Decimal(benchmark) + Decimal(expert or 0) + Decimal(user or 0)
    )
    chances = {1: (0.9, 0.1, 0.0, 0.0, 0.0), 2: (0.1, 0.62, 0.2, 0.08, 0.0)}
    chances |= {3: (0.0, 0.14, 0.43, 0.4, 0.03), 5: (0.0, 0.0, 0.01, 0.05, 0.94)}
    inside = {1: 1.0, 2: 0.998, 3: 0.97, 5: 0.06}
    return TeamStanding(
        team=team,
        total=total,
        total_interval=None
        if total is None
        else _estimate(float(total), width=2.6, n=210),
        rank=rank,
        rank_probability=chances[rank] if rank else (),
        inside_cut=_estimate(inside[rank], width=0.01, n=4000) if rank else None,
        categories=(
            _category("benchmark", benchmark, "40"),
            _category("expert", expert, "35"),
            _category("user", user, "25"),
        ),
        indices=tuple(
            IndexScore(index=i, value=None if total is None else total - 3)
            for i in INDEX_NAMES
        ),
        targets=(
            TargetAttainment(
                suite="sums",
                reference="open-ref",
                attainment=None
                if total is None
                else _estimate(1.02 if rank == 1 else 0.9, width=0.05, n=200),
                met=None if total is None else rank == 1,
            ),
        ),
    )


def _suite_result(subject: str, suite: str, correct: int) -> SuiteResult:
    complete = (subject, suite) != ("team-f", "sums")
    return SuiteResult(
        subject=subject,
        suite=suite,
        correct=correct,
        scored=200 if complete else 182,
        items=200,
        estimate=_estimate(correct / 200, width=0.06, n=200) if complete else None,
    )


def _decision() -> StageDecision:
    inside = Text("총점 순위 안에 있다.", "Its total is inside the cut.")
    reasons = {
        "team-a": (TeamStatus.ADVANCES, ("3",), inside),
        "team-b": (
            TeamStatus.ELIMINATED_BY_GATE,
            ("1", "4"),
            Text(
                "비전 인코더가 공개 비전 모형에서 왔다.",
                "Its vision encoder descends from the open vision reference.",
            ),
        ),
        "team-c": (TeamStatus.ADVANCES, ("3", "7"), inside),
        "team-d": (TeamStatus.ADVANCES, ("3", "7"), inside),
        "team-e": (
            TeamStatus.ELIMINATED_BY_RANK,
            ("3",),
            Text("총점이 가장 낮다.", "Its total is the lowest."),
        ),
        "team-f": (
            TeamStatus.UNDECIDED,
            ("2",),
            Text(
                "벤치마크 결과가 빠져 총점이 없다.",
                "Benchmark results are missing, so there is no total.",
            ),
        ),
        "team-g": (
            TeamStatus.WITHDRAWN,
            (),
            Text("참여를 철회했다.", "The team withdrew."),
        ),
    }
    return StageDecision(
        stage="stage-1",
        rules_digest=DIGEST,
        teams=tuple(
            TeamDecision(
                team=team,
                status=status,
                reasons=(Reason(clauses=clauses, text=text),),
            )
            for team, (status, clauses, text) in reasons.items()
        ),
        planned_places=4,
        vacancies=1,
        revival_call=True,
        settled_by_data=False,
        objection_until="2026-02-01T10:00:00+09:00",
        reasons=(
            Reason(
                clauses=("6",),
                text=Text(
                    "계획한 네 자리 가운데 하나가 비었다.",
                    "One of four planned places stays empty.",
                ),
            ),
        ),
    )


def _outcome() -> StageOutcome:
    subjects = {"reference:open-ref": 150, "team-a": 148, "team-b": 140}
    subjects |= {"team-c": 128, "team-d": 126, "team-e": 96, "team-f": 120}
    return StageOutcome(
        suite_results=tuple(
            _suite_result(subject, suite, correct + (10 if suite == "sums" else 0))
            for suite in SUITES
            for subject, correct in subjects.items()
        ),
        separations=tuple(
            Separation(
                suite=suite,
                pairs=15,
                separated=(("team-a", "team-e"), ("team-b", "team-e")),
                method="paired-permutation(holm, level=0.95)",
            )
            for suite in SUITES
        ),
        recusals=(Recusal(expert="expert-2", team="team-c"),),
        standing=Standing(
            stage="stage-1",
            teams=tuple(_standing(team) for team in SCORES),
            method="bayesian-bootstrap(items, experts, users; draws=4000)",
        ),
        findings=gate.findings(),
        decision=_decision(),
        unknown=(
            Text(
                "훈련 기록은 이 단계에서 재생하지 않았다.",
                "Training records were not replayed in this stage.",
            ),
        ),
        synthetic=(
            Text("전문가 평가표", "The expert sheets"),
            Text("사용자 평가표", "The user ballots"),
            Text("모든 팀과 측정값", "Every team and every measurement"),
        ),
    )
