"""The words of support where people read them, and money as they write it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.support.data.values import DataScope, RightsState
from dokja.support.gpu.values import IncidentState, PoolBasis, PoolState
from dokja.support.money.values import AccountKind, GrantPurpose, GrantState

POOL_STATES: Mapping[str, Text] = {
    PoolState.REGISTERED: Text("등록", "registered"),
    PoolState.LEASED: Text("임차 계약 체결", "leased"),
    PoolState.ACCEPTED: Text("검수 합격", "accepted"),
    PoolState.REFUSED: Text("검수 불합격", "refused"),
}
POOL_BASES: Mapping[str, Text] = {
    PoolBasis.LEASE: Text("임차", "lease"),
    PoolBasis.OWNED: Text("보유", "owned"),
}
INCIDENT_STATES: Mapping[str, Text] = {
    IncidentState.OPEN: Text("복구 전", "open"),
    IncidentState.FIXED: Text("복구됨, 보상 전", "fixed, not made up for"),
    IncidentState.COMPENSATED: Text("보상 완료", "made up for"),
}
ACCOUNT_KINDS: Mapping[str, Text] = {
    AccountKind.TREASURY: Text("국고", "treasury"),
    AccountKind.APPROPRIATION: Text("편성액", "appropriation"),
    AccountKind.BUDGET: Text("예산", "budget"),
    AccountKind.GRANT: Text("지원금", "grant"),
    AccountKind.SPENT: Text("집행액", "spent"),
}
PURPOSES: Mapping[str, Text] = {
    GrantPurpose.SALARY: Text("인건비", "salary"),
    GrantPurpose.RESEARCH: Text("연구비", "research"),
}
GRANT_STATES: Mapping[str, Text] = {
    GrantState.AWARDED: Text("배정됨", "awarded"),
    GrantState.PAYING: Text("지급 중", "paying"),
    GrantState.ENDED: Text("정산 완료", "settled"),
}
DATA_SCOPES: Mapping[str, Text] = {
    DataScope.SHARED: Text("공동", "shared"),
    DataScope.TEAM_SPECIFIC: Text("팀 전용", "for named teams"),
}
RIGHTS_STATES: Mapping[str, Text] = {
    RightsState.UNCLEAR: Text("확인 전", "unclear"),
    RightsState.REQUESTED: Text("이용 허락 요청 중", "requested"),
    RightsState.CLEARED: Text("확보", "cleared"),
    RightsState.DENIED: Text("불허", "denied"),
}
_KOREAN_UNITS = ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, ""))


def won(krw: int) -> Text:
    """An amount as it is read aloud in Korean, such as 1,936억 원, and in digits."""
    parts, rest = [], abs(krw)
    for size, name in _KOREAN_UNITS:
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count:,}{name}")
    sign = "\N{MINUS SIGN}" if krw < 0 else ""
    return Text(f"{sign}{' '.join(parts) or '0'} 원", f"{sign}₩{abs(krw):,}")
