"""Faults are written of the team alone, counted fairly, and lead to the office."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.served.endpoint_faults import (
    EndpointState,
    endpoint_standings,
    fault_act,
    faults_of,
    shared_faults,
    standing_of_endpoint,
    void_reason,
)
from dokja.contest.served.endpoint_words import REASONS, STATES
from dokja.contest.served.values import (
    EndpointFault,
    EndpointRules,
    FaultReason,
    FaultRecord,
)
from dokja.contest.values import VoidReason
from dokja.evidence.values import Act

RULES = EndpointRules(fault_quota=3, shared_seconds=60)
TEAMS = ("T1", "T2", "T3")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def fault(
    team: str = "T1", reason: FaultReason = FaultReason.SLOW, *, at: float = 0
) -> FaultRecord:
    """A fault of a team, some seconds after the start."""
    moment = (START + timedelta(seconds=at)).isoformat()
    return FaultRecord(contest="c1", team=team, reason=reason, at=moment)


def test_the_act_of_a_fault_names_neither_voter_nor_prompt() -> None:
    """What it holds is all there is: no detail can carry a name along."""
    found = EndpointFault(reason=FaultReason.SLOW, detail="no first token", attempts=1)
    act = fault_act(found, programme="p", stage="s", record=fault())
    assert act.kind == "endpoint_faulted"
    assert act.body == {
        "contest": "c1",
        "team": "T1",
        "reason": "slow",
        "at": START.isoformat(),
        "attempts": 1,
        "shown": False,
    }
    assert faults_of([act]) == (fault(),)


def test_a_fault_says_why_its_battle_is_not_judged() -> None:
    """Late or dead; both teams' battle goes, whoever's model it was."""
    for reason in FaultReason:
        found = void_reason(EndpointFault(reason=reason, detail="x"))
        slow = reason is FaultReason.SLOW
        assert found is (VoidReason.ENDPOINT_SLOW if slow else VoidReason.ENDPOINT_DEAD)


def test_other_acts_are_no_faults() -> None:
    """The log holds the votes as well."""
    vote = Act(programme="p", stage="s", kind="vote_cast", subject="x", at="x", body={})
    assert faults_of([vote]) == ()


@pytest.mark.parametrize(
    ("count", "state"),
    [
        (0, EndpointState.IN_SERVICE),
        (1, EndpointState.FAULTY),
        (3, EndpointState.FAULTY),
        (4, EndpointState.REFER),
    ],
)
def test_beyond_the_quota_the_office_decides(count: int, state: EndpointState) -> None:
    """The quota itself is still borne."""
    faults = [fault(at=100 * n) for n in range(count)]
    found = standing_of_endpoint("T1", faults, RULES)
    assert (found.state, found.counted) == (state, count)
    assert found.last == (faults[-1].at if faults else None)


def test_what_was_not_asked_is_shown_and_not_counted() -> None:
    """Else the crowd of an evening would be a team's fault."""
    faults = [fault(reason=FaultReason.BREAKER_OPEN, at=n) for n in range(50)]
    found = standing_of_endpoint("T1", [*faults, fault(at=60)], RULES)
    assert (found.state, found.counted, found.not_asked) == (
        EndpointState.FAULTY,
        1,
        50,
    )
    assert found.reasons == {FaultReason.SLOW: 1, FaultReason.BREAKER_OPEN: 50}


def test_when_every_team_is_out_of_reach_no_team_is_blamed() -> None:
    """The office's own line was down; an hour later only one team's server is."""
    down = [fault(t, FaultReason.UNREACHABLE, at=n) for n in range(9) for t in TEAMS]
    own = [fault("T2", FaultReason.UNREACHABLE, at=3600 + n) for n in range(4)]
    found = endpoint_standings(TEAMS, [*down, *own], RULES)
    assert [s.state for s in found] == [
        EndpointState.IN_SERVICE,
        EndpointState.REFER,
        EndpointState.IN_SERVICE,
    ]
    assert [(s.counted, s.shared) for s in found] == [(0, 9), (4, 9), (0, 9)]


def test_a_fault_that_is_no_connections_is_never_shared() -> None:
    """A server that sends garbage does so of its own."""
    faults = [fault(team, FaultReason.MALFORMED) for team in TEAMS]
    assert shared_faults(TEAMS, faults, RULES) == frozenset()


def test_with_one_team_nothing_is_shared() -> None:
    """There is nobody whose silence would clear it."""
    assert shared_faults(("T1",), [fault()], RULES) == frozenset()


@given(
    st.lists(
        st.builds(
            fault,
            st.sampled_from(TEAMS),
            st.sampled_from(FaultReason),
            at=st.integers(0, 300),
        ),
        max_size=30,
    )
)
def test_standings_hang_on_no_order_and_count_every_fault_once(
    faults: list[FaultRecord],
) -> None:
    """None is lost between what counts, what is shared and what was not asked."""
    turned = sorted(faults, key=lambda f: (f.reason, f.at, f.team), reverse=True)
    found = endpoint_standings(TEAMS, faults, RULES)
    assert found == endpoint_standings(TEAMS, turned, RULES)
    assert sum(s.counted + s.shared + s.not_asked for s in found) == len(faults)


def test_every_reason_and_state_has_its_words() -> None:
    """An office that reads a code has to look it up."""
    assert set(REASONS) == set(FaultReason)
    assert set(STATES) == set(EndpointState)


@pytest.mark.parametrize(
    "wrong", [{"retries": 3}, {"retries": -1}, {"fault_quota": 0}, {"pause_seconds": 0}]
)
def test_rules_outside_their_bounds_are_refused(wrong: dict[str, int]) -> None:
    """A third retry would let a slow server hold a voter up."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(wrong, EndpointRules)
