"""Acts on GPU pools: from the registration to the time that makes up for a loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme import Topic
from dokja.support.gpu.compensate import compensate, credit_formula
from dokja.support.gpu.daily import days_missing
from dokja.support.gpu.pool import POOL, judge_test
from dokja.support.gpu.values import (
    AcceptanceTested,
    DayCorrected,
    DaysDelivered,
    IncidentCompensated,
    IncidentFixed,
    IncidentOpened,
    LeaseSigned,
    PoolClosed,
    PoolRegistered,
)
from dokja.support.requests import CompensationDue, PoolMeasured
from dokja.support.words import POOL_BASES
from dokja.web.acts import (
    Asked,
    Choices,
    FieldKind,
    FieldWords,
    OfficeAct,
    Preview,
    Words,
)
from dokja.web.support.acts.making import (
    begins_and_ends,
    book_entries,
    entries_of,
    matter_in,
    page_of,
    part_named,
    record_of,
    recorded,
    recorded_of,
    source_words,
)
from dokja.wiring.office import Office

TOPICS = (Topic.SUPPORT,)
MOST_DAYS = 31
"""Days that a form begins with."""
_ID = FieldWords(
    name=Text("ID", "Id"),
    hint=Text(
        "영문 소문자와 숫자. 예: pool-b200-1", "Small letters and digits: pool-b200-1"
    ),
)
_MEASURE = FieldWords(
    name=Text("측정 항목", "What is measured"),
    hint=Text(
        "예: 기준 학습의 GPU당 초당 토큰 수",
        "Such as tokens per second and GPU of the reference run",
    ),
)
_INCIDENT = FieldWords(
    name=Text("장애 ID", "Id of the incident"), hint=Text("예: slow-1", "Like slow-1")
)
_DAY: Words = {
    "day": FieldWords(name=Text("날짜", "Day")),
    "usable": FieldWords(name=Text("쓸 수 있던 GPU 수", "GPUs usable")),
    "throughput": FieldWords(name=Text("GPU당 처리량", "Throughput of one GPU")),
    "source": FieldWords(name=Text("근거 자료", "Source")),
}
_DAYS: Words = {
    "days": FieldWords(
        name=Text("일별 기록", "Days"),
        hint=Text(
            "기록되지 않은 날이 적혀 있습니다. 실제로 측정된 값을 적고, 처리량을 "
            "측정하지 못한 날은 그 칸을 비웁니다.",
            "Days without a record stand here. Enter what was measured; leave the "
            "throughput empty where nobody measured it.",
        ),
        kind=FieldKind.ROWS,
    ),
    **{f"days.{name}": words for name, words in _DAY.items()},
}


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A test of acceptance with its outcome."""

    tested: AcceptanceTested
    total: str
    """Throughput of all GPUs that could be used."""


class CreditRow(msgspec.Struct, frozen=True, kw_only=True):
    """The time of one team, and how it was computed."""

    team: str
    hours: int
    formula: Text


class MadeUp(msgspec.Struct, frozen=True, kw_only=True):
    """The time that an incident costs, team by team."""

    compensated: IncidentCompensated
    rows: tuple[CreditRow, ...]


def _registered(office: Office, asked: Asked) -> Sequence[Act]:
    return recorded_of(office, asked, asked.event.pool.id)


def _judged(office: Office, asked: Asked) -> Preview:
    record, name = record_of(office), matter_in(asked.of)
    if name not in record.book.pools:
        raise NotAllowed(f"there is no pool {name}", remedy="register it first")
    tested = judge_test(record.book.pools[name], asked.event.test, record.terms)
    total = tested.test.usable * tested.test.measured.value
    return Preview(
        template="support/judged.html", view=Judged(tested=tested, total=str(total))
    )


def _made_up(office: Office, asked: Asked) -> Preview:
    record, name = record_of(office), matter_in(asked.of)
    if name not in record.book.pools:
        raise NotAllowed(f"there is no pool {name}", remedy="register it first")
    found = compensate(record.shared(name), asked.event.id, terms=record.terms)
    rows = tuple(
        CreditRow(team=c.team, hours=c.hours, formula=credit_formula(c, record.terms))
        for c in found.credits
    )
    return Preview(
        template="support/made_up.html", view=MadeUp(compensated=found, rows=rows)
    )


def _pool_begun(office: Office, _: str) -> dict[str, str]:
    return {"pool.gpu_type": record_of(office).terms.rules.unit}


