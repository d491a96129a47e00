"""What attempts cost a team: charged by cause, never for another's fault."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.benchmark.runs.values import Allowance, Attempt, AttemptEnd, Quota
from dokja.benchmark.values import FaultCause
from dokja.errors import NotAllowed


def quota_of(attempts: Sequence[Attempt], allowance: Allowance) -> Quota:
    """What is used, what was given back and what is left.

    A run that completed is charged once, however often it had to go on.
    A fault of the model, and a run the team itself cancelled, count against
    the limit of faults; interruptions, machines and suites cost nothing.
    """
    charged: dict[str, Attempt] = {}
    faults, refunded = [], []
    for attempt in attempts:
        if attempt.end is AttemptEnd.COMPLETED:
            charged.setdefault(attempt.run, attempt)
        elif attempt.end is AttemptEnd.CANCELLED or attempt.cause is FaultCause.MODEL:
            faults.append(attempt)
        else:
            refunded.append(attempt)
    return Quota(
        charged=tuple(charged.values()),
        faults=tuple(faults),
        refunded=tuple(refunded),
        runs_left=max(0, allowance.runs - len(charged)),
        faults_left=max(0, allowance.faults - len(faults)),
    )


def require_quota(quota: Quota) -> None:
    """Nothing. Raises: NotAllowed where the team may not begin another run."""
    if not quota.runs_left:
        raise NotAllowed(
            f"all {len(quota.charged)} runs of the allowance are used",
            remedy="ask the office; refunds follow the recorded cause of each attempt",
        )
    if not quota.faults_left:
        raise NotAllowed(
            f"{len(quota.faults)} attempts ended by the model's own fault or were "
            "cancelled, which is the limit",
            remedy="correct what the attempts' records name, then ask the office",
        )
