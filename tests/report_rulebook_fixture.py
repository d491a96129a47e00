"""The rulebook of the made-up stage, for the report's tests."""

from __future__ import annotations

from decimal import Decimal

from dokja.evidence.values import Text
from dokja.programme.values import (
    AspectRule,
    Category,
    Clause,
    Component,
    Gate,
    Index,
    IndexPart,
    LowConfidence,
    Measure,
    RankCut,
    ReferenceView,
    Rounding,
    Rulebook,
    Target,
    Topic,
    Undetermined,
)

INDEX_NAMES = {
    "frontier": Text("AI 프런티어 지수", "AI Frontier Index"),
    "diffusion": Text("AI 확산 지수", "AI Diffusion Index"),
}

ASPECT_NAMES = {
    "technical": Text("기술적 독자성", "Technical"),
    "policy": Text("정책적 독자성", "Policy"),
    "ethical": Text("윤리적 독자성", "Ethical"),
}


def _clause(number: str, topic: Topic, title: Text, *, published: bool) -> Clause:
    return Clause(
        number=number,
        title=title,
        text=Text(
            f"{title.ko}에 관한 사항은 이 조에 따른다.",
            f"This clause governs: {title.en.lower()}.",
        ),
        governs=(topic,),
        published=published,
        source="invented rulebook, 2026-01-02" if published else "",
    )


def _clauses() -> tuple[Clause, ...]:
    return (
        _clause(
            "1", Topic.INDEPENDENCE, Text("독자성", "Independence"), published=True
        ),
        _clause("2", Topic.SCORING, Text("배점", "Scoring"), published=True),
        _clause("3", Topic.RANK_CUT, Text("순위 기준", "Rank cut"), published=True),
        _clause("4", Topic.GATES, Text("관문", "Gates"), published=True),
        _clause("5", Topic.CONFLICTS, Text("이해충돌", "Conflicts"), published=False),
        _clause("6", Topic.VACANCY, Text("결원", "Vacancies"), published=False),
        _clause("7", Topic.TIES, Text("동점", "Ties"), published=False),
    )


def _categories() -> tuple[Category, ...]:
    benchmark = (
        ("nia", Text("기관 벤치마크", "Agency benchmark"), "10", Measure.SUITE_MEAN),
        ("common", Text("공통 벤치마크", "Common"), "20", Measure.SUITE_MEAN),
        (
            "individual",
            Text("개별 벤치마크", "Individual"),
            "10",
            Measure.TARGET_ATTAINMENT,
        ),
    )
    parts = tuple(
        Component(id=i, name=n, points=Decimal(p), measure=m)
        for i, n, p, m in benchmark
    )
    panel = Component(
        id="panel",
        name=Text("전문가 평가", "Panel"),
        points=Decimal(35),
        measure=Measure.PANEL_MEAN,
    )
    users = Component(
        id="users",
        name=Text("사용자 평가", "Users"),
        points=Decimal(25),
        measure=Measure.BALLOT_MEAN,
    )
    return (
        Category(
            id="benchmark",
            name=Text("벤치마크", "Benchmark"),
            points=Decimal(40),
            components=parts,
        ),
        Category(
            id="expert",
            name=Text("전문가", "Experts"),
            points=Decimal(35),
            components=(panel,),
        ),
        Category(
            id="user",
            name=Text("사용자", "Users"),
            points=Decimal(25),
            components=(users,),
        ),
    )


def rulebook() -> Rulebook:
    """Seven clauses, a cut at four teams and one gate."""
    return Rulebook(
        schema="dokja.rulebook/1",
        programme="invented",
        version="1.0",
        name=Text("가상 모형 사업", "The invented model programme"),
        note=Text("시험용 규정집이다.", "A rulebook made for tests."),
        clauses=_clauses(),
        categories=_categories(),
        indices=tuple(
            Index(
                id=i, name=n, parts=(IndexPart(component="common", share=Decimal(1)),)
            )
            for i, n in INDEX_NAMES.items()
        ),
        target=Target(
            attainment=Decimal("0.95"),
            window_months=6,
            reset="stage",
            chosen_by="team",
            official_view=ReferenceView.DECLARED_TARGET,
            shown_views=(ReferenceView.DECLARED_TARGET,),
        ),
        rank_cuts=(
            RankCut(
                stage="stage-1",
                keep=4,
                confidence=Decimal("0.95"),
                on_low_confidence=LowConfidence.DECIDE,
                draws=4000,
            ),
        ),
        gates=(
            Gate(
                id="independence",
                name=Text("독자성", "Independence"),
                aspects=tuple(
                    AspectRule(id=i, name=n, requires=())
                    for i, n in ASPECT_NAMES.items()
                ),
                on_undetermined=Undetermined.STAYS_WITH_NOTE,
            ),
        ),
        rounding=Rounding(component_places=2, shown_places=1, mode="half_up"),
    )
