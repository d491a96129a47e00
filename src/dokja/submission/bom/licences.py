"""What follows from the licences of a submission, as checks with reasons."""

from __future__ import annotations

from collections.abc import Iterable

from dokja.evidence.values import Check, CheckResult, Text
from dokja.licence import LicenceTables, duties_of, judge, limits_of
from dokja.licence.values import (
    Compatibility,
    DutyKind,
    Handling,
    LicenceDuty,
    LicenceExpression,
    LimitKind,
)
from dokja.submission.bom.values import (
    BillComponent,
    BillOfMaterials,
    LicenceReport,
    PartJudgement,
)
from dokja.submission.values import WeightState

SCHEMA = "dokja-licence-report/1"

NOTICE_NAMES = frozenset({"notice", "notice.txt", "notice.md"})
LICENCE_NAMES = frozenset({"license", "licence", "copying"})

Outcome = tuple[CheckResult, Text]


def report_licences(
    bill: BillOfMaterials, notice: str | None, tables: LicenceTables
) -> LicenceReport:
    """The report on a bill; `notice` is the text of its NOTICE file, if any."""
    parts = tuple(_part(bill, component, tables) for component in bill.components)
    outcomes = {
        "ethic-02": _named(bill),
        "ethic-03": _duties_met(bill, parts, notice),
        "licence-01": _conflicts(parts),
        "licence-02": _limits(parts),
        "licence-03": _data(bill, tables),
    }
    return LicenceReport(
        schema=SCHEMA,
        team=bill.team,
        outbound=bill.licence,
        root=bill.root,
        tables=tables.versions,
        parts=parts,
        checks=tuple(
            Check(id=name, result=result, detail=detail, evidence=(bill.root,))
            for name, (result, detail) in outcomes.items()
        ),
    )


def _part(
    bill: BillOfMaterials, component: BillComponent, tables: LicenceTables
) -> PartJudgement:
    handling = (
        Handling.CHANGED
        if component.weight_state is WeightState.INHERITED_TRAINED
        else Handling.UNCHANGED
    )
    is_own = _is_own(component.weight_state)
    return PartJudgement(
        component=component.kind,
        weight_state=component.weight_state,
        judgement=judge(bill.licence, component.licence, handling, tables),
        duties=() if is_own else duties_of(component.licence, handling, tables),
        limits=() if is_own else limits_of(component.licence, tables),
    )


def _is_own(state: WeightState) -> bool:
    """Whether the team says the weights are its own, to license as it likes."""
    return state is WeightState.INITIALISED


def _named(bill: BillOfMaterials) -> Outcome:
    """ethic-02: whether a licence is named for the model and every component."""
    named: list[tuple[str, LicenceExpression]] = [("model", bill.licence)]
    named += [(one.kind.value, one.licence) for one in bill.components]
    blank = [name for name, licence in named if not licence.is_named]
    if blank:
        return CheckResult.FAIL, Text(
            ko=f"라이선스가 적혀 있지 않음: {', '.join(blank)}",
            en=f"No licence is named for {', '.join(blank)}.",
        )
    unclear = [
        f"{name} ({licence.declared})"
        for name, licence in named
        if not licence.is_understood
    ]
    if unclear:
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"어떤 라이선스인지 확인할 수 없음: {', '.join(unclear)}",
            en=f"It is not clear which licence is meant: {', '.join(unclear)}.",
        )
    return CheckResult.DECLARED, Text(
        ko="모델과 모든 구성요소의 라이선스가 알려진 이름으로 신고됨",
        en="The model and every component declare a licence of a known name.",
    )


def _conflicts(parts: Iterable[PartJudgement]) -> Outcome:
    """licence-01: whether what came in may go out under the declared licence.

    A component that the team began itself is its own to license; a declared
    licence that speaks against it is a question and no conflict.
    """
    parts = tuple(parts)
    inherited = [one for one in parts if not _is_own(one.weight_state)]
    broken = [one for one in inherited if _is(one, Compatibility.INCOMPATIBLE)]
    if broken:
        return CheckResult.FAIL, _listed(
            broken, ko="공개 라이선스와 충돌함", en="In conflict with the licence"
        )
    unclear = [one for one in inherited if not _is(one, Compatibility.COMPATIBLE)]
    unclear += [
        one
        for one in parts
        if _is_own(one.weight_state) and _is(one, Compatibility.INCOMPATIBLE)
    ]
    if unclear:
        return CheckResult.INCONCLUSIVE, _listed(
            unclear, ko="사람이 확인해야 함", en="People have to look at"
        )
    if inherited:
        return CheckResult.PASS, Text(
            ko="물려받은 모든 구성요소를 신고한 라이선스로 공개할 수 있음",
            en="Every inherited component may go out under the declared licence.",
        )
    return CheckResult.DECLARED, Text(
        ko="팀은 물려받은 가중치가 없다고 신고함",
        en="The team declares no inherited weights.",
    )


def _is(part: PartJudgement, verdict: Compatibility) -> bool:
    return part.judgement.verdict is verdict


def _listed(parts: Iterable[PartJudgement], *, ko: str, en: str) -> Text:
    parts = tuple(parts)
    korean = "; ".join(f"{p.component}: {p.judgement.reason.ko}" for p in parts)
    english = " ".join(f"{p.component}: {p.judgement.reason.en}" for p in parts)
    return Text(ko=f"{ko}. {korean}", en=f"{en}: {english}")


