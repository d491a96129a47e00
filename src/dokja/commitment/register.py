"""The register: a promise is entered, changed, measured, judged, taken back."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.commitment.assess import bounds_of, read_events
from dokja.commitment.values import (
    CommitmentEvent,
    Judged,
    JudgedRule,
    Measured,
    MeasuringRule,
    PromiseAmended,
    Promised,
    PromiseWithdrawn,
)
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.programme.schedule.versions import last_day


def register(
    matter: Matter, history: Sequence[Act], promise: Promised, *, mandate: Mandate
) -> Act:
    """The act that enters a promise.

    Raises: InvalidInput for a target that no measurement can reach; Conflict where
    the name is taken.
    """
    _check_rule(promise.rule)
    if promise.due is not None:
        _check_due(promise.due)
    return next_act(matter, history, promise, seen=0, mandate=mandate)


def record(
    matter: Matter,
    history: Sequence[Act],
    event: PromiseAmended | Measured | Judged | PromiseWithdrawn,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of whatever happens to a promise after it was entered.

    Raises: NotAllowed where it was taken back or its rule is measured another way;
    InvalidInput for figures that the rule does not ask for.
    """
    events = [entry.event for entry in read_events(history)]
    if not events or not isinstance(events[0], Promised):
        raise NotAllowed(
            f"there is no commitment {matter.id}", remedy="register it first"
        )
    if isinstance(events[-1], PromiseWithdrawn):
        raise NotAllowed(
            f"commitment {matter.id} was taken back",
            remedy="register what is promised instead",
        )
    rule = _rule(events)
    if isinstance(event, PromiseAmended):
        _check_rule(event.rule or rule)
        if event.due is not None:
            _check_due(event.due)
    if isinstance(event, Measured):
        _check_figures(event, rule)
    if isinstance(event, Judged) and not isinstance(rule, JudgedRule):
        raise NotAllowed(
            f"commitment {matter.id} is measured, not judged",
            remedy="hand in what was measured, or amend the rule in public",
        )
    return next_act(matter, history, event, seen=seen, mandate=mandate)


def _rule(events: Sequence[CommitmentEvent]) -> MeasuringRule:
    rules = [
        e.rule
        for e in events
        if isinstance(e, Promised | PromiseAmended) and e.rule is not None
    ]
    return rules[-1]


def _check_rule(rule: MeasuringRule) -> None:
    for name, target, _ in bounds_of(rule):
        if not 0 <= target < float("inf"):
            raise InvalidInput(
                f"the target {target!r} of {name} cannot be measured",
                remedy="give a number of zero or more",
            )


def _check_due(due: str) -> None:
    try:
        last_day(due)
    except ValueError as error:
        raise InvalidInput(
            f"{due}: {error}", remedy="write YYYY, YYYY-MM or YYYY-MM-DD"
        ) from error


def _check_figures(event: Measured, rule: MeasuringRule) -> None:
    asked = {name for name, _, _ in bounds_of(rule)}
    given = [figure.name for figure in event.figures]
    if asked and not given and event.note is not None:
        return
    if not given or set(given) - asked or len(set(given)) < len(given):
        raise InvalidInput(
            f"figures {', '.join(given) or 'none'} do not answer the rule",
            remedy=f"give one of each of {', '.join(sorted(asked)) or 'none'}, or a "
            "note of why none could be measured",
        )
