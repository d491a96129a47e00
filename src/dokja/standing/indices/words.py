"""What the indices say where they cannot say a number, and what views are for."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.standing.indices.values import ViewKind

VIEW_NOTES = {
    ViewKind.BENCHMARK_LEFT_OUT: Text(
        ko="참고용이며 공식 지수가 아님. 벤치마크 하나를 빼고 같은 식으로 다시 "
        "계산한 값",
        en="Never the official index: the same formula without one benchmark.",
    ),
    ViewKind.TEAM_CHOSEN_REMOVED: Text(
        ko="참고용이며 공식 지수가 아님. 팀이 고른 벤치마크를 빼고, 남은 부문의 "
        "가중치를 비례하여 늘린 값",
        en="Never the official index: without the benchmarks that teams chose, the "
        "weights of the other categories raised in proportion.",
    ),
    ViewKind.MEAN_WIN_RATE: Text(
        ko="참고용이며 공식 지수가 아님. 누가 함께 참가했는지에 따라 달라지며, 다른 "
        "모델 하나가 빠졌을 때의 범위를 함께 적음",
        en="Never the official index. It depends on who else takes part; the range it "
        "would have without one other model stands beside it.",
    ),
    ViewKind.ECI: Text(
        ko="참고용이며 공식 지수가 아님. 문항 수와 공식 가중치를 쓰지 않고, 참조 "
        "모델과 벤치마크의 난이도를 함께 추정한 잠재 능력 척도",
        en="Never the official index: a latent scale fitted to all models at once, "
        "which knows neither the number of items nor the official weights.",
    ),
}

NO_ERROR = Text(
    ko="문항 묶음이 하나뿐이어서 오차를 구할 수 없음",
    en="All items form one cluster, so no error can be seen.",
)
ASKED_ONCE = Text(
    ko="한 번만 물은 벤치마크가 있어 응답의 흔들림을 따로 볼 수 없음. 지수의 "
    "구간에는 포함되어 있음",
    en="A benchmark was asked only once, so the noise of answering cannot be told "
    "apart; the interval of the index holds it all the same.",
)
NOT_RUN = Text(
    ko="이 벤치마크의 공식 실행 결과가 없음", en="There is no official run of it."
)
INCOMPLETE = Text(
    ko="점수가 없는 문항이 있음. 빠진 문항을 0점으로 세지 않음",
    en="Items have no score; a missing one is never counted as 0.",
)
NOTHING_DECLARED = Text(
    ko="팀이 봉인 전에 신고한 벤치마크가 없음",
    en="The team declared no benchmark of its own before its seal.",
)
NOTHING_LEFT = Text(
    ko="빼고 나면 남는 벤치마크가 없음", en="No benchmark is left without it."
)
UNDETERMINED_SIDE = Text(
    ko="두 팀 가운데 지수가 미정인 팀이 있음",
    en="The index of one of the two teams is undetermined.",
)
NO_SHARED_FIELD = Text(
    ko="모든 모델이 함께 치른 벤치마크가 없거나 모델이 둘 미만임",
    en="There is no benchmark that every model took, or fewer than two models.",
)
NOT_SETTLED = Text(
    ko="적합이 수렴하지 않음", en="The fit did not settle within its steps."
)
LEVEL_ANCHORS = Text(
    ko="두 기준 모델의 능력이 구별되지 않아 척도를 정할 수 없음",
    en="The two anchor models cannot be told apart, so there is no scale.",
)

NOT_COMPARABLE = Text(
    ko="빠진 부분이 있어 다른 팀의 지수와 견줄 수 없음",
    en="Parts were left out; the index does not compare with another team's.",
)
NOT_ON_THE_DEVICE = Text(
    ko="규정한 장치와 조건에서 측정한 값이 없음",
    en="Nothing was measured on the device and under the terms that the rules name.",
)
BELOW_QUALITY = Text(
    ko="규정한 품질을 지킨 구성이 없음",
    en="No configuration that was measured keeps the quality asked for.",
)
FEW_REPEATS = Text(
    ko="처리량을 세 번 이상 되풀이하여 재지 않아 오차를 알 수 없음",
    en="Throughput was measured fewer than three times, so its error is unknown.",
)
NO_ITEM_ROWS = Text(
    ko="문항별 비용·토큰·시간 측정값이 없음",
    en="Neither cost nor tokens nor time of any item was measured.",
)
OTHER_ITEMS = Text(
    ko="참조 모델과 같은 문항에서 측정하지 않음",
    en="It was not measured on the items of the reference model.",
)
NOTHING_SOLVED = Text(
    ko="푼 문항이 없어 문항당 비용을 구할 수 없음",
    en="No item was solved, so there is no cost per solved item.",
)
NOT_DISCLOSED = Text(
    ko="제출된 자료가 없음", en="Nothing about it was handed in or recorded."
)
NO_WEIGHTS = Text(
    ko="가중치가 공개되지 않았거나 라이선스가 밝혀지지 않음",
    en="The weights are not published, or their licence is not named.",
)
NO_ADOPTION = Text(
    ko="정한 기간과 단위의 외부 수치가 없음. 추정하지 않음",
    en="No outside figure of the unit and the days asked for; none is estimated.",
)
SOURCES_DIFFER = Text(
    ko="같은 날의 외부 수치가 출처마다 달라 어느 것도 쓰지 않음",
    en="Sources give different figures for the same day, so none is taken.",
)
NOT_POSITIVE = Text(
    ko="0은 로그 척도에 놓을 수 없음",
    en="A figure of 0 has no place on a log scale.",
)
REFERENCE_LACKS = Text(
    ko="고정 참조 모델의 값이 없음",
    en="The fixed reference model has no figure for it.",
)

TARGET_NOTE = Text(
    ko="기준 모델은 정한 날까지 공개된 것만 쓰며, 가장 좋은 모델은 같은 문항의 점수로 "
    "고름. 잘 나온 모델을 고르므로 기준이 실제보다 조금 높을 수 있음",
    en="Only models released by the cut-off day count. The best is picked by its score "
    "on the same items, which favours a lucky one: the bar may be a little high.",
)
NO_DECLARED_TARGET = Text(
    ko="신고한 목표 모델이 없음", en="No target model was declared."
)
EMPTY_SET = Text(
    ko="기준에 맞는 참조 모델이 없음", en="No model meets the criteria of the set."
)
REFERENCE_AT_ZERO = Text(
    ko="기준 모델의 점수가 0이거나 0에 가까워 비율을 구할 수 없음",
    en="The reference scores 0, or too near it for a ratio.",
)


def missing_benchmarks(names: tuple[str, ...]) -> Text:
    """Which benchmarks an index lacks."""
    listed = ", ".join(names)
    return Text(
        ko=f"결과가 갖추어지지 않은 벤치마크: {listed}",
        en=f"Benchmarks without a complete result: {listed}.",
    )


def missing_parts(names: tuple[str, ...]) -> Text:
    """Which parts an index lacks."""
    listed = ", ".join(names)
    return Text(
        ko=f"값이 없는 부분: {listed}. 규정이 세는 방법을 정하지 않아 지수는 미정임",
        en=f"Parts without a figure: {listed}. The rules do not say how they count, "
        "so the index is undetermined.",
    )


def few_references(found: int, needed: int) -> Text:
    """Why a latent scale is not fitted to so few models."""
    return Text(
        ko=f"참조 모델이 {found}개로 {needed}개에 못 미침. 팀만으로는 벤치마크의 "
        "난이도와 팀의 능력을 나눌 수 없어 적합하지 않음",
        en=f"{found} reference models where {needed} are needed: the teams alone "
        "cannot tell a benchmark's difficulty from their own ability. Not fitted.",
    )


def missing_anchors(models: tuple[str, ...]) -> Text:
    """Which anchors of a latent scale have too few scores."""
    listed = ", ".join(models)
    return Text(
        ko=f"점수가 없거나 모자란 기준 모델: {listed}. 척도를 정할 수 없어 적합하지 "
        "않음",
        en=f"Anchor models without enough scores: {listed}. There is no scale, so "
        "nothing is fitted.",
    )


def thin_scores(models: tuple[str, ...], least: int) -> Text:
    """Which models have too few scores to be placed."""
    listed = ", ".join(models)
    return Text(
        ko=f"점수가 {least}개 미만인 모델: {listed}",
        en=f"Models with fewer than {least} scores: {listed}.",
    )


def few_scores(found: int, needed: int) -> Text:
    """Why there are not enough scores for so many parameters."""
    return Text(
        ko=f"점수 {found}개로는 매개변수 {needed}개를 정할 수 없음",
        en=f"{found} scores cannot fix {needed} parameters.",
    )


def incomplete_rows(count: int) -> Text:
    """How many items lack a measurement."""
    return Text(
        ko=f"측정값이 없는 문항 {count}개. 빠진 값을 0으로 세지 않음",
        en=f"{count} items were not measured; a missing figure is never 0.",
    )


def unknown_licence(licence: str) -> Text:
    """That the rules do not say what a licence is worth."""
    return Text(
        ko=f"규정에 개방성이 정해지지 않은 라이선스: {licence}",
        en=f"The rules do not say how open {licence} is.",
    )


def not_in_set(model: str) -> Text:
    """That the declared target is no model of the reference set."""
    return Text(
        ko=f"신고한 목표 모델 {model}은(는) 기준일의 참조 모델 목록에 없음",
        en=f"The declared target, {model}, is not in the reference set as of its day.",
    )
