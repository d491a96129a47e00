"""May something received under one licence go out under another?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dokja.evidence.values import Text
from dokja.licence.read_tables import LicenceTables
from dokja.licence.values import (
    Compatibility,
    Grant,
    Handling,
    Judgement,
    LicenceExpression,
    LicenceTerms,
    PassedOn,
)

Finding = tuple[Compatibility, Text]

ORDER: Mapping[Compatibility, int] = {
    Compatibility.COMPATIBLE: 0,
    Compatibility.CONDITIONAL: 1,
    Compatibility.UNKNOWN: 2,
    Compatibility.INCOMPATIBLE: 3,
}
"""From the best to the worst; what nobody knows is worse than a condition."""


def judge(
    outbound: LicenceExpression,
    inbound: LicenceExpression,
    handling: Handling,
    tables: LicenceTables,
) -> Judgement:
    """The verdict on a work received under `inbound` and given out as `outbound`.

    Whoever receives it may pick any alternative of `outbound`, so each has to
    hold; we may pick one of `inbound`, so one has to suffice.
    """
    verdict, reason = _judge(outbound, inbound, handling, tables)
    return Judgement(
        outbound=outbound.canonical or outbound.declared,
        inbound=inbound.canonical or inbound.declared,
        handling=handling,
        verdict=verdict,
        reason=reason,
    )


def _judge(
    outbound: LicenceExpression,
    inbound: LicenceExpression,
    handling: Handling,
    tables: LicenceTables,
) -> Finding:
    for side in (outbound, inbound):
        if side.problem is not None:
            return Compatibility.UNKNOWN, side.problem
    return _worst(
        _best(
            _worst(_cell(offered, name, handling, tables) for name in received)
            for received in inbound.alternatives
        )
        for offered in outbound.alternatives
    )


def _worst(findings: Iterable[Finding]) -> Finding:
    return max(findings, key=lambda one: ORDER[one[0]])


def _best(findings: Iterable[Finding]) -> Finding:
    return min(findings, key=lambda one: ORDER[one[0]])


def _cell(
    offered: tuple[str, ...], inbound: str, handling: Handling, tables: LicenceTables
) -> Finding:
    """One licence received against licences that hold together."""
    terms = tables.terms.get(inbound)
    if (
        terms is not None
        and handling is Handling.CHANGED
        and terms.derivatives is Grant.FORBIDDEN
    ):
        return Compatibility.INCOMPATIBLE, Text(
            ko=f"{inbound}: 변경한 것의 배포를 허용하지 않음({terms.sections})",
            en=f"{inbound} does not allow handing on changed works ({terms.sections}).",
        )
    is_read = _in_matrix(inbound, tables) or (terms is not None and terms.is_read)
    if inbound in offered and is_read:
        return Compatibility.COMPATIBLE, Text(
            ko=f"{inbound}: 받은 라이선스 그대로 공개함",
            en=f"{inbound}: it goes out under the licence it came under.",
        )
    return _worst(_pair(name, inbound, handling, tables) for name in offered)


def _pair(
    outbound: str, inbound: str, handling: Handling, tables: LicenceTables
) -> Finding:
    """Two licences, by the matrix where it has both, else by our rows."""
    word = tables.cells.get((outbound, inbound))
    if word is not None:
        return word, Text(
            ko=f"OSADL 호환성 표: {inbound} → {outbound} {_KOREAN[word]}",
            en=f"OSADL matrix: {inbound} into {outbound} is {word}.",
        )
    terms = tables.terms.get(inbound)
    if terms is None or not terms.is_read:
        return _not_known(inbound)
    other = tables.terms.get(outbound)
    if (other is None or not other.is_read) and not _in_matrix(outbound, tables):
        return _not_known(outbound)
    return _by_terms(terms, outbound, handling, other)


def _in_matrix(name: str, tables: LicenceTables) -> bool:
    """Whether it is a free software licence that the matrix judges."""
    return (name, name) in tables.cells


def _by_terms(
    terms: LicenceTerms, outbound: str, handling: Handling, other: LicenceTerms | None
) -> Finding:
    commercial = Grant.ALLOWED if other is None else other.commercial
    if terms.commercial is Grant.FORBIDDEN and commercial is Grant.ALLOWED:
        return Compatibility.INCOMPATIBLE, Text(
            ko=f"{terms.id}: 영리 이용을 금지하나 {outbound}은(는) 허용함"
            f"({terms.sections})",
            en=f"{terms.id} forbids commercial use, which {outbound} allows "
            f"({terms.sections}).",
        )
    if (
        terms.passes_on is PassedOn.SAME_LICENCE
        and handling is Handling.CHANGED
        and outbound not in terms.accepts
    ):
        return Compatibility.INCOMPATIBLE, Text(
            ko=f"{terms.id}: 같은 라이선스로 공개하여야 하나 {outbound}(으)로 공개함"
            f"({terms.sections})",
            en=f"{terms.id} asks for the same licence, not {outbound} "
            f"({terms.sections}).",
        )
    has_restrictions = other is not None and other.use_policy != ""
    if terms.passes_on is PassedOn.USE_RESTRICTIONS and not has_restrictions:
        return Compatibility.INCOMPATIBLE, Text(
            ko=f"{terms.id}: 이용 제한을 강제력 있는 조항으로 넘겨주어야 하나 "
            f"{outbound}에는 그런 조항이 없음({terms.sections})",
            en=f"{terms.id} asks that its use restrictions be passed on as an "
            f"enforceable provision; {outbound} alone has none ({terms.sections}).",
        )
    return _with_conditions(terms, outbound)


def _with_conditions(terms: LicenceTerms, outbound: str) -> Finding:
    asks_nothing = terms.passes_on is PassedOn.NOTHING and not (
        terms.attribution or terms.changes_marked
    )
    if asks_nothing and not terms.law:
        return Compatibility.COMPATIBLE, Text(
            ko=f"{terms.id}: {outbound}(으)로 공개하는 데 조건이 없음",
            en=f"{terms.id} sets no condition for {outbound}.",
        )
    return Compatibility.CONDITIONAL, Text(
        ko=f"{terms.id}: 의무와 제한을 지키는 조건으로 {outbound}와(과) 함께 쓸 수 있음"
        f"({terms.sections})",
        en=f"{terms.id} goes with {outbound} where its duties and limits are kept "
        f"({terms.sections}).",
    )


def _not_known(name: str) -> Finding:
    return Compatibility.UNKNOWN, Text(
        ko=f"{name}: 조건을 확인한 표가 없음",
        en=f"{name}: no table that was read says what it asks.",
    )


_KOREAN: Mapping[Compatibility, str] = {
    Compatibility.COMPATIBLE: "가능",
    Compatibility.CONDITIONAL: "확인 필요",
    Compatibility.UNKNOWN: "불명",
    Compatibility.INCOMPATIBLE: "불가",
}
