"""What training records say to an item, component by component."""

from __future__ import annotations

from collections.abc import Iterator

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.outcome import Found, Part, deeper, together
from dokja.independence.items.values import (
    ComponentTier,
    EvidenceKind,
    EvidencePointer,
)
from dokja.submission.values import DeclaredComponent
from dokja.training.tier_words import MEANING
from dokja.training.values import RecordVerdict, Tier

UNWITNESSED = frozenset({Tier.E0, Tier.E1})
_NO_RECORD = Text(ko="학습 기록이 제출되지 않음", en="no training record")


def recorded(evidence: TeamEvidence, *checks: str) -> Found:
    """The worst that the named checks say of any component's record.

    Passed checks of a record nobody witnessed are the team's word: such a record
    can be made up afterwards.
    """
    found = together(
        (_part(evidence, component, checks) for component in evidence.components),
        kinds=", ".join(checks),
        nothing=Text(ko="신고된 구성요소가 없음", en="No component was declared."),
    )
    return Found(
        result=found.result,
        detail=found.detail,
        evidence=tuple(_pointers(evidence, checks)),
    )


def component_tiers(evidence: TeamEvidence) -> tuple[ComponentTier, ...]:
    """The tier of every component's record; E0 where it has none."""
    return tuple(
        _tier(component, evidence.record_of(component))
        for component in evidence.components
    )


def _tier(component: DeclaredComponent, record: RecordVerdict | None) -> ComponentTier:
    if record is None:
        return ComponentTier(
            component=component.kind.value,
            run="",
            tier=Tier.E0.value,
            outcome=CheckResult.NOT_RUN,
            meaning=MEANING[Tier.E0],
        )
    return ComponentTier(
        component=component.kind.value,
        run=record.run,
        tier=record.tier.value,
        outcome=record.outcome,
        meaning=record.meaning,
    )


def _part(
    evidence: TeamEvidence, component: DeclaredComponent, checks: tuple[str, ...]
) -> Part:
    record = evidence.record_of(component)
    name = component.kind.value
    if record is None:
        return Part(name=name, result=CheckResult.NOT_RUN, why=_NO_RECORD)
    if record.run.partition("/")[0] != evidence.team:
        why = Text(
            ko=f"다른 팀의 기록임({record.run})",
            en=f"the record is of another team ({record.run})",
        )
        return Part(name=name, result=CheckResult.INCONCLUSIVE, why=why)
    result = _worst(record, checks)
    said = ", ".join(
        f"{one.id} {one.result.value}" for one in record.checks if one.id in checks
    )
    why = Text(ko=f"{record.tier.value}, {said}", en=f"{record.tier.value}, {said}")
    if record.outcome is CheckResult.FAIL and result is not CheckResult.FAIL:
        hard = [one.id for one in record.checks if one.result is CheckResult.FAIL]
        why = Text(
            ko=f"필수 점검을 통과하지 못해 근거로 쓸 수 없음({', '.join(hard)})",
            en=f"a hard check failed, so it is no evidence ({', '.join(hard)})",
        )
        result = CheckResult.INCONCLUSIVE
    return Part(name=name, result=result, why=why)


def _worst(record: RecordVerdict, checks: tuple[str, ...]) -> CheckResult:
    results = {one.id: one.result for one in record.checks if one.id in checks}
    found = [results.get(name, CheckResult.NOT_RUN) for name in checks]
    for word in (CheckResult.FAIL, CheckResult.NOT_RUN, CheckResult.INCONCLUSIVE):
        if word in found:
            return word
    if CheckResult.DECLARED in found or record.tier in UNWITNESSED:
        return CheckResult.DECLARED
    return CheckResult.PASS if CheckResult.PASS in found else CheckResult.NOT_APPLICABLE


def _pointers(
    evidence: TeamEvidence, checks: tuple[str, ...]
) -> Iterator[EvidencePointer]:
    for (kind, component), place in sorted(evidence.places.items()):
        record = evidence.records.get(component)
        if kind is not EvidenceKind.TRAINING_RECORD or record is None:
            continue
        for position, check in enumerate(record.checks):
            if check.id in checks:
                yield deeper(place, f"/checks/{position}")
