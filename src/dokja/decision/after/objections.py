"""Objections after they were filed: admitted, looked into, upheld or dismissed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.decision.after.values import (
    Admitted,
    NotAdmitted,
    ObjectionDismissed,
    ObjectionEvent,
    ObjectionFile,
    ObjectionState,
    ObjectionUpheld,
)
from dokja.decision.objection import OBJECTION, FiledObjection
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, Matter, Recorded, next_act, read_history

HANDLED = "objection"
_AFTER: dict[type, ObjectionState] = {
    Admitted: ObjectionState.REVIEWING,
    NotAdmitted: ObjectionState.INADMISSIBLE,
    ObjectionUpheld: ObjectionState.UPHELD,
    ObjectionDismissed: ObjectionState.DISMISSED,
}
_ALLOWED: dict[ObjectionState, tuple[type, ...]] = {
    ObjectionState.FILED: (Admitted, NotAdmitted),
    ObjectionState.REVIEWING: (ObjectionUpheld, ObjectionDismissed),
}
PENDING = frozenset({ObjectionState.FILED, ObjectionState.REVIEWING})


def objection_matter(filed: Act) -> Matter:
    """The matter in which a filed objection is handled."""
    return Matter(
        programme=filed.programme, stage=filed.stage, kind=HANDLED, id=filed.subject
    )


def handle(
    filed: Act,
    history: Sequence[Act],
    event: ObjectionEvent,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of the next step of an objection.

    Raises: NotAllowed for a step that is not its turn, or by somebody who is not one
    of its reviewers; InvalidInput where nobody reviews.
    """
    found = objection_file(filed, history)
    if not isinstance(event, _ALLOWED.get(found.state, ())):
        raise NotAllowed(
            f"objection {found.id} is {found.state}",
            remedy="an objection is admitted or not, then upheld or dismissed, once",
        )
    if isinstance(event, Admitted):
        if not event.reviewers or mandate.by in event.reviewers:
            raise InvalidInput(
                "an objection is reviewed by others than whoever admits it",
                remedy="name at least one reviewer who took no part in the decision",
            )
    elif found.reviewers and mandate.by not in found.reviewers:
        raise NotAllowed(
            f"{mandate.by} does not review objection {found.id}",
            remedy=f"its reviewers are {', '.join(found.reviewers)}",
        )
    return next_act(objection_matter(filed), history, event, seen=seen, mandate=mandate)


def objection_file(filed: Act, history: Sequence[Act]) -> ObjectionFile:
    """The objection as it stands. Raises: InvalidInput where the act is none."""
    if filed.kind != OBJECTION:
        raise InvalidInput(
            f"{filed.kind} {filed.subject} is no objection",
            remedy="name an objection that a team filed",
        )
    said = read_as(filed.body, FiledObjection, where=filed.subject)
    entries: tuple[Recorded[ObjectionEvent], ...] = read_history(
        history,
        ObjectionEvent,  # type: ignore[arg-type]
    )
    events = [entry.event for entry in entries]
    last = events[-1] if events else None
    return ObjectionFile(
        id=filed.subject,
        team=said.team,
        about=said.about,
        filed_at=said.at,
        state=ObjectionState.FILED if last is None else _AFTER[type(last)],
        reviewers=next((e.reviewers for e in events if isinstance(e, Admitted)), ()),
        outcome=_reason(last),
        corrected=last.corrected if isinstance(last, ObjectionUpheld) else None,
        entries=len(entries),
    )


def _reason(event: msgspec.Struct | None) -> Text | None:
    reason = getattr(event, "reason", None)
    return reason if isinstance(reason, Text) else None