def _duties_met(
    bill: BillOfMaterials, parts: Iterable[PartJudgement], notice: str | None
) -> Outcome:
    """ethic-03: whether the submission holds what its licences ask to be shown.

    `inconclusive` at worst: what is missing here may stand where the model is
    published.
    """
    parts = tuple(parts)
    duties = tuple(dict.fromkeys(duty for part in parts for duty in part.duties))
    if not duties:
        unread = any(
            _is(one, Compatibility.UNKNOWN)
            for one in parts
            if not _is_own(one.weight_state)
        )
        if unread:
            return CheckResult.INCONCLUSIVE, Text(
                ko="조건을 확인하지 못한 라이선스가 있어 의무를 알 수 없음",
                en="A licence nobody read leaves its duties unknown.",
            )
        return CheckResult.NOT_APPLICABLE, Text(
            ko="물려받은 구성요소에서 생기는 표시 의무가 없음",
            en="No inherited component asks for anything to be shown.",
        )
    open_duties = [duty for duty in duties if not _is_met(duty, bill, notice)]
    if open_duties:
        return CheckResult.INCONCLUSIVE, _duty_text(
            open_duties, ko="제출물에서 확인되지 않은 의무", en="Not seen here"
        )
    return CheckResult.PASS, _duty_text(
        duties, ko="제출물에서 확인된 의무", en="Seen in the submission"
    )


def _is_met(duty: LicenceDuty, bill: BillOfMaterials, notice: str | None) -> bool:
    names = (bill.model, bill.name.ko, bill.name.en)
    if duty.kind is DutyKind.NAME_PREFIX:
        return any(name.casefold().startswith(duty.phrase.casefold()) for name in names)
    if duty.kind is DutyKind.SHOWN_PHRASE:
        return notice is not None and duty.phrase.casefold() in notice.casefold()
    if duty.kind is DutyKind.COPY_OF_LICENCE:
        return any(is_licence_file(file.path) for file in bill.files)
    if duty.kind in (DutyKind.NOTICE_FILE, DutyKind.ATTRIBUTION):
        return notice is not None and notice.strip() != ""
    return False


def is_licence_file(path: str) -> bool:
    """Whether a file by its name holds the text of a licence."""
    name = path.rpartition("/")[2].casefold()
    return any(name.startswith(start) for start in LICENCE_NAMES)


def is_notice_file(path: str) -> bool:
    """Whether a file at the top of the submission is its NOTICE."""
    return path.casefold() in NOTICE_NAMES


def _duty_text(duties: Iterable[LicenceDuty], *, ko: str, en: str) -> Text:
    duties = tuple(duties)
    korean = "; ".join(f"{one.licence}: {one.what.ko}" for one in duties)
    english = "; ".join(f"{one.licence}: {one.what.en}" for one in duties)
    return Text(ko=f"{ko}: {korean}", en=f"{en}: {english}.")


def _limits(parts: Iterable[PartJudgement]) -> Outcome:
    """licence-02: whether limits of others stay with the model.

    What the rules make of them is for the rulebook, not for this check.
    """
    inherited = [one for one in parts if not _is_own(one.weight_state)]
    if not inherited:
        return CheckResult.DECLARED, Text(
            ko="팀은 물려받은 가중치가 없다고 신고함",
            en="The team declares no inherited weights.",
        )
    limits = tuple(dict.fromkeys(limit for one in inherited for limit in one.limits))
    unread = [one for one in inherited if _is(one, Compatibility.UNKNOWN)]
    if limits:
        korean = "; ".join(f"{one.licence}: {one.what.ko}" for one in limits)
        english = "; ".join(f"{one.licence}: {one.what.en}" for one in limits)
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"모델에 남는 제한: {korean}",
            en=f"Limits that stay with the model: {english}.",
        )
    if unread:
        return CheckResult.INCONCLUSIVE, _listed(
            unread, ko="제한을 확인하지 못함", en="Limits are not known"
        )
    return CheckResult.PASS, Text(
        ko="물려받은 구성요소의 라이선스에서 알려진 제한이 없음",
        en="The licences of what was inherited set no limit that is known.",
    )


_AGAINST_TRAINING = frozenset(
    {LimitKind.NO_COMMERCIAL_USE, LimitKind.NO_CHANGES, LimitKind.NO_OTHER_MODELS}
)


def _data(bill: BillOfMaterials, tables: LicenceTables) -> Outcome:
    """licence-03: whether the declared data came under terms that allow training.

    Never `fail`: whether a model is a work based on its data is not settled.
    """
    if not bill.sources:
        return CheckResult.NOT_RUN, Text(
            ko="학습 자료 목록이 신고되지 않음", en="No training data were declared."
        )
    doubts = [
        Text(ko=label, en=label)
        for one in bill.sources
        if not one.licence.is_understood
        for label in (f"{one.source.id} ({one.licence.declared or '-'})",)
    ]
    doubts += [
        Text(
            ko=f"{one.source.id} ({limit.licence}: {limit.what.ko})",
            en=f"{one.source.id} ({limit.licence}: {limit.what.en})",
        )
        for one in bill.sources
        for limit in limits_of(one.licence, tables)
        if limit.kind in _AGAINST_TRAINING
    ]
    if doubts:
        korean = ", ".join(doubt.ko for doubt in doubts)
        english = ", ".join(doubt.en for doubt in doubts)
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"사람이 확인해야 하는 자료의 이용 조건: {korean}",
            en=f"Terms of data that people have to look at: {english}.",
        )
    return CheckResult.DECLARED, Text(
        ko=f"자료 {len(bill.sources)}건의 라이선스가 알려진 이름으로 신고됨",
        en=f"The licences of {len(bill.sources)} sources are declared by known names.",
    )
