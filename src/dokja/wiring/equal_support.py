"""Equal support of a stage's teams, read from the record alone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dokja.decision.after import (
    has_withdrawn,
    stage_teams,
    stage_teams_matter,
)
from dokja.decision.after.progress import WITHDRAWAL
from dokja.decision.after.values import Entered
from dokja.errors import NotAllowed
from dokja.support.equal_entry import EqualSupport, equal_entry
from dokja.support.fairness import DevelopmentTime, FairnessRequest
from dokja.support.values import Window
from dokja.wiring.matter_desk import MatterDesk
from dokja.wiring.support import SupportRecord, support_record


class StageTimes(NamedTuple):
    """When the teams of a stage may develop, and which of them came late."""

    request: FairnessRequest
    newcomers: frozenset[str] = frozenset()


def equal_support(desk: MatterDesk, stage: str) -> EqualSupport:
    """What the teams of a stage will have had, and what late entrants are owed.

    Raises: NotAllowed where the record names no teams for the stage.
    """
    times = stage_times(desk, stage)
    if times is None:
        raise NotAllowed(
            f"the record names no teams for {stage}",
            remedy=f"`dokja decision next {stage}`, or give a file with their times",
        )
    return support_at(support_record(desk), times)


def support_at(record: SupportRecord, times: StageTimes) -> EqualSupport:
    """The same of teams whose times are known. Raises: InvalidInput."""
    return equal_entry(
        times.request,
        times.newcomers,
        record.acts,
        terms=record.terms,
        now=record.now,
    )


def stage_times(desk: MatterDesk, stage: str) -> StageTimes | None:
    """The times of the teams that take part; None where the record names none."""
    named = stage_teams(desk.history(stage_teams_matter(desk.programme, stage)))
    if named is None:
        return None
    ends = datetime.fromisoformat(named.ends)
    left = desk.histories(WITHDRAWAL)
    staying = [
        each for each in named.teams if not has_withdrawn(left.get(each.team, ()))
    ]
    times = tuple(
        DevelopmentTime(
            team=each.team,
            window=Window(begins=datetime.fromisoformat(each.begins), ends=ends),
        )
        for each in staying
    )
    return StageTimes(
        FairnessRequest(stage=stage, teams=times),
        frozenset(each.team for each in staying if each.entered is Entered.FILLED),
    )
