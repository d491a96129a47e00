"""What a card says beside its figure: in Korean and English, by kind of claim."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict
from dokja.programme.values import Measure
from dokja.report.site.values import ClaimKind

KIND: dict[ClaimKind, Text] = {
    ClaimKind.OUTCOME: Text("단계 결과", "Result of the stage"),
    ClaimKind.DECISION: Text("결정", "Decision"),
    ClaimKind.TOTAL: Text("총점", "Total"),
    ClaimKind.RANK: Text("순위", "Rank"),
    ClaimKind.CATEGORY: Text("부문 점수", "Category score"),
    ClaimKind.COMPONENT: Text("세부 항목 점수", "Component points"),
    ClaimKind.INDEX: Text("지수", "Index"),
    ClaimKind.TARGET: Text("무빙 타깃", "Moving target"),
    ClaimKind.STRENGTH: Text("공개 평가의 강도", "Strength in the contest"),
    ClaimKind.ASPECT: Text("독자성 판단", "Independence finding"),
    ClaimKind.LINEAGE: Text("계보 판정", "Lineage verdict"),
}

SHOWS: dict[ClaimKind, Text] = {
    ClaimKind.OUTCOME: Text(
        "시행 중인 규정을 기록된 증거에 적용하면 이 결과가 나옵니다.",
        "Applying the rules in force to the evidence on record gives this result.",
    ),
    ClaimKind.DECISION: Text(
        "아래 조항을 기록된 총점과 관문 판단에 적용하면 이 결정이 나옵니다.",
        "Applying the clauses below to the recorded totals and gate findings gives "
        "this decision.",
    ),
    ClaimKind.TOTAL: Text(
        "반올림한 세부 항목 점수를 모두 더한 값이며, 누구나 다시 더해 볼 수 있습니다.",
        "The sum of the rounded component points. Anybody can add them up again.",
    ),
    ClaimKind.RANK: Text(
        "총점의 순서입니다. 확률은 문항·평가위원·이용자를 다시 뽑았을 때 그 순위가 "
        "나오는 비율입니다.",
        "The order of the totals. A probability is the share of redraws of items, "
        "experts and users in which that rank comes out.",
    ),
    ClaimKind.CATEGORY: Text(
        "부문에 속한 세부 항목의 반올림한 점수를 더한 값입니다.",
        "The sum of the rounded points of the category's components.",
    ),
    ClaimKind.INDEX: Text(
        "규정이 정한 항목에서 얻은 점수를 100점 기준으로 환산한 값입니다.",
        "The points won in the parts the rules name, on a scale of 100.",
    ),
    ClaimKind.TARGET: Text(
        "규정이 정한 기준 모델의 성능에 대한 팀 모델 성능의 비율입니다.",
        "The model's performance over that of the reference model the rules name.",
    ),
    ClaimKind.STRENGTH: Text(
        "어느 팀의 답변인지 모르는 사람들이 두 답변 가운데 이 팀의 답변을 얼마나 자주 "
        "골랐는지입니다. 공개된 표에서 누구나 다시 구할 수 있습니다.",
        "How often people who did not know whose answer it was preferred this team's. "
        "Anybody can derive it again from the published votes.",
    ),
    ClaimKind.ASPECT: Text(
        "규정이 요구하는 확인 항목의 결과를 합친 판단입니다.",
        "What the checks that the rules ask for come to.",
    ),
}

DOES_NOT_SHOW: dict[ClaimKind, tuple[Text, ...]] = {
    ClaimKind.OUTCOME: (
        Text(
            "증거 자체가 사실인지는 보여 주지 않습니다. 평가표와 투표는 형식과 "
            "이해충돌만 확인됩니다.",
            "Not that the evidence itself is true: sheets and ballots are checked for "
            "form and conflicts of interest only.",
        ),
    ),
    ClaimKind.DECISION: (
        Text(
            "팀이나 그 구성원의 능력과 신뢰에 대한 평가가 아닙니다. 탈락은 이 단계의 "
            "규정에 따른 결과일 뿐입니다.",
            "Not a judgement of the team's ability or good faith: leaving a stage is "
            "what its rules lead to and no more.",
        ),
        Text(
            "확정된 결정이 아닐 수 있습니다. 이의제기 기한이 따로 있습니다.",
            "Not necessarily final: objections can be filed until the day named.",
        ),
    ),
    ClaimKind.TOTAL: (
        Text(
            "구간이 겹치는 두 팀의 작은 점수 차이가 실력 차이라는 것은 보여 주지 "
            "않습니다.",
            "Not that a small gap between two teams is a difference in quality, where "
            "their intervals overlap.",
        ),
        Text(
            "학습을 다시 했을 때의 점수 변동은 구간에 들어 있지 않습니다.",
            "Not what another training run would have scored: the interval does not "
            "hold that.",
        ),
    ),
    ClaimKind.RANK: (
        Text(
            "관문 판단은 들어 있지 않습니다. 순위가 높아도 관문에서 탈락할 수 "
            "있습니다.",
            "Nothing about the gate: a team can rank high and leave by the gate.",
        ),
    ),
    ClaimKind.CATEGORY: (
        Text(
            "다른 배점이었다면 순서가 같았을지는 보여 주지 않습니다.",
            "Not whether the order would be the same under other weights.",
        ),
    ),
    ClaimKind.INDEX: (
        Text(
            "판이나 규정이 다른 지수와 견줄 수 없습니다.",
            "Not comparable with an index under another version or other rules.",
        ),
    ),
    ClaimKind.TARGET: (
        Text(
            "기준 모델이나 날짜를 달리 정했다면 같은 값이었을지는 보여 주지 않습니다.",
            "Not what it would be against another reference or at another date.",
        ),
    ),
    ClaimKind.STRENGTH: (
        Text(
            "점수가 아닙니다. 이 규정에서 총점과 순위, 결정에 쓰지 않습니다.",
            "Not points: under these rules it enters no total, rank or decision.",
        ),
    ),
    ClaimKind.ASPECT: (
        Text(
            "충족은 확인한 항목에서 문제를 찾지 못했다는 뜻이며, 독자성이 증명되었다는 "
            "뜻이 아닙니다.",
            "A pass means that the checks made found nothing against it, not that "
            "independence is proven.",
        ),
        Text(
            "불충족은 의도를 말하지 않습니다.",
            "A fail says nothing about intent.",
        ),
    ),
}

MEASURE_SHOWS: dict[Measure, Text] = {
    Measure.SUITE_MEAN: Text(
        "동결된 평가 묶음의 문항에 모델이 정답을 낸 비율에 배점을 곱한 값입니다.",
        "The share of frozen benchmark items the model answered correctly, times the "
        "points.",
    ),
    Measure.TARGET_ATTAINMENT: Text(
        "팀이 신고한 평가 묶음에서 목표 모델 점수에 대한 비율에 배점을 곱한 값입니다.",
        "The team's score over the target model's on the suites the team declared, "
        "times the points.",
    ),
    Measure.PANEL_MEAN: Text(
        "이해관계가 없는 전문가 평가표의 평균 위치에 배점을 곱한 값입니다.",
        "The mean place on the scale of the sheets of experts without an interest, "
        "times the points.",
    ),
    Measure.BALLOT_MEAN: Text(
        "사용자 투표의 평균 위치에 배점을 곱한 값입니다.",
        "The mean place on the scale of the users' ballots, times the points.",
    ),
}

MEASURE_LIMITS: dict[Measure, Text] = {
    Measure.SUITE_MEAN: Text(
        "실제 쓰임에서의 성능이나, 문항을 미리 본 적이 없다는 것은 보여 주지 않습니다.",
        "Not how the model does in real use, nor that it never saw the items.",
    ),
    Measure.TARGET_ATTAINMENT: Text(
        "팀마다 문항이 다르므로 팀 사이의 비교가 아닙니다.",
        "Not a comparison between teams: each answered items of its own choice.",
    ),
    Measure.PANEL_MEAN: Text(
        "다른 평가위원이었다면 같은 점수였을지는 구간이 말하는 만큼만 알 수 있습니다.",
        "Not what other experts would have given, beyond what the interval says.",
    ),
    Measure.BALLOT_MEAN: Text(
        "국민 전체의 의견이 아니라 참여한 이용자의 평가입니다.",
        "Not the opinion of the public, but of the users who took part.",
    ),
}

COUNTED: dict[Measure, Text] = {
    Measure.SUITE_MEAN: Text("문항", "items"),
    Measure.TARGET_ATTAINMENT: Text("문항", "items"),
    Measure.PANEL_MEAN: Text("평가표", "sheets"),
    Measure.BALLOT_MEAN: Text("투표", "ballots"),
}

LINEAGE_SAID: dict[LineageVerdict, Text] = {
    LineageVerdict.IDENTICAL: Text(
        "{team}의 {part} 가중치가 {reference}의 가중치와 같은 것으로 나왔습니다.",
        "The {part} of {team} holds the same weights as {reference}.",
    ),
    LineageVerdict.DERIVED: Text(
        "{team}의 {part} 가중치가 {reference}에서 파생된 것으로 나왔습니다.",
        "The weights of the {part} of {team} were found to derive from {reference}.",
    ),
    LineageVerdict.PARTIAL: Text(
        "{team}의 {part} 가중치 일부가 {reference}에서 파생된 것으로 나왔습니다.",
        "A part of the weights of the {part} of {team} was found to derive from "
        "{reference}.",
    ),
    LineageVerdict.REFER: Text(
        "{team}의 {part} 가중치는 {reference} 가중치와의 관계를 시험만으로 가릴 수 "
        "없어 전문가가 확인해야 합니다.",
        "Whether the weights of the {part} of {team} derive from {reference} cannot "
        "be told by tests alone; experts must look.",
    ),
    LineageVerdict.NO_EVIDENCE: Text(
        "{team}의 {part} 가중치가 {reference}에서 파생되었다는 증거를 찾지 못했습니다.",
        "No evidence was found that the weights of the {part} of {team} derive from "
        "{reference}.",
    ),
    LineageVerdict.UNTESTABLE: Text(
        "{team}의 {part} 가중치는 {reference} 가중치와의 관계를 시험할 수 없었습니다.",
        "The {part} of {team} could not be tested against {reference}.",
    ),
}

NOT_INDEPENDENT = Text(
    "독자적임을 증명하지 않습니다. 이 참조 모델에서, 적힌 검출 한계까지만 말합니다.",
    "Not that the component is independent: only about this reference, down to the "
    "detection limit given.",
)
NO_INTENT = Text(
    "누가, 왜, 어떤 허락 아래 그렇게 했는지는 말하지 않습니다.",
    "Not who did it, why, or with what permission.",
)

ACT: dict[str, Text] = {
    "rules_frozen": Text("동결된 규정", "rules as frozen"),
    "rules_exception": Text("규정의 예외 변경", "recorded change of the rules"),
    "suite_frozen": Text("동결된 평가 묶음", "suite as frozen"),
    "submission_sealed": Text("봉인된 제출물", "sealed submission"),
    "team_withdrawn": Text("참여 철회", "withdrawal"),
    "reference_registered": Text("등록된 참조 모델", "registered reference"),
    "beacon_drawn": Text("봉인 후 추첨값", "beacon drawn after sealing"),
    "candidates_listed": Text("후보 모델 목록", "list of candidate models"),
    "benchmark_run": Text("벤치마크 공식 실행", "official benchmark run"),
    "panel_closed": Text("전문가 평가표", "sheets of the experts"),
    "ballots_closed": Text("사용자 투표", "ballots of the users"),
    "figures_closed": Text("확산 지수 자료", "figures of the Diffusion Index"),
    "contest_recorded": Text("공개 평가의 기록", "record of the public contest"),
    "lineage_compared": Text("계보 비교", "lineage comparison"),
    "replies_closed": Text("소명", "replies of the teams"),
    "benchmark_summarised": Text("벤치마크 집계", "benchmark results"),
    "standing_computed": Text("점수와 순위", "standing"),
    "sensitivity_computed": Text("민감도 분석", "sensitivity"),
    "indices_computed": Text("측정 지수", "measured indices"),
    "agreement_computed": Text("평가위원의 일치도", "agreement of the experts"),
    "reply_handed_in": Text("소명 제출", "reply as handed in"),
    "objection_filed": Text("이의제기", "objection"),
    "contest_summarised": Text("공개 평가의 결과", "result of the public contest"),
    "independence_found": Text("독자성 판단", "independence finding"),
    "decision_issued": Text("결정", "decision"),
    "stage_noted": Text("모르는 것과 가상 자료", "what is unknown or synthetic"),
}


def act_words(kind: str) -> Text:
    """What an act is called; a kind without words is shown as it is."""
    return ACT.get(kind, Text(kind, kind))


def filled(text: Text, **values: Text) -> Text:
    """The text with each name in its own language."""
    return Text(
        text.ko.format(**{name: value.ko for name, value in values.items()}),
        text.en.format(**{name: value.en for name, value in values.items()}),
    )
