"""Equal support of a stage's teams, read from the record alone."""

from __future__ import annotations

from datetime import datetime

from dokja.decision.after import (
    has_withdrawn,
    stage_teams,
    stage_teams_matter,
    withdrawal_matter,
)
from dokja.decision.after.values import Entered
from dokja.errors import NotAllowed
from dokja.support.equal_entry import EqualSupport, equal_entry
from dokja.support.fairness import DevelopmentTime, FairnessRequest
from dokja.support.terms import terms_of
from dokja.support.values import Window
from dokja.wiring.matter_desk import MatterDesk
from dokja.wiring.support import support_acts


def equal_support(desk: MatterDesk, stage: str) -> EqualSupport:
    """What the teams of a stage will have had, and what late entrants are owed.

    Raises: NotAllowed where the record names no teams for the stage.
    """
    named = stage_teams(desk.history(stage_teams_matter(desk.programme, stage)))
    if named is None:
        raise NotAllowed(
            f"the record names no teams for {stage}",
            remedy=f"`dokja decision next {stage}`, or give a file with their times",
        )
    ends = datetime.fromisoformat(named.ends)
    staying = [
        each
        for each in named.teams
        if not has_withdrawn(desk.history(withdrawal_matter(desk.programme, each.team)))
    ]
    times = tuple(
        DevelopmentTime(
            team=each.team,
            window=Window(begins=datetime.fromisoformat(each.begins), ends=ends),
        )
        for each in staying
    )
    return equal_entry(
        FairnessRequest(stage=stage, teams=times),
        {each.team for each in staying if each.entered is Entered.FILLED},
        support_acts(desk),
        terms=terms_of(desk.rulebook),
        now=desk.clock(),
    )
