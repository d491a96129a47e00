"""Objections: filed by a team while the window of the decision is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from dokja.decision.values import StageDecision
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act

OBJECTION = "objection_filed"
LONGEST = 20_000


class FiledObjection(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a team objects to, and why."""

    team: str
    about: str
    """Part of the decision it is about, such as a score or a finding."""
    text: str
    at: str


def objection_act(
    decision: StageDecision | None,
    objection: FiledObjection,
    earlier: Sequence[Act],
    *,
    programme: str,
    stage: str,
    is_final: bool = False,
) -> Act:
    """The act of the objection. `is_final`: whether the decision was made final.

    Raises: NotAllowed where nothing was decided or the window is over or closed early;
    InvalidInput for a team that was not decided on and a text that says nothing.
    """
    if decision is None:
        raise NotAllowed(
            "nothing was decided yet",
            remedy="objections are taken from the day of the decision",
        )
    if objection.team not in {entry.team for entry in decision.teams}:
        raise InvalidInput(
            f"the decision does not concern {objection.team!r}",
            remedy="file the objection from the team's own account",
        )
    if not objection.text.strip() or len(objection.text) > LONGEST:
        raise InvalidInput(
            f"the objection is empty, or longer than {LONGEST:,} characters",
            remedy="say what is wrong and what it rests on",
        )
    if is_final:
        raise NotAllowed(
            f"the decision of {stage} is final: its window was closed",
            remedy="ask the office about other remedies",
        )
    last = date.fromisoformat(decision.objection_until)
    if datetime.fromisoformat(objection.at).date() > last:
        raise NotAllowed(
            f"objections were taken until {decision.objection_until}",
            remedy="ask the office about other remedies",
        )
    number = 1 + sum(act.subject.rsplit("/", 1)[0] == objection.team for act in earlier)
    return Act(
        programme=programme,
        stage=stage,
        kind=OBJECTION,
        subject=f"{objection.team}/{number:03d}",
        at=objection.at,
        body=msgspec.to_builtins(objection),
    )
