"""What a comparison says for people who do not read tests."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict

MEANING: dict[LineageVerdict, Text] = {
    LineageVerdict.IDENTICAL: Text(
        "적어도 한 구성요소가 참조 모델과 바이트까지 같습니다.",
        "At least one component equals the reference's byte for byte.",
    ),
    LineageVerdict.DERIVED: Text(
        "적어도 한 구성요소에 참조 모델의 가중치가 들어 있으며, 우연이나 무관한 "
        "모델로는 설명되지 않습니다.",
        "At least one component holds the reference's weights, beyond what chance "
        "or unrelated models explain.",
    ),
    LineageVerdict.PARTIAL: Text(
        "적어도 한 구성요소의 일부 층에 참조 모델의 가중치가 들어 있습니다.",
        "Some layers of at least one component hold the reference's weights.",
    ),
    LineageVerdict.REFER: Text(
        "우연으로 보기 어려운 일치가 있으나 판정 요건에는 미치지 못합니다. 전문가가 "
        "확인하기 전에는 어느 쪽의 근거로도 쓸 수 없습니다.",
        "There is a match that chance hardly explains, short of a finding. Until "
        "experts have looked it supports neither side.",
    ),
    LineageVerdict.NO_EVIDENCE: Text(
        "검출 한계 안에서 참조 모델의 가중치를 찾지 못했습니다. 독자적으로 학습했다는 "
        "증명은 아닙니다.",
        "No trace of the reference's weights was found down to the detection limit. "
        "That does not prove independent training.",
    ),
    LineageVerdict.UNTESTABLE: Text(
        "이 판의 검사로는 비교할 수 없습니다. 증거가 없다는 뜻이 아닙니다.",
        "The tests of this version cannot compare the two. That is not the same as "
        "no evidence.",
    ),
}
"""What the worst verdict amounts to, for the head of the page."""

SHOWS: tuple[Text, ...] = (
    Text(
        "두 모델의 가중치가 같은 출발점에서 나왔는지를 구성요소마다 보여 줍니다.",
        "Whether the weights of both models have a common start, for each component.",
    ),
    Text(
        "측정한 효과를, 같은 절차로 잰 무관한 대조군과 알려진 후손 옆에 놓아 보여 "
        "줍니다.",
        "The effect measured, beside strangers and a descendant known to be such, "
        "measured in the same pass.",
    ),
    Text(
        "아무것도 나오지 않았을 때, 얼마나 작은 몫까지 찾을 수 있었는지를 보여 줍니다.",
        "Where nothing was found, how small a share would still have been found.",
    ),
)
DOES_NOT_SHOW: tuple[Text, ...] = (
    Text(
        "독자적으로 학습했다는 증명이 아닙니다.",
        "That a model was trained independently.",
    ),
    Text(
        "어느 모델이 먼저인지는 알 수 없습니다.",
        "Which of the two models came first.",
    ),
    Text(
        "출력만 보고 배운 모델(증류)은 드러나지 않습니다.",
        "Learning from the other's output alone (distillation).",
    ),
    Text(
        "라이선스나 규정을 어겼는지는 판단하지 않습니다.",
        "Whether a licence or a rule was broken.",
    ),
)

_KOREAN_REASONS = {
    "norm gains start at one in every model and stay alike": (
        "정규화 이득은 어느 모델에서나 1로 시작하여 서로 비슷하게 남음"
    ),
    "norm gains, stored less one, start at zero and stay alike": (
        "1을 뺀 값으로 저장된 정규화 이득은 0에서 시작하여 서로 비슷하게 남음"
    ),
    "biases start at zero in every model": "편향은 어느 모델에서나 0으로 시작함",
    "a single vector, which many libraries start at zero": (
        "벡터 하나이며 여러 라이브러리가 0으로 초기화함"
    ),
    "a table that the architecture fixes": "구조가 정하는 고정된 표",
    "a read-out that is not part of the body": "몸체에 속하지 않는 출력부",
    "an expert of a mixture, which this version does not compare": (
        "전문가 혼합의 전문가이며 이 판은 비교하지 않음"
    ),
    "the router of a mixture, which this version does not compare": (
        "전문가 혼합의 라우터이며 이 판은 비교하지 않음"
    ),
    "latent attention, which this version does not compare": (
        "잠재 어텐션이며 이 판은 비교하지 않음"
    ),
    "no canonical role for this name": "역할을 알 수 없는 이름",
    "the reference has no tensor of this role": "참조 모델에 이 역할의 텐서가 없음",
}
"""Korean for the reasons that a report gives in English alone."""


def left_out_reason(reason: str) -> Text:
    """Why tensors were left out; a reason without Korean stays as recorded."""
    return Text(_KOREAN_REASONS.get(reason, reason), reason)
