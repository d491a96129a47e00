"""What a lineage report says in words, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.evidence.values import Text
from dokja.lineage.values import LineageVerdict


def reason_for(verdict: LineageVerdict) -> Text:
    """What the verdict rests on, in one sentence."""
    return _REASONS[verdict]


def untestable_reason(fact: str) -> Text:
    """Why the component could not be judged, with the fact as measured."""
    return Text(
        ko=f"이 판의 검사로는 비교할 수 없음: {fact}",
        en=f"The tests of this version cannot compare the two: {fact}.",
    )


def limits(only_one_side: Sequence[str]) -> Text:
    """What a report does and does not show, with the components left aside."""
    if not only_one_side:
        return _LIMITS
    names = ", ".join(only_one_side)
    return Text(
        ko=f"{_LIMITS.ko} 한쪽에만 있어 비교하지 않은 구성요소: {names}.",
        en=f"{_LIMITS.en} Not compared, as only one side has it: {names}.",
    )


_REASONS = {
    LineageVerdict.IDENTICAL: Text(
        ko="검사한 모든 텐서가 참조 모델과 바이트까지 같음",
        en="Every tensor that was tested equals the reference's byte for byte.",
    ),
    LineageVerdict.DERIVED: Text(
        ko="서로 다른 두 부분에서 각각, 우연이나 대조군으로 설명되지 않는 "
        "참조 모델의 가중치가 확인됨",
        en="Two separate parts each hold the reference's weights, beyond chance "
        "and beyond every control.",
    ),
    LineageVerdict.PARTIAL: Text(
        ko="일부 층에서만 참조 모델의 가중치가 확인됨(층 대응표 참조)",
        en="Some layers hold the reference's weights and others do not; see the "
        "layer map.",
    ),
    LineageVerdict.REFER: Text(
        ko="우연으로 보기 어려운 일치가 있으나 판정 요건을 채우지 못하여 "
        "전문가 검토가 필요함",
        en="There is a match that chance hardly explains, but not enough for a "
        "finding: experts have to look.",
    ),
    LineageVerdict.NO_EVIDENCE: Text(
        ko="검출 한계 안에서 참조 모델의 가중치가 발견되지 않음"
        "(독자 학습의 증명은 아님)",
        en="No trace of the reference's weights down to the detection limit; this "
        "does not prove independent training.",
    ),
    LineageVerdict.UNTESTABLE: Text(
        ko="이 판의 검사로는 비교할 수 없음",
        en="The tests of this version cannot compare the two.",
    ),
}

_LIMITS = Text(
    ko="가중치의 출발점이 같은지를 검사한다. 발견되지 않았다는 결과가 독자 학습을 "
    "증명하지는 않으며, 일치하더라도 어느 모델이 먼저인지, 미세조정인지 추가 "
    "사전학습인지는 알 수 없다. 잔차 채널의 순서를 바꾸거나 회전한 사본, 폭을 바꾼 "
    "사본, 출력만 보고 배운 모델(증류)은 이 판의 검사로 가려낼 수 없다. 같은 도구를 "
    "같은 기본 시드로 초기화한 두 모델은 복제하지 않아도 일치할 수 있다.",
    en="The tests ask whether weights have a common start. Finding nothing does not "
    "prove independent training, and a match does not tell which model came first, "
    "nor fine-tuning from continued pre-training. Copies whose residual channels "
    "were reordered or rotated, copies of another width, and models that only "
    "learned from the other's output (distillation) are out of this version's "
    "reach. Two models initialised by the same tool with the same default seed "
    "match without copying.",
)
