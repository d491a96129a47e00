"""How the teams' servers stood in a contest, read from its acts."""

from __future__ import annotations

from dokja.contest.served.endpoint_faults import (
    EndpointStanding,
    endpoint_standings,
    faults_of,
)
from dokja.contest.served.values import FAULT_KIND, EndpointRules
from dokja.wiring.contests import ContestKeeper


def contest_standings(keeper: ContestKeeper) -> tuple[EndpointStanding, ...]:
    """How the server of every team of the contest stands, in the teams' order."""
    setting = keeper.setting
    acts = keeper.store.votes.of_kind(
        setting.programme, setting.stage, FAULT_KIND, f"{keeper.id}/"
    )
    return endpoint_standings(keeper.plan.rules.teams, faults_of(acts), EndpointRules())
