"""What each kind of act of support is called where people read it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import Text
from dokja.support.allocation.values import AllocationExplained
from dokja.support.data import values as data
from dokja.support.gpu import values as gpu
from dokja.support.money import values as money

EVENT_WORDS: Mapping[type, Text] = {
    gpu.PoolRegistered: Text("GPU 자원 등록", "pool registered"),
    gpu.PoolClosed: Text("GPU 자원 종료", "pool closed"),
    gpu.AllocationAdopted: Text("GPU 배정 확정", "allocation adopted"),
    gpu.TeamReleased: Text("배정 해제", "team released"),
    gpu.EqualTimeGranted: Text("동등 개발기간 부여", "equal time granted"),
    gpu.LeaseSigned: Text("임차 계약 체결", "lease signed"),
    gpu.AcceptanceTested: Text("검수", "acceptance tested"),
    gpu.DaysDelivered: Text("일별 제공 기록 등록", "days recorded"),
    gpu.DayCorrected: Text("일별 제공 기록 정정", "day corrected"),
    gpu.IncidentOpened: Text("장애 발생", "incident opened"),
    gpu.IncidentFixed: Text("장애 복구", "incident fixed"),
    gpu.IncidentCompensated: Text("장애 시간 보상", "incident made up for by time"),
    AllocationExplained: Text("배정 근거 기록", "reasons of the allocation recorded"),
    data.AssetListed: Text("데이터 등록", "asset listed"),
    data.RightsStated: Text("이용 권리 확인", "rights stated"),
    data.AssetPurchased: Text("데이터 구매", "asset bought"),
    data.MilestoneSet: Text("단계 기한 설정", "milestone set"),
    data.MilestoneMoved: Text("단계 기한 변경", "milestone moved"),
    data.MilestoneMet: Text("단계 완료", "milestone met"),
    data.TeamEntitled: Text("제공 대상 지정", "team entitled"),
    data.EntitlementEnded: Text("제공 대상 해제", "entitlement ended"),
    data.DataHandedOver: Text("데이터 제공", "data handed over"),
    money.AccountOpened: Text("계정 개설", "account opened"),
    money.EntryPosted: Text("원장 기입", "entry posted"),
    money.GrantAwarded: Text("인재 지원금 배정", "grant awarded"),
    money.GrantPaid: Text("인재 지원금 지급", "grant paid"),
    money.GrantEnded: Text("인재 지원금 정산", "grant ended"),
    money.FigureStated: Text("공표 금액 등록", "published figure stated"),
    money.FigureNoted: Text("공표 금액에 대한 설명", "note on published figures"),
}
