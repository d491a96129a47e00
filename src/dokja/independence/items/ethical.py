"""The ethical items: licences, notices and what is laid open."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.answers import answered
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.from_records import component_tiers
from dokja.independence.items.outcome import Found, missing, pointing
from dokja.independence.items.policy import undeclared
from dokja.independence.items.values import EvidenceKind

_NO_REPORT = ("라이선스 보고서가 없음", "There is no report on licences.")


def named_licences(evidence: TeamEvidence) -> Found:
    """ethic-01: a licence of a known name for model, components and data."""
    if evidence.papers is None:
        return missing(*_NO_REPORT)
    report = evidence.papers.licences
    named = [("model", report.outbound)]
    named += [(one.source.id, one.licence) for one in evidence.papers.sources]
    blank = [name for name, licence in named if not licence.is_named]
    if blank or evidence.licence_check("ethic-02") is CheckResult.FAIL:
        names = ", ".join(blank) or "components"
        return missing(
            f"라이선스가 신고되지 않음: {names}", f"No licence is declared for {names}."
        )
    unclear = [name for name, licence in named if not licence.is_understood]
    if unclear or evidence.licence_check("ethic-02") is CheckResult.INCONCLUSIVE:
        names = ", ".join(unclear) or "components"
        found = Found(
            result=CheckResult.INCONCLUSIVE,
            detail=Text(
                ko=f"어떤 라이선스인지 사람이 확인할 것: {names}",
                en=f"People must see which licence is meant: {names}.",
            ),
        )
    else:
        found = Found(
            result=CheckResult.DECLARED,
            detail=Text(
                ko=f"모델, 구성요소, 자료 {len(named) - 1}건의 라이선스가 신고됨",
                en="Licences are declared for the model, its components and "
                f"{len(named) - 1} sources.",
            ),
        )
    return pointing(found, *evidence.pointers(EvidenceKind.LICENCE_REPORT))


def no_conflict(evidence: TeamEvidence) -> Found:
    """ethic-02: licences received against the one the model goes out under."""
    if evidence.papers is None:
        return missing(*_NO_REPORT)
    hidden = undeclared(evidence)
    found = _licence_check(evidence, "licence-01")
    if hidden and found.result is not CheckResult.FAIL:
        found = Found(
            result=CheckResult.INCONCLUSIVE,
            detail=Text(
                ko=f"신고되지 않은 가중치의 라이선스를 알 수 없음: {hidden}",
                en=f"Licences of undeclared weights are unknown: {hidden}.",
            ),
        )
    return pointing(
        found,
        *evidence.pointers(EvidenceKind.LICENCE_REPORT),
        *evidence.pointers(EvidenceKind.LINEAGE_REPORT),
    )


def notices(evidence: TeamEvidence) -> Found:
    """ethic-03: the origin of what lineage found, and the notices licences ask for."""
    pointers = (
        *evidence.pointers(EvidenceKind.LICENCE_REPORT),
        *evidence.pointers(EvidenceKind.LINEAGE_REPORT),
    )
    hidden = undeclared(evidence)
    if hidden:
        found = Found(
            result=CheckResult.FAIL,
            detail=Text(
                ko=f"출처를 밝히지 않은 구성요소: {hidden}",
                en=f"Components whose origin was not disclosed: {hidden}.",
            ),
        )
        return pointing(found, *pointers)
    if evidence.papers is None:
        return missing(*_NO_REPORT)
    return pointing(_licence_check(evidence, "ethic-03"), *pointers)


def _licence_check(evidence: TeamEvidence, name: str) -> Found:
    """A check of the licence report as it stands."""
    checks = () if evidence.papers is None else evidence.papers.licences.checks
    for one in checks:
        if one.id == name:
            return Found(result=one.result, detail=one.detail)
    return missing(f"{name} 점검이 없음", f"The report has no {name}.")


def training_summary(evidence: TeamEvidence) -> Found:
    """ethic-05: whether anything the summary of training content needs is missing."""
    if evidence.papers is None or not evidence.papers.sources:
        return missing("자료 목록이 제출되지 않음", "No data manifest was handed in.")
    gaps = [
        f"{one.subject}.{one.fact}"
        for one in evidence.papers.missing
        if one.subject.startswith("data:")
    ]
    if gaps:
        names = ", ".join(gaps[:8]) + (" …" if len(gaps) > 8 else "")
        return missing(
            f"요약에 필요한 항목 {len(gaps)}개가 신고되지 않음: {names}",
            f"{len(gaps)} facts that the summary needs were not declared: {names}",
        )
    found = Found(
        result=CheckResult.DECLARED,
        detail=Text(
            ko=f"자료 {len(evidence.papers.sources)}건으로 요약을 작성할 수 있음",
            en=f"The summary can be written from {len(evidence.papers.sources)} "
            "sources.",
        ),
    )
    return pointing(found, *evidence.pointers(EvidenceKind.DATA_MANIFEST))


def limits(evidence: TeamEvidence) -> Found:
    """ethic-09: the team's statement beside the tier of every component's record."""
    found = answered(evidence, "ethic-09")
    tiers = ", ".join(
        f"{one.component} {one.tier}" for one in component_tiers(evidence)
    )
    return Found(
        result=found.result,
        detail=Text(
            ko=f"증거 등급: {tiers}. {found.detail.ko}",
            en=f"Tiers of evidence: {tiers}. {found.detail.en}",
        ),
        evidence=found.evidence,
    )
