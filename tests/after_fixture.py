"""Decisions for tests: one place of a stage stays empty, and becomes final or not.

Every team here is invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from dokja.adapters.store import open_act_log
from dokja.decision.after import confirmation_matter
from dokja.decision.after.values import DecisionConfirmed
from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, next_act
from dokja.wiring.office_store import STORE

TEAMS = {
    "dalyeoul": TeamStatus.ADVANCES,
    "sangeuneul": TeamStatus.ADVANCES,
    "galbaramjae": TeamStatus.ELIMINATED_BY_GATE,
}


def decision_act(
    until: str = "2999-01-01",
    *,
    teams: Mapping[str, TeamStatus] = TEAMS,
    stage: str = "stage-1",
    vacancies: int = 1,
) -> Act:
    """A decision on the example that can be objected to until that day."""
    decision = StageDecision(
        stage=stage,
        rules_digest="sha256:" + "0" * 64,
        teams=tuple(
            TeamDecision(team=t, status=s, reasons=()) for t, s in teams.items()
        ),
        planned_places=3,
        vacancies=vacancies,
        revival_call=True,
        settled_by_data=True,
        objection_until=until,
        reasons=(),
    )
    return Act(
        programme="example",
        stage=stage,
        kind="decision_issued",
        subject=stage,
        at="2026-11-01T00:00:00+09:00",
        body=msgspec.to_builtins(decision),
    )


def confirmation_act(decided: Act, at: str, *, early: bool = True) -> Act:
    """That decision becomes final at the moment."""
    event = DecisionConfirmed(decision=digest_of(decided), early=early)
    matter = confirmation_matter(decided.programme, decided.stage)
    mandate = Mandate(by="officer-1", at=at, clause="4.3")
    return next_act(matter, (), event, seen=0, mandate=mandate)


def on_record(work: Path, *acts: Act) -> None:
    """The acts stand in the record of the office's folder."""
    work.mkdir(parents=True, exist_ok=True)
    with open_act_log(f"sqlite:///{work / STORE}") as log:
        log.append(acts)
