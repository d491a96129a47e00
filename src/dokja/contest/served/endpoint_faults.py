"""The log of faults: what is written of each, and what a team's faults lead to."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from dokja.contest.served.values import (
    FAULT_KIND,
    EndpointFault,
    EndpointRules,
    FaultReason,
    FaultRecord,
)
from dokja.contest.values import VoidReason
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text

_CONNECTIONS = frozenset({FaultReason.UNREACHABLE, FaultReason.SLOW})
"""What an office whose own line is down sees of every team."""


class EndpointState(StrEnum):
    """How a team's endpoint stands."""

    IN_SERVICE = "in_service"
    FAULTY = "faulty"
    REFER = "refer"


class EndpointStanding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A team's faults, for the office and the team, and what they lead to."""

    team: str
    state: EndpointState
    counted: int
    """Faults that count against the quota."""
    quota: int
    shared: int
    """Faults of every team at once: taken for the office's own, not counted."""
    not_asked: int
    """Questions not put while the breaker was open; follow from counted faults."""
    reasons: dict[FaultReason, int]
    last: str | None
    """When the last fault was; None without one."""
    note: Text


def fault_act(
    fault: EndpointFault, *, programme: str, stage: str, record: FaultRecord
) -> Act:
    """The act that a fault becomes; it names the team and neither voter nor prompt."""
    body = {
        **msgspec.to_builtins(record),
        "attempts": fault.attempts,
        "shown": fault.shown,
    }
    return Act(
        programme=programme,
        stage=stage,
        kind=FAULT_KIND,
        subject=f"{record.contest}/{record.team}/{record.at}/{record.reason}",
        at=record.at,
        body=body,
    )


def void_reason(fault: EndpointFault) -> VoidReason:
    """Why a battle that met this fault is not judged, for either of its teams."""
    late = fault.reason is FaultReason.SLOW
    return VoidReason.ENDPOINT_SLOW if late else VoidReason.ENDPOINT_DEAD


def faults_of(acts: Iterable[Act]) -> tuple[FaultRecord, ...]:
    """The faults that the acts record, in their order; other acts are passed over."""
    names = FaultRecord.__struct_fields__
    return tuple(
        read_as(
            {name: act.body[name] for name in names if name in act.body},
            FaultRecord,
            where=f"{FAULT_KIND} {act.subject}",
        )
        for act in acts
        if act.kind == FAULT_KIND
    )


def standing_of_endpoint(
    team: str,
    faults: Sequence[FaultRecord],
    rules: EndpointRules,
    *,
    shared: frozenset[FaultRecord] = frozenset(),
) -> EndpointStanding:
    """How the team's endpoint stands after these faults; other teams' are passed over.

    What was not asked because the breaker was open is shown and not counted:
    how much that is hangs on how many people vote at that hour and not on the
    server, which fails once more at every trial as long as it is dead.
    """
    own = sorted((f for f in faults if f.team == team), key=lambda f: _moment(f.at))
    asked = [f for f in own if f.reason is not FaultReason.BREAKER_OPEN]
    counted = sum(fault not in shared for fault in asked)
    if counted > rules.fault_quota:
        state = EndpointState.REFER
    else:
        state = EndpointState.FAULTY if counted else EndpointState.IN_SERVICE
    tallies = Counter(fault.reason for fault in own)
    return EndpointStanding(
        team=team,
        state=state,
        counted=counted,
        quota=rules.fault_quota,
        shared=len(asked) - counted,
        not_asked=len(own) - len(asked),
        reasons={reason: tallies[reason] for reason in FaultReason if tallies[reason]},
        last=own[-1].at if own else None,
        note=_NOTES[state],
    )


def endpoint_standings(
    teams: Sequence[str], faults: Sequence[FaultRecord], rules: EndpointRules
) -> tuple[EndpointStanding, ...]:
    """How every team's endpoint stands, the office's own faults told apart."""
    shared = shared_faults(teams, faults, rules)
    return tuple(
        standing_of_endpoint(team, faults, rules, shared=shared) for team in teams
    )


def shared_faults(
    teams: Sequence[str], faults: Sequence[FaultRecord], rules: EndpointRules
) -> frozenset[FaultRecord]:
    """Faults of a connection near which every other team had one as well.

    With a single team nothing can be told apart and nothing is shared.
    """
    found = [f for f in faults if f.reason in _CONNECTIONS]
    moments = {
        team: sorted(_moment(f.at) for f in found if f.team == team) for team in teams
    }
    if len(moments) < 2:
        return frozenset()
    return frozenset(
        fault
        for fault in found
        if all(_near(moments, team, fault, rules) for team in teams)
    )


def _near(
    moments: Mapping[str, Sequence[float]],
    team: str,
    fault: FaultRecord,
    rules: EndpointRules,
) -> bool:
    now, times = _moment(fault.at), moments[team]
    place = bisect_left(times, now - rules.shared_seconds)
    return place < len(times) and times[place] <= now + rules.shared_seconds


def _moment(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()


_NOTES = {
    EndpointState.IN_SERVICE: Text(
        ko="집계된 장애가 없습니다.", en="No fault has been counted."
    ),
    EndpointState.FAULTY: Text(
        ko="장애가 있었으나 허용 한도 안입니다. 해당 대결은 무효로 하고 두 팀 모두에게 "
        "같은 조건으로 다시 배정하였습니다.",
        en="There were faults, within the quota. Each battle concerned was voided and "
        "replaced on equal terms for both teams.",
    ),
    EndpointState.REFER: Text(
        ko="장애가 허용 한도를 넘어 사무국의 판단을 요청합니다. 이 사실만으로 팀에 "
        "불이익을 주지 않습니다.",
        en="Faults exceed the quota, and the office is asked to decide. This alone "
        "puts the team at no disadvantage.",
    ),
}
