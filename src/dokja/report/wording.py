"""Words for people: every coded value of a stage in Korean and English."""

from __future__ import annotations

from dokja.decision.values import TeamStatus
from dokja.evidence.values import CheckResult, Text
from dokja.independence.values import FindingResult, ReplyState
from dokja.lineage.values import LineageVerdict, Relation, TensorClass
from dokja.programme.values import Measure, ReferenceView
from dokja.submission.values import ComponentKind, WeightState

STATUS: dict[TeamStatus, Text] = {
    TeamStatus.ADVANCES: Text("진출", "Advances"),
    TeamStatus.ELIMINATED_BY_RANK: Text("순위 탈락", "Out by rank"),
    TeamStatus.ELIMINATED_BY_GATE: Text("관문 탈락", "Out by the gate"),
    TeamStatus.WITHDRAWN: Text("참여 철회", "Withdrawn"),
    TeamStatus.UNDECIDED: Text("판정 보류", "Undecided"),
}

VERDICT: dict[LineageVerdict, Text] = {
    LineageVerdict.IDENTICAL: Text("동일", "Identical"),
    LineageVerdict.DERIVED: Text("파생", "Derived"),
    LineageVerdict.PARTIAL: Text("부분 파생", "Partly derived"),
    LineageVerdict.REFER: Text("전문가 회부", "Refer to experts"),
    LineageVerdict.NO_EVIDENCE: Text("증거 없음", "No evidence"),
    LineageVerdict.UNTESTABLE: Text("검정 불가", "Untestable"),
}

RELATION: dict[Relation, Text] = {
    Relation.COPY: Text("복제", "a copy"),
    Relation.FINE_TUNED: Text("미세조정", "fine-tuned"),
    Relation.CONTINUED_PRETRAINING: Text("추가 사전학습", "continued pre-training"),
    Relation.MERGED: Text("병합", "merged"),
    Relation.QUANTISED: Text("양자화", "quantised"),
    Relation.PRUNED: Text("가지치기", "pruned"),
    Relation.DEPTH_UPSCALED: Text("층 확장", "depth up-scaled"),
    Relation.LAYERS_DROPPED: Text("층 제거", "layers dropped"),
    Relation.TRANSPLANTED: Text("이식", "transplanted"),
    Relation.UNKNOWN: Text("관계 미상", "relation unknown"),
}

TENSOR_CLASS: dict[TensorClass, Text] = {
    TensorClass.MLP: Text("MLP", "MLP"),
    TensorClass.ATTENTION: Text("어텐션", "attention"),
    TensorClass.BOUNDARY: Text("입출력 경계", "boundary"),
}

FINDING: dict[FindingResult, Text] = {
    FindingResult.PASS: Text("적합", "Pass"),
    FindingResult.FAIL: Text("부적합", "Fail"),
    FindingResult.UNDETERMINED: Text("미정", "Undetermined"),
}

CHECK: dict[CheckResult, Text] = {
    CheckResult.PASS: Text("통과", "Pass"),
    CheckResult.FAIL: Text("불통과", "Fail"),
    CheckResult.INCONCLUSIVE: Text("판단 불가", "Inconclusive"),
    CheckResult.DECLARED: Text("신고만 있음", "Declared only"),
    CheckResult.NOT_RUN: Text("미실시", "Not run"),
    CheckResult.NOT_APPLICABLE: Text("해당 없음", "Not applicable"),
}

REPLY: dict[ReplyState, Text] = {
    ReplyState.NOT_NEEDED: Text("소명 대상 아님", "No reply needed"),
    ReplyState.REQUESTED: Text("소명 요청함", "Reply requested"),
    ReplyState.REPLIED: Text("소명 제출함", "Team replied"),
    ReplyState.EXPIRED: Text("소명 기한 경과", "Deadline passed, no reply"),
}

WEIGHT_STATE: dict[WeightState, Text] = {
    WeightState.INITIALISED: Text(
        "가중치를 초기화하여 학습", "initialised and trained"
    ),
    WeightState.INHERITED_TRAINED: Text(
        "기존 가중치에서 추가 학습", "inherited, trained on"
    ),
    WeightState.INHERITED_FROZEN: Text(
        "기존 가중치를 동결하여 사용", "inherited, kept frozen"
    ),
}

COMPONENT_KIND: dict[ComponentKind, Text] = {
    ComponentKind.TEXT_DECODER: Text("텍스트 디코더", "Text decoder"),
    ComponentKind.TEXT_ENCODER: Text("텍스트 인코더", "Text encoder"),
    ComponentKind.EMBEDDINGS: Text("임베딩", "Embeddings"),
    ComponentKind.VISION_ENCODER: Text("비전 인코더", "Vision encoder"),
    ComponentKind.AUDIO_ENCODER: Text("오디오 인코더", "Audio encoder"),
    ComponentKind.PROJECTOR: Text("프로젝터", "Projector"),
}

MEASURE: dict[Measure, Text] = {
    Measure.SUITE_MEAN: Text("평가셋 정확도 평균", "mean accuracy of the suites"),
    Measure.TARGET_ATTAINMENT: Text(
        "목표 모델 대비 달성률", "attainment of the target model"
    ),
    Measure.PANEL_MEAN: Text("전문가 평가표 평균", "mean of the expert sheets"),
    Measure.BALLOT_MEAN: Text("사용자 평가표 평균", "mean of the user ballots"),
}

REFERENCE_VIEW: dict[ReferenceView, Text] = {
    ReferenceView.DECLARED_TARGET: Text("신고한 목표 모델", "declared target"),
    ReferenceView.BEST_OPEN: Text("공개 모델 중 최고", "best open model"),
    ReferenceView.BEST_OVERALL: Text("전체 모델 중 최고", "best model overall"),
}


def component_kind(name: str) -> Text:
    """The kind's words; a name no kind has is shown as it is."""
    kind = next((k for k in ComponentKind if k.value == name), None)
    return COMPONENT_KIND[kind] if kind else Text(name, name)
