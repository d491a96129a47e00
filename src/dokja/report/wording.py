"""Words for people: every coded value of a stage in Korean and English."""

from __future__ import annotations

from dokja.decision.values import TeamStatus
from dokja.evidence.values import CheckResult, Text
from dokja.independence.values import FindingResult, ReplyState
from dokja.lineage.values import LineageVerdict, Relation, TensorClass
from dokja.programme.values import Measure
from dokja.standing.values import Source, WeightKind
from dokja.submission.values import ComponentKind, WeightState

STATUS: dict[TeamStatus, Text] = {
    TeamStatus.ADVANCES: Text("진출", "Advances"),
    TeamStatus.ELIMINATED_BY_RANK: Text("순위 탈락", "Out by rank"),
    TeamStatus.ELIMINATED_BY_GATE: Text("관문 탈락", "Out by the gate"),
    TeamStatus.WITHDRAWN: Text("철회함", "Withdrawn"),
    TeamStatus.UNDECIDED: Text("미결", "Undecided"),
}

VERDICT: dict[LineageVerdict, Text] = {
    LineageVerdict.IDENTICAL: Text("동일", "Identical"),
    LineageVerdict.DERIVED: Text("파생", "Derived"),
    LineageVerdict.PARTIAL: Text("일부 파생", "Partly derived"),
    LineageVerdict.REFER: Text("사람이 확인할 것", "Refer to experts"),
    LineageVerdict.NO_EVIDENCE: Text("증거 없음", "No evidence"),
    LineageVerdict.UNTESTABLE: Text("시험 불가", "Untestable"),
}

RELATION: dict[Relation, Text] = {
    Relation.COPY: Text("복사", "a copy"),
    Relation.FINE_TUNED: Text("미세조정", "fine-tuned"),
    Relation.CONTINUED_PRETRAINING: Text("이어서 사전학습", "continued pre-training"),
    Relation.MERGED: Text("병합", "merged"),
    Relation.QUANTISED: Text("양자화", "quantised"),
    Relation.PRUNED: Text("가지치기", "pruned"),
    Relation.DEPTH_UPSCALED: Text("층 늘리기", "depth up-scaled"),
    Relation.LAYERS_DROPPED: Text("층 덜어내기", "layers dropped"),
    Relation.TRANSPLANTED: Text("옮겨 심기", "transplanted"),
    Relation.UNKNOWN: Text("알 수 없음", "relation unknown"),
}

TENSOR_CLASS: dict[TensorClass, Text] = {
    TensorClass.MLP: Text("다층 퍼셉트론", "MLP"),
    TensorClass.ATTENTION: Text("어텐션", "attention"),
    TensorClass.BOUNDARY: Text("경계층", "boundary"),
}

FINDING: dict[FindingResult, Text] = {
    FindingResult.PASS: Text("충족", "Pass"),
    FindingResult.FAIL: Text("불충족", "Fail"),
    FindingResult.UNDETERMINED: Text("판단 유보", "Undetermined"),
}

CHECK: dict[CheckResult, Text] = {
    CheckResult.PASS: Text("충족", "Pass"),
    CheckResult.FAIL: Text("불충족", "Fail"),
    CheckResult.INCONCLUSIVE: Text("판단 불가", "Inconclusive"),
    CheckResult.DECLARED: Text("신고됨", "Declared only"),
    CheckResult.NOT_RUN: Text("미실시", "Not run"),
    CheckResult.NOT_APPLICABLE: Text("해당 없음", "Not applicable"),
}

REPLY: dict[ReplyState, Text] = {
    ReplyState.NOT_NEEDED: Text("소명 불필요", "No reply needed"),
    ReplyState.REQUESTED: Text("소명 요청됨", "Reply requested"),
    ReplyState.REPLIED: Text("소명함", "Team replied"),
    ReplyState.EXPIRED: Text("기한 지남", "Deadline passed, no reply"),
}

WEIGHT_STATE: dict[WeightState, Text] = {
    WeightState.INITIALISED: Text("초기화 후 학습", "initialised and trained"),
    WeightState.INHERITED_TRAINED: Text("가져와 추가 학습", "inherited, trained on"),
    WeightState.INHERITED_FROZEN: Text("가져와 고정", "inherited, kept frozen"),
}

COMPONENT_KIND: dict[ComponentKind, Text] = {
    ComponentKind.TEXT_DECODER: Text("텍스트 디코더", "Text decoder"),
    ComponentKind.TEXT_ENCODER: Text("텍스트 인코더", "Text encoder"),
    ComponentKind.EMBEDDINGS: Text("임베딩", "Embeddings"),
    ComponentKind.VISION_ENCODER: Text("비전 인코더", "Vision encoder"),
    ComponentKind.AUDIO_ENCODER: Text("음성 인코더", "Audio encoder"),
    ComponentKind.PROJECTOR: Text("프로젝터(연결층)", "Projector"),
}

MEASURE: dict[Measure, Text] = {
    Measure.SUITE_MEAN: Text("벤치마크 평균", "mean accuracy of the suites"),
    Measure.TARGET_ATTAINMENT: Text("목표 달성도", "attainment of the target model"),
    Measure.PANEL_MEAN: Text("전문가 평균", "mean of the expert sheets"),
    Measure.BALLOT_MEAN: Text("투표 평균", "mean of the user ballots"),
}

WEIGHTS: dict[WeightKind, Text] = {
    WeightKind.OFFICIAL: Text("공식 배점", "Official weights"),
    WeightKind.PERTURBED: Text("흔든 배점", "Perturbed weights"),
    WeightKind.UNIFORM: Text("균등 가중치", "Uniform weights"),
}

SOURCE: dict[Source, Text] = {
    Source.BENCHMARKS: Text("벤치마크", "Benchmarks"),
    Source.ITEMS: Text("문항", "Items"),
    Source.RATERS: Text("평가위원", "Raters"),
    Source.VOTERS: Text("투표자", "Voters"),
    Source.VOTES: Text("표", "Votes"),
}


def component_kind(name: str) -> Text:
    """The kind's words; a name no kind has is shown as it is."""
    kind = next((k for k in ComponentKind if k.value == name), None)
    return COMPONENT_KIND[kind] if kind else Text(name, name)
