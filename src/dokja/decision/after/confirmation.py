"""When a decision becomes final: after the last day, or as soon as nobody objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from dokja.decision.after.objections import PENDING
from dokja.decision.after.values import (
    DecisionConfirmed,
    ObjectionFile,
    WillNotObject,
)
from dokja.decision.policy import PolicyMissing
from dokja.decision.values import StageDecision
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act, read_history
from dokja.programme.values import Objection

WAIVER, CONFIRMATION = "objection_waiver", "confirmation"


@dataclass(frozen=True, kw_only=True)
class DecidedStage:
    """A decision on record, with what was said against it."""

    programme: str
    decision: StageDecision
    digest: str
    """Of the act of the decision that stands."""
    rule: Objection | None
    objections: tuple[ObjectionFile, ...] = ()
    waived: tuple[str, ...] = ()
    """Teams that declared not to object."""
    left: tuple[str, ...] = ()
    """Teams that left the programme: they may object, and nobody waits for them."""

    def pending(self) -> tuple[ObjectionFile, ...]:
        """Objections that nobody has answered yet."""
        return tuple(o for o in self.objections if o.state in PENDING)

    def silent(self) -> tuple[str, ...]:
        """Teams that take part and neither objected nor declared not to."""
        heard = {*self.waived, *self.left, *(o.team for o in self.objections)}
        return tuple(t.team for t in self.decision.teams if t.team not in heard)


def waiver_matter(programme: str, stage: str, team: str) -> Matter:
    """The matter in which a team declares not to object."""
    return Matter(programme=programme, stage=stage, kind=WAIVER, id=team)


def confirmation_matter(programme: str, stage: str) -> Matter:
    """The matter in which a stage's decision becomes final."""
    return Matter(programme=programme, stage=stage, kind=CONFIRMATION, id=stage)


def waive(
    stage: DecidedStage, team: str, history: Sequence[Act], *, mandate: Mandate
) -> Act:
    """The act by which a team declares not to object.

    Raises: InvalidInput for a team that was not decided on; NotAllowed where it has
    objected, or where the days are over; Conflict where it declared so before.
    """
    if team not in {t.team for t in stage.decision.teams}:
        raise InvalidInput(
            f"the decision does not concern {team!r}", remedy="name one of its teams"
        )
    if any(o.team == team for o in stage.objections):
        raise NotAllowed(
            f"{team} has objected", remedy="ask for the objection to be decided"
        )
    _require_rule(stage)
    if _is_over(stage, mandate.at):
        raise NotAllowed(
            f"objections were taken until {stage.decision.objection_until}",
            remedy="nothing has to be declared any more",
        )
    matter = waiver_matter(stage.programme, stage.decision.stage, team)
    return next_act(matter, history, WillNotObject(), seen=0, mandate=mandate)


def confirm(
    stage: DecidedStage, history: Sequence[Act], *, seen: int, mandate: Mandate
) -> Act:
    """The act that makes the decision final.

    Raises: NotAllowed while an objection is not answered, or while a team may still
    object; PolicyMissing where no rule says how long.
    """
    rule = _require_rule(stage)
    if history:
        raise NotAllowed(
            f"the decision of {stage.decision.stage} is final already",
            remedy="open a matter of its own for what came up since",
        )
    if waiting := stage.pending():
        raise NotAllowed(
            f"{', '.join(o.id for o in waiting)} is not answered",
            remedy="uphold or dismiss every objection first",
        )
    early = not _is_over(stage, mandate.at)
    if early and not rule.early_closure:
        raise NotAllowed(
            f"objections are taken until {stage.decision.objection_until}",
            remedy="the rulebook does not let the window close early",
        )
    if early and (silent := stage.silent()):
        raise NotAllowed(
            f"{', '.join(silent)} may object until {stage.decision.objection_until}",
            remedy="wait for the last day, or for their declarations",
        )
    event = DecisionConfirmed(decision=stage.digest, early=early)
    matter = confirmation_matter(stage.programme, stage.decision.stage)
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def confirmed(history: Sequence[Act]) -> DecisionConfirmed | None:
    """The confirmation on record; None while objections are open."""
    entries = read_history(history, DecisionConfirmed)
    return entries[-1].event if entries else None


def _require_rule(stage: DecidedStage) -> Objection:
    if stage.rule is None:
        raise PolicyMissing(
            "no rule says how a decision becomes final",
            remedy="the rulebook needs [objection]",
        )
    return stage.rule


def _is_over(stage: DecidedStage, at: str) -> bool:
    last = date.fromisoformat(stage.decision.objection_until)
    return datetime.fromisoformat(at).date() > last
