"""The stage at a glance: what the stores know, gathered for the office's console."""

from __future__ import annotations

from dokja.stage.overview import ContestState, Overview, Situation, overview
from dokja.wiring.office import Office


def stage_overview(office: Office) -> Overview:
    """Duties and alarms of the stage at this moment."""
    return overview(_situation(office))


def _situation(office: Office) -> Situation:
    plan = office.plan
    return Situation(
        now=office.now(),
        schedule=plan.schedule,
        tally=office.store.acts.tally(plan.programme, plan.stage),
        teams=len(plan.teams) - len(plan.withdrawn),
        panel=None,
        contest=None,
        contest_state=ContestState.NONE,
        votes_needed=0,
        last_vote=None,
        endpoints=(),
    )
