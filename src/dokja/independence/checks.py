"""The dossier's checks: what each looks at and when it fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dokja.evidence.values import Check, CheckResult, Text
from dokja.independence.dossier import Dossier
from dokja.lineage.values import LineageVerdict

CheckFunction = Callable[[Dossier], tuple[CheckResult, Text]]


def run_check(check_id: str, dossier: Dossier) -> Check:
    """The check's result; `not_run` for one this program does not know.

    An adverse result before the team was heard is `inconclusive`: no gate
    decision comes before a reply or its deadline.
    """
    function = CHECKS.get(check_id)
    if function is None:
        result, detail = CheckResult.NOT_RUN, _unknown_check(check_id)
    else:
        result, detail = function(dossier)
    if result is CheckResult.FAIL and not dossier.is_heard:
        result, detail = CheckResult.INCONCLUSIVE, _awaiting_reply(detail, dossier)
    return Check(id=check_id, result=result, detail=detail, evidence=dossier.evidence)


def own_weights(dossier: Dossier) -> tuple[CheckResult, Text]:
    """tech-01: whether any component holds someone else's weights."""
    inherited = dossier.inherited()
    if inherited:
        names = ", ".join(
            f"{c.kind} ({f.verdict}: {f.reference})" for c, f in inherited
        )
        return CheckResult.FAIL, Text(
            ko=f"다른 모델의 가중치를 물려받은 구성요소: {names}",
            en=f"Components that hold another model's weights: {names}.",
        )
    declared = dossier.declared_inherited()
    if declared:
        names = ", ".join(f"{c.kind} ({c.weight_state})" for c in declared)
        return CheckResult.FAIL, Text(
            ko=f"팀이 초기화하지 않았다고 신고한 구성요소: {names}",
            en=f"Components the team declares as not initialised: {names}.",
        )
    return _passed_unless_open(
        dossier,
        ko="모든 구성요소에서 참조 모델의 가중치가 발견되지 않음(검출 한계 이상 기준)",
        en="No component shows a reference's weights, down to the detection limits "
        "printed with each comparison.",
    )


def training_record(dossier: Dossier) -> tuple[CheckResult, Text]:
    """tech-02: whether a training record was sealed with the model.

    `declared` at most: a record made by the team alone proves nothing by
    itself, it only puts the team's word on file.
    """
    training = dossier.seal.manifest.training
    sealed = {file.path for file in dossier.seal.files}
    wanted = (
        (training.recipe, training.data, training.loss) if training is not None else ()
    )
    missing = sorted(set(wanted) - sealed)
    if not wanted or missing:
        names = ", ".join(missing) or "training"
        return CheckResult.NOT_RUN, Text(
            ko=f"학습 기록이 제출되지 않음: {names}",
            en=f"No training record was handed in: {names}.",
        )
    return CheckResult.DECLARED, Text(
        ko="학습 설정·자료 목록·손실 기록이 봉인됨(팀의 진술이며 입회 기록은 아님)",
        en="Recipe, data manifest and loss log were sealed: the team's word, "
        "not a witnessed record.",
    )


def own_control(dossier: Dossier) -> tuple[CheckResult, Text]:
    """policy-01: whether the team's licence leaves it in control of its model."""
    if not dossier.seal.manifest.licence.strip():
        return CheckResult.NOT_RUN, Text(
            ko="공개 라이선스가 신고되지 않음", en="No outbound licence was declared."
        )
    if dossier.inherited():
        return CheckResult.INCONCLUSIVE, Text(
            ko="물려받은 가중치가 있어 통제 가능 여부를 신고만으로 판단할 수 없음",
            en="With inherited weights in the model, a declaration alone cannot show "
            "that the team controls it.",
        )
    licence = dossier.seal.manifest.licence
    return CheckResult.DECLARED, Text(
        ko=f"팀이 신고한 라이선스: {licence}", en=f"Licence as declared: {licence}."
    )


def disclosed_origin(dossier: Dossier) -> tuple[CheckResult, Text]:
    """ethic-01: whether every inherited part was disclosed before the seal."""
    hidden = [
        f"{component.kind} ({component.weight_state}, "
        f"{found.verdict}: {found.reference})"
        for component, found in dossier.inherited()
        if component in dossier.seal.manifest.components
        and component not in dossier.declared_inherited()
    ]
    if hidden:
        names = ", ".join(hidden)
        return CheckResult.FAIL, Text(
            ko=f"출처를 밝히지 않은 구성요소: {names}",
            en=f"Components whose origin was not disclosed: {names}.",
        )
    return _passed_unless_open(
        dossier,
        ko="신고한 출처와 측정 결과가 어긋나지 않음",
        en="What was declared and what was measured do not disagree.",
    )


def named_licences(dossier: Dossier) -> tuple[CheckResult, Text]:
    """ethic-02: whether a licence is named for every component."""
    unnamed = [
        component.kind.value
        for component in dossier.seal.manifest.components
        if not component.licence.strip()
    ]
    if unnamed:
        names = ", ".join(unnamed)
        return CheckResult.FAIL, Text(
            ko=f"라이선스가 없는 구성요소: {names}",
            en=f"Components without a licence: {names}.",
        )
    return CheckResult.DECLARED, Text(
        ko="모든 구성요소의 라이선스가 신고됨",
        en="A licence is declared for every component.",
    )


def expert_concerns(dossier: Dossier) -> tuple[CheckResult, Text]:
    """panel-01: whether an expert wrote down a doubt that people must look into.

    `inconclusive` at most: a doubt asks for a look and shows nothing by itself.
    """
    if not dossier.concerns:
        return CheckResult.NOT_APPLICABLE, Text(
            ko="독자성에 관한 의견을 남긴 전문가 평가위원이 없음",
            en="No expert wrote down a concern about independence.",
        )
    about = "; ".join(f"{c.expert}: {c.concern.about}" for c in dossier.concerns)
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"전문가 평가위원의 의견을 사람이 확인해야 함: {about}",
        en=f"Concerns of experts that people must look into: {about}.",
    )


CHECKS: Mapping[str, CheckFunction] = {
    "tech-01": own_weights,
    "tech-02": training_record,
    "policy-01": own_control,
    "ethic-01": disclosed_origin,
    "ethic-02": named_licences,
    "panel-01": expert_concerns,
}


def _passed_unless_open(
    dossier: Dossier, *, ko: str, en: str
) -> tuple[CheckResult, Text]:
    """`pass` with the text, `inconclusive` while a comparison settled nothing."""
    doubtful = []
    for component in dossier.seal.manifest.components:
        found = dossier.comparisons(component)
        if not found:
            doubtful.append(f"{component.kind} (no reference has one)")
        doubtful.extend(
            f"{component.kind} ({one.verdict}: {one.reference})"
            for one in found
            if one.verdict in (LineageVerdict.REFER, LineageVerdict.UNTESTABLE)
        )
    if not doubtful:
        return CheckResult.PASS, Text(ko=ko, en=en)
    parts = ", ".join(doubtful)
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"비교로 판단하지 못한 구성요소: {parts}",
        en=f"Components the comparison could not settle: {parts}.",
    )


def _unknown_check(check_id: str) -> Text:
    return Text(
        ko=f"이 판의 도구에 {check_id} 점검이 없음",
        en=f"This version has no check {check_id}.",
    )


def _awaiting_reply(detail: Text, dossier: Dossier) -> Text:
    return Text(
        ko=f"{detail.ko} 소명 기한({dossier.reply_until}) 전이므로 판단을 보류함",
        en=f"{detail.en} Held back until the team replies or {dossier.reply_until}.",
    )
