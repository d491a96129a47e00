"""Words for the measured indices and the target, on pages and on the screen."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.programme.values import ReferenceView
from dokja.standing.indices.values import (
    FrontierView,
    PartCounting,
    TargetReading,
    ViewKind,
)

NEVER_OFFICIAL = Text("참고용 · 공식 지수 아님", "never the official index")

VIEW: dict[ViewKind, Text] = {
    ViewKind.BENCHMARK_LEFT_OUT: Text("벤치마크 하나 제외", "One benchmark left out"),
    ViewKind.TEAM_CHOSEN_REMOVED: Text(
        "팀 선택 벤치마크 제외", "Team-chosen benchmarks removed"
    ),
    ViewKind.MEAN_WIN_RATE: Text("평균 승률", "Mean win rate"),
    ViewKind.ECI: Text("잠재 능력 척도", "Latent ability"),
}

COUNTING: dict[PartCounting, Text] = {
    PartCounting.COUNTED: Text("반영됨", "counted"),
    PartCounting.LEFT_OUT: Text("규정에 따라 제외", "left out by the rules"),
    PartCounting.WORST: Text("규정에 따라 하한으로 셈", "lower end by the rules"),
    PartCounting.UNDETERMINED: Text("미정", "undetermined"),
}

TARGET_VIEW: dict[ReferenceView, Text] = {
    ReferenceView.DECLARED_TARGET: Text("신고한 목표 모델", "Declared target"),
    ReferenceView.BEST_OPEN: Text("가장 좋은 공개 모델", "Best open model"),
    ReferenceView.BEST_OVERALL: Text("전체에서 가장 좋은 모델", "Best model of all"),
}

READING: dict[TargetReading, Text] = {
    TargetReading.ABOVE: Text(
        "구간 전체가 목표 이상", "all of the interval reaches it"
    ),
    TargetReading.BELOW: Text("구간 전체가 목표 미만", "all of it falls short"),
    TargetReading.NOT_SETTLED: Text(
        "자료만으로 가려지지 않음", "the data do not settle it"
    ),
}


def view_name(view: FrontierView) -> Text:
    """What a view is called, with the benchmark that it leaves out."""
    name = VIEW[view.kind]
    if view.kind is not ViewKind.BENCHMARK_LEFT_OUT:
        return name
    removed = ", ".join(view.removed)
    return Text(f"{name.ko}: {removed}", f"{name.en}: {removed}")
