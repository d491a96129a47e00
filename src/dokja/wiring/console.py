"""The stage at a glance: what the stores know, gathered for the office's console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dokja.contest.battles.battle_table import battle_table
from dokja.contest.battles.cast import CAST
from dokja.contest.battles.participation import Participation
from dokja.contest.battles.phase import ContestPhase
from dokja.contest.citizens.panel_margins import ShownMargin
from dokja.contest.rating.power import Design
from dokja.contest.rating.rate_contest import canary_count
from dokja.contest.screening.screened import CanaryCount
from dokja.contest.served.endpoint_faults import EndpointStanding
from dokja.contest.users.trials import TrialsPhase
from dokja.panel.desk import PanelStatus
from dokja.people import invitation_state
from dokja.people.values import (
    AccountState,
    AuditOutcome,
    InvitationState,
    Role,
)
from dokja.stage.overview import (
    Overview,
    Situation,
    UserEvaluation,
    overview,
)
from dokja.statistics.ratings.needed import votes_needed
from dokja.wiring.citizen_panel import panel_margins
from dokja.wiring.contest_closing import record
from dokja.wiring.contest_faults import contest_standings
from dokja.wiring.office import Office
from dokja.wiring.panel_room import open_panel_room
from dokja.wiring.trials import UserProgress

SIGN_IN = "sign_in"
_LINES = 2000
"""Of the audit, newest first; more in an hour is an attack of its own."""
_PLANNED = Design(gap=0.2, voters=1, votes_each=1)
"""What the design study expects of a contest: a gap of 55 to 45, a fifth of ties."""


@dataclass(frozen=True, kw_only=True)
class Glance:
    """Duties and alarms, and the numbers behind the console's figures."""

    overview: Overview
    panel: PanelStatus | None
    participation: Participation | None
    users: tuple[UserProgress, ...]
    votes_needed: int


@dataclass(frozen=True, kw_only=True)
class ContestHealth:
    """How a contest runs. Nothing in it says who leads."""

    phase: ContestPhase
    participation: Participation | None
    needed: int
    endpoints: tuple[EndpointStanding, ...]
    canaries: CanaryCount | None
    """None before the opening."""
    margins: tuple[ShownMargin, ...]
    """Of a citizen panel."""


def glance(office: Office) -> Glance:
    """The stage at this moment."""
    users = user_progress(office)
    situation = _situation(office, users)
    return Glance(
        overview=overview(situation),
        panel=situation.panel,
        participation=situation.contest,
        users=users,
        votes_needed=situation.votes_needed,
    )


def contest_health(office: Office) -> ContestHealth | None:
    """How the contest runs; None where the stage has none."""
    keeper = office.keeper
    if keeper is None:
        return None
    canaries = None
    if keeper.opened is not None:
        table = battle_table(record(keeper), seed=keeper.contest.seed)
        canaries = canary_count(table)
    return ContestHealth(
        phase=keeper.phase,
        participation=keeper.participation(),
        needed=_needed(office),
        endpoints=_endpoints(office),
        canaries=canaries,
        margins=panel_margins(keeper, for_office=True),
    )


def user_progress(office: Office) -> tuple[UserProgress, ...]:
    """Every invited user who has an account, and how far they are."""
    if office.trials is None:
        return ()
    users = [
        account.pseudonym
        for account in office.desk.people.accounts()
        if account.role is Role.EXPERT_USER and account.state is AccountState.ACTIVE
    ]
    return office.trials.progress(sorted(set(users)))


def _situation(office: Office, users: Sequence[UserProgress]) -> Situation:
    plan, keeper = office.plan, office.keeper
    now = office.now()
    states = [invitation_state(each, now) for each in office.desk.people.invitations()]
    return Situation(
        now=now,
        schedule=plan.schedule,
        tally=office.store.acts.tally(plan.programme, plan.stage),
        teams=len(plan.teams) - len(plan.withdrawn),
        panel=open_panel_room(office).office().status(),
        contest=None if keeper is None else keeper.participation(),
        phase=None if keeper is None else keeper.phase,
        votes_needed=_needed(office),
        last_vote=_last_vote(office),
        endpoints=_endpoints(office),
        users=_users(office, users),
        invitations_expired=states.count(InvitationState.EXPIRED),
        failed_sign_ins=_failed_sign_ins(office, now),
    )


def _users(office: Office, found: Sequence[UserProgress]) -> UserEvaluation | None:
    if office.trials is None:
        return None
    phase = office.trials.phase
    return UserEvaluation(
        is_open=phase is TrialsPhase.OPEN,
        is_closed=phase is TrialsPhase.CLOSED,
        users=len(found),
        not_begun=sum(not each.is_admitted for each in found),
        missing=sum(each.models - each.handed_in for each in found),
    )


def _needed(office: Office) -> int:
    if office.keeper is None:
        return 0
    teams = len(office.keeper.plan.rules.teams)
    return votes_needed(_PLANNED.gap, teams, ties=_PLANNED.ties)


def _last_vote(office: Office) -> datetime | None:
    if office.keeper is None:
        return None
    plan = office.plan
    at = office.store.votes.latest(
        plan.programme, plan.stage, CAST, f"{office.keeper.id}/"
    )
    return None if at is None else datetime.fromisoformat(at)


def _endpoints(office: Office) -> tuple[EndpointStanding, ...]:
    return () if office.keeper is None else contest_standings(office.keeper)


def _failed_sign_ins(office: Office, now: datetime) -> int:
    since = now - timedelta(hours=1)
    return sum(
        entry.verb == SIGN_IN
        and entry.outcome is AuditOutcome.REFUSED
        and entry.at >= since
        for entry in office.desk.audit.latest(_LINES)
    )


def day_counts(found: Participation | None) -> Mapping[str, int]:
    """Votes by day."""
    return {} if found is None else {day.day: day.votes for day in found.days}
