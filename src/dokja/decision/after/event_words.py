"""What each act after a decision is called where people read it."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.decision.after import values as after
from dokja.evidence.values import Text

EVENT_WORDS: Mapping[type, Text] = {
    after.Admitted: Text("이의제기 심사 개시", "objection admitted"),
    after.NotAdmitted: Text("이의제기 각하", "objection not admitted"),
    after.ObjectionUpheld: Text("이의제기 인용", "objection upheld"),
    after.ObjectionDismissed: Text("이의제기 기각", "objection dismissed"),
    after.WillNotObject: Text("이의 없음 확인", "declared not to object"),
    after.DecisionConfirmed: Text("결정 확정", "decision final"),
    after.RevivalCalled: Text("추가 공모 공고", "revival call held"),
    after.PlaceFilled: Text("빈자리 충원", "place filled"),
    after.PlacesLeftEmpty: Text("충원하지 않기로 결정", "places left empty"),
    after.StageTeamsNamed: Text("다음 단계 팀 지정", "teams of the next stage named"),
    after.FinalSelection: Text("최종 팀 확정", "final teams selected"),
    after.TeamWithdrawn: Text("참여 종료(팀의 뜻)", "left of its own accord"),
}
