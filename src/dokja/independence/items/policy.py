"""The policy items: whether the team stays in control of its model."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.outcome import Found, missing, pointing
from dokja.independence.items.values import EvidenceKind
from dokja.submission.values import WeightState


def no_strings(evidence: TeamEvidence) -> Found:
    """policy-01: limits that come with what the team itself says it inherited.

    What lineage found and the team did not declare has terms nobody named: people
    must look.
    """
    if evidence.papers is None:
        return missing("라이선스 보고서가 없음", "There is no report on licences.")
    pointers = (
        *evidence.pointers(EvidenceKind.LICENCE_REPORT),
        *evidence.pointers(EvidenceKind.LINEAGE_REPORT),
    )
    report = evidence.papers.licences
    limited = [
        f"{part.component.value} ({limit.licence}: {limit.kind.value})"
        for part in report.parts
        if part.weight_state is not WeightState.INITIALISED
        for limit in part.limits
    ]
    if limited:
        names = ", ".join(limited)
        found = Found(
            result=CheckResult.FAIL,
            detail=Text(
                ko=f"물려받은 구성요소에 남는 제한: {names}",
                en=f"Limits that stay with inherited components: {names}.",
            ),
        )
        return pointing(found, *pointers)
    return pointing(_without_limits(evidence), *pointers)


def _without_limits(evidence: TeamEvidence) -> Found:
    hidden = undeclared(evidence)
    if hidden:
        return Found(
            result=CheckResult.INCONCLUSIVE,
            detail=Text(
                ko=f"신고되지 않은 가중치의 이용 조건을 알 수 없음: {hidden}",
                en=f"Terms of weights that were not declared are unknown: {hidden}.",
            ),
        )
    said = evidence.licence_check("licence-02")
    if said is CheckResult.INCONCLUSIVE:
        return Found(
            result=CheckResult.INCONCLUSIVE,
            detail=Text(
                ko="물려받은 구성요소의 이용 조건을 사람이 확인할 것",
                en="People must read the terms of what was inherited.",
            ),
        )
    if said is CheckResult.PASS:
        return Found(
            result=CheckResult.PASS,
            detail=Text(
                ko="물려받은 구성요소의 라이선스에 알려진 제한이 없음",
                en="The licences of what was inherited set no known limit.",
            ),
        )
    return Found(
        result=CheckResult.DECLARED,
        detail=Text(
            ko="팀은 물려받은 가중치가 없다고 신고함",
            en="The team declares no inherited weights.",
        ),
    )


def undeclared(evidence: TeamEvidence) -> str:
    """Components that lineage found in a reference and the team called its own."""
    declared = evidence.declared_inherited()
    hidden = {
        f"{component.kind.value} ({found.reference})"
        for component, found in evidence.inherited()
        if component not in declared
    }
    return ", ".join(sorted(hidden))


def no_remote_code(evidence: TeamEvidence) -> Found:
    """policy-03: code among the sealed files; what a server adds is not seen."""
    if evidence.papers is None:
        return missing("제출 자료를 읽지 않음", "The papers were not read.")
    code = ", ".join(evidence.papers.code)
    found = Found(
        result=CheckResult.INCONCLUSIVE,
        detail=Text(
            ko=f"봉인된 코드를 사람이 확인할 것: {code}",
            en=f"Code among the sealed files that people must read: {code}.",
        ),
    )
    if not code:
        found = Found(
            result=CheckResult.PASS,
            detail=Text(
                ko="봉인된 파일에 코드가 없고, 설정도 코드를 요구하지 않음",
                en="No sealed file is code, and no configuration asks for any.",
            ),
        )
    return pointing(found, *evidence.pointers(EvidenceKind.SEAL))
