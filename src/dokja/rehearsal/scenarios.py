"""The ways in which a stage may turn out that every rulebook is tried on."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.rehearsal.values import Scenario

EVENT_VOTERS = 49
"""Users of the Korean programme's first stage."""
NOISY_ITEMS = 30

SCENARIOS = (
    Scenario(id="as_assumed", name=Text("가정 그대로", "As assumed")),
    Scenario(
        id="voters_49",
        name=Text("이용자 49명", "49 voters"),
        voters=EVENT_VOTERS,
    ),
    Scenario(
        id="close_field",
        name=Text("팀 간 격차가 절반", "Half the gap between teams"),
        gap_factor=0.5,
    ),
    Scenario(
        id="noisy_suite",
        name=Text(
            "변별력 없는 30문항 벤치마크", "A suite of 30 items that tells nobody apart"
        ),
        noisy_suite=True,
    ),
    Scenario(
        id="last_two_alike",
        name=Text("하위 두 팀의 실력이 같음", "The last two equally good"),
        last_two_alike=True,
    ),
    Scenario(
        id="level_totals",
        name=Text("기준선에서 총점 동점", "Level totals at the cut"),
        level_totals=True,
    ),
    Scenario(
        id="withdrawal",
        name=Text("중위 팀이 참여를 철회", "A middling team withdraws"),
        withdrawn=True,
    ),
    Scenario(
        id="leader_fails_gate",
        name=Text("선두 팀이 관문에서 탈락", "The leader fails a gate"),
        leader_gate="fail",
    ),
    Scenario(
        id="leader_gate_open",
        name=Text("선두 팀의 관문 판단 유보", "The leader's gate is undetermined"),
        leader_gate="undetermined",
    ),
    Scenario(
        id="missing_run",
        name=Text("중위 팀의 벤치마크 결과 누락", "A middling team lacks a result"),
        missing_run=True,
    ),
)