def _types(office: Office, _: str) -> Choices:
    """GPU types that the rulebook counts; no other is taken."""
    rules = record_of(office).terms.rules
    return {
        "pool.gpu_type": {
            each.type: Text(
                f"{each.type} (환산 {each.units}장)",
                f"{each.type} (counts as {each.units})",
            )
            for each in rules.equivalents
        }
    }


def _promise(office: Office, of: str) -> dict[str, str]:
    """The measure of the promise: nothing else can be compared with it."""
    pool = record_of(office).book.pools.get(matter_in(of))
    if pool is None:
        return {}
    return {"test.measured.measure": pool.promised.measure}


def _days_begun(office: Office, of: str) -> dict[str, str]:
    """The first days that are not on record; what they gave is nobody's guess."""
    record, name = record_of(office), matter_in(of)
    pool = record.book.pools.get(name)
    if pool is None:
        return {}
    missing = days_missing(record.shared(name), record.now) or (record.now.date(),)
    return {
        f"days.{row}.day": day.isoformat()
        for row, day in enumerate(missing[:MOST_DAYS])
    }


GPU_ACTS: Mapping[str, OfficeAct] = {
    "pool-register": OfficeAct(
        name=Text("GPU 자원 등록", "Register a pool"),
        does=Text(
            "공급사, 종류, 수량, 기간과 약속된 처리량을 등록합니다. 약속한 그대로 "
            "공개되며, 제공량을 이 약속과 견줍니다.",
            "Puts on record what was promised: supplier, type, count, time and "
            "throughput. It is public, and what comes is compared with it.",
        ),
        make=_registered,
        back=lambda _: "/support",
        topics=TOPICS,
        asks=PoolRegistered,
        words={
            "pool.id": _ID,
            "pool.supplier": FieldWords(name=Text("공급사 ID", "Id of the supplier")),
            "pool.gpu_type": FieldWords(name=Text("GPU 종류", "GPU type")),
            "pool.count": FieldWords(
                name=Text("GPU 수량", "Number of GPUs"),
                hint=Text("배정 단위의 배수로 적습니다.", "Whole nodes only."),
            ),
            **begins_and_ends("pool.window."),
            "pool.basis": FieldWords(
                name=Text("확보 근거", "On what ground"), choices=POOL_BASES
            ),
            "pool.promised.measure": _MEASURE,
            "pool.promised.value": FieldWords(
                name=Text("약속된 처리량", "Throughput promised")
            ),
            **source_words("pool."),
            "pool.lessor_team": FieldWords(
                name=Text("임대하는 팀", "Team that leases it out"),
                hint=Text(
                    "공급사가 참가팀이면 그 팀의 ID. 임대하는 동안 사업의 GPU를 "
                    "배정받지 못합니다.",
                    "Where the supplier is in a team: it holds none meanwhile.",
                ),
            ),
        },
        entries=book_entries,
        starts_with=_pool_begun,
        choices=_types,
    ),
    "pool-close": OfficeAct(
        name=Text("GPU 자원 종료", "Close the pool"),
        does=Text(
            "정한 시각부터 이 자원을 배정하지 않습니다. 그때까지 약속된 것은 "
            "그대로입니다.",
            "From that moment none of its GPUs is given; what was promised until then "
            "stays promised.",
        ),
        make=recorded,
        back=page_of(POOL),
        topics=TOPICS,
        asks=PoolClosed,
        words={
            "pool": FieldWords(name=Text("GPU 자원", "Pool"), kind=FieldKind.KEPT),
            "at": FieldWords(name=Text("종료 시각", "From"), kind=FieldKind.MOMENT),
        },
        entries=book_entries,
        starts_with=lambda _, of: {"pool": matter_in(of)},
    ),
    "lease-sign": OfficeAct(
        name=Text("임차 계약 기록", "Record the lease"),
        does=Text(
            "공급사와 체결한 계약과 금액을 기록합니다. 이어서 검수할 수 있습니다.",
            "The contract with the supplier and its price; the pool can then be "
            "tested.",
        ),
        make=recorded,
        back=page_of(POOL),
        topics=TOPICS,
        asks=LeaseSigned,
        words={
            "lease.contract": FieldWords(name=Text("계약", "Contract")),
            "lease.krw": FieldWords(name=Text("금액(원)", "Price in won")),
            **source_words("lease."),
        },
        entries=entries_of(POOL),
    ),
    "pool-measure": OfficeAct(
        name=Text("검수", "Acceptance test"),
        does=Text(
            "측정한 값을 넣으면 규정에 따라 합격 여부를 계산하여 보여 줍니다. 합격하기 "
            "전에는 제공량을 0으로 셉니다.",
            "The outcome follows from what was measured and the rules, and is shown "
            "first. Until it is accepted a pool counts as delivering nothing.",
        ),
        make=recorded,
        preview=_judged,
        back=page_of(POOL),
        topics=TOPICS,
        asks=PoolMeasured,
        words={
            "test.at": FieldWords(
                name=Text("측정 시각", "When"), kind=FieldKind.MOMENT
            ),
            "test.usable": FieldWords(name=Text("쓸 수 있는 GPU 수", "GPUs usable")),
            "test.measured.measure": _MEASURE,
            "test.measured.value": FieldWords(
                name=Text("측정된 GPU당 처리량", "Throughput of one GPU, measured")
            ),
            **source_words("test."),
        },
        entries=entries_of(POOL),
        starts_with=_promise,
    ),
    "days-record": OfficeAct(
        name=Text("일별 제공 기록 등록", "Record days"),
        does=Text(
            "하루마다 쓸 수 있던 GPU 수와 처리량을 기록합니다. 기록하지 않은 날은 "
            "제공으로도 손실로도 세지 않습니다.",
            "GPUs that could be used and their throughput, day by day. A day that is "
            "not on record counts as neither delivered nor lost.",
        ),
        make=recorded,
        back=page_of(POOL),
        topics=TOPICS,
        asks=DaysDelivered,
        words=_DAYS,
        entries=entries_of(POOL),
        starts_with=_days_begun,
    ),
    "day-correct": OfficeAct(
        name=Text("하루 기록 정정", "Correct a day"),
        does=Text(
            "잘못 적은 날을 바로잡습니다. 처음 적은 것도 기록에 남습니다.",
            "Replaces the record of a day that was wrong; the first one stays, too.",
        ),
        make=recorded,
        back=page_of(POOL),
        topics=TOPICS,
        asks=DayCorrected,
        words={f"day.{name}": words for name, words in _DAY.items()},
        entries=entries_of(POOL),
        asks_reason=True,
    ),
    "incident-open": OfficeAct(
        name=Text("장애 기록", "Open an incident"),
        does=Text(
            "약속대로 제공되지 못하게 된 때와 까닭을 기록합니다. 잃은 시간은 복구된 뒤 "
            "일별 기록으로 계산합니다.",
            "Since when and why the pool does not give what was promised. What it cost "
            "is computed from the daily records once it is fixed.",
        ),
        make=recorded,
        back=page_of(POOL),
        topics=TOPICS,
        asks=IncidentOpened,
        words={
            "id": _INCIDENT,
            "begins": FieldWords(name=Text("시작", "Since"), kind=FieldKind.MOMENT),
            "cause": FieldWords(name=Text("원인", "Cause")),
        },
        entries=entries_of(POOL),
    ),
    "incident-fix": OfficeAct(
        name=Text("장애 복구 기록", "Record that it is fixed"),
        does=Text(
            "복구된 때를 기록합니다. 이어서 잃은 시간을 보상합니다.",
            "When the pool worked again; what was lost can then be made up for.",
        ),
        make=recorded,
        back=page_of(POOL),
        topics=TOPICS,
        asks=IncidentFixed,
        words={
            "id": _INCIDENT,
            "ends": FieldWords(name=Text("복구된 때", "Fixed"), kind=FieldKind.MOMENT),
        },
        entries=entries_of(POOL),
        starts_with=part_named("id"),
    ),
    "incident-compensate": OfficeAct(
        name=Text("시간 보상", "Make up for it by time"),
        does=Text(
            "장애로 잃은 시간을 일별 기록에서 계산하여 팀마다 돌려줍니다. 계산 결과를 "
            "먼저 보여 줍니다.",
            "Gives each team the time that the incident cost it, computed from the "
            "daily records and shown first.",
        ),
        make=recorded,
        preview=_made_up,
        back=page_of(POOL),
        topics=TOPICS,
        asks=CompensationDue,
        words={"id": _INCIDENT},
        entries=entries_of(POOL),
        starts_with=part_named("id"),
    ),
}
