"""What a licence asks of whoever gives the work out, and what stays limited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dokja.evidence.values import Text
from dokja.licence.read_tables import LicenceTables
from dokja.licence.values import (
    DutyKind,
    Grant,
    Handling,
    LicenceDuty,
    LicenceExpression,
    LicenceLimit,
    LicenceTerms,
    LimitKind,
    PassedOn,
)

Duty = tuple[DutyKind, str, Text]
Limit = tuple[LimitKind, Text]


def duties_of(
    expression: LicenceExpression, handling: Handling, tables: LicenceTables
) -> tuple[LicenceDuty, ...]:
    """Every duty of the licences named, in the order of licence and kind."""
    return tuple(
        LicenceDuty(
            kind=kind, licence=row.id, sections=row.sections, phrase=phrase, what=what
        )
        for row in _rows(expression, tables)
        for kind, phrase, what in _duties(row, handling)
    )


def limits_of(
    expression: LicenceExpression, tables: LicenceTables
) -> tuple[LicenceLimit, ...]:
    """Every limit of the licences named, in the order of licence and kind."""
    return tuple(
        LicenceLimit(kind=kind, licence=row.id, sections=row.sections, what=what)
        for row in _rows(expression, tables)
        for kind, what in (*_limits_of_use(row), *_limits_of_licensee(row))
    )


def _rows(
    expression: LicenceExpression, tables: LicenceTables
) -> Iterator[LicenceTerms]:
    for name in expression.licences:
        row = tables.terms.get(name)
        if row is not None and row.is_read:
            yield row


def _duties(row: LicenceTerms, handling: Handling) -> Iterable[Duty]:
    if row.passes_on in (
        PassedOn.LICENCE_TEXT,
        PassedOn.USE_RESTRICTIONS,
        PassedOn.SAME_LICENCE,
    ):
        yield (
            DutyKind.COPY_OF_LICENCE,
            "",
            Text(ko="라이선스 전문을 함께 제공", en="give a copy of the licence"),
        )
    if row.notice:
        yield (
            DutyKind.NOTICE_FILE,
            "",
            Text(
                ko=f"{row.notice}에 적힌 문구를 NOTICE 파일에 수록",
                en=f"put the line given in {row.notice} into a NOTICE file",
            ),
        )
    if row.attribution:
        yield (
            DutyKind.ATTRIBUTION,
            "",
            Text(ko="저작자와 출처를 표시", en="name the authors and the source"),
        )
    if row.changes_marked and handling is Handling.CHANGED:
        yield (
            DutyKind.CHANGES_MARKED,
            "",
            Text(ko="변경한 사실을 표시", en="state that it was changed"),
        )
    yield from _shown(row)
    yield from _passed_on(row)


def _shown(row: LicenceTerms) -> Iterable[Duty]:
    if row.display:
        yield (
            DutyKind.SHOWN_PHRASE,
            row.display,
            Text(
                ko=f"‘{row.display}’ 문구를 눈에 띄게 표시",
                en=f"show the phrase “{row.display}” prominently",
            ),
        )
    if row.name_prefix:
        yield (
            DutyKind.NAME_PREFIX,
            row.name_prefix,
            Text(
                ko=f"모델 이름을 ‘{row.name_prefix}’로 시작",
                en=f"begin the name of the model with “{row.name_prefix}”",
            ),
        )


def _passed_on(row: LicenceTerms) -> Iterable[Duty]:
    if row.passes_on is PassedOn.USE_RESTRICTIONS:
        yield (
            DutyKind.TERMS_PASSED_ON,
            "",
            Text(
                ko="이용 제한을 강제력 있는 조항으로 다음 이용자에게 넘겨줌",
                en="pass the use restrictions on as an enforceable provision",
            ),
        )
    if row.passes_on is PassedOn.SAME_LICENCE:
        yield (
            DutyKind.UNDER_SAME_LICENCE,
            "",
            Text(
                ko="이것에 바탕을 둔 것은 같은 라이선스로 공개",
                en="give out what is based on it under the same licence",
            ),
        )


def _limits_of_use(row: LicenceTerms) -> Iterable[Limit]:
    if row.commercial is Grant.FORBIDDEN:
        yield (
            LimitKind.NO_COMMERCIAL_USE,
            Text(ko="영리 이용 금지", en="no commercial use"),
        )
    if row.derivatives is Grant.FORBIDDEN:
        yield LimitKind.NO_CHANGES, Text(ko="변경 금지", en="no changed works")
    if row.improving_other_models is Grant.FORBIDDEN:
        yield (
            LimitKind.NO_OTHER_MODELS,
            Text(
                ko="다른 모델을 개선하는 데 쓸 수 없음",
                en="not to be used to improve other models",
            ),
        )
    if row.use_policy:
        yield (
            LimitKind.USE_POLICY,
            Text(
                ko=f"금지된 용도가 있음: {row.use_policy}",
                en=f"some uses are forbidden: {row.use_policy}",
            ),
        )


def _limits_of_licensee(row: LicenceTerms) -> Iterable[Limit]:
    if row.monthly_users is not None:
        yield (
            LimitKind.USER_CAP,
            Text(
                ko=f"월간 이용자 {row.monthly_users:,}명을 넘으면 별도 허락 필요",
                en=f"above {row.monthly_users:,} monthly users a separate licence",
            ),
        )
    if row.annual_revenue_usd is not None:
        yield (
            LimitKind.REVENUE_CAP,
            Text(
                ko=f"연 매출 {row.annual_revenue_usd:,}달러부터 별도 허락 필요",
                en=f"from {row.annual_revenue_usd:,} US dollars of yearly revenue a "
                "separate licence",
            ),
        )
    if row.territory_without:
        yield (
            LimitKind.TERRITORY,
            Text(
                ko=f"적용되지 않는 지역: {', '.join(row.territory_without)}",
                en=f"does not apply in {', '.join(row.territory_without)}",
            ),
        )
    if row.ends_on_dispute:
        yield (
            LimitKind.ENDS_ON_DISPUTE,
            Text(
                ko="권리 침해 소송을 내면 허락이 끝남",
                en="the grant ends where the licensee sues over it",
            ),
        )
    if row.law and row.law != HOME_LAW:
        yield LimitKind.FOREIGN_LAW, Text(ko=f"준거법: {row.law}", en=f"law: {row.law}")


HOME_LAW = "Republic of Korea"
"""A licence under the programme's own law hands no control abroad."""
