"""Charged by cause: nobody pays for a fault that is not its own."""

from __future__ import annotations

import pytest

from dokja.benchmark.runs import quota_of, require_quota
from dokja.benchmark.runs.values import Allowance, Attempt, AttemptEnd
from dokja.benchmark.values import FaultCause
from dokja.errors import NotAllowed

ALLOWANCE = Allowance(runs=2, faults=1)


def attempt(
    number: int, end: AttemptEnd, cause: FaultCause | None = None, *, run: str = "a"
) -> Attempt:
    """An attempt at a run."""
    return Attempt(run=run, number=number, end=end, cause=cause)


def test_a_run_that_went_on_often_is_charged_once() -> None:
    """Interrupted twice, completed twice: one run."""
    attempts = [
        attempt(1, AttemptEnd.INTERRUPTED),
        attempt(2, AttemptEnd.INTERRUPTED),
        attempt(3, AttemptEnd.COMPLETED),
        attempt(4, AttemptEnd.COMPLETED),
    ]
    quota = quota_of(attempts, ALLOWANCE)
    assert quota.runs_left == 1
    assert [a.number for a in quota.refunded] == [1, 2]
    require_quota(quota)


@pytest.mark.parametrize("cause", [FaultCause.INFRASTRUCTURE, FaultCause.SUITE])
def test_the_office_s_faults_cost_nothing(cause: FaultCause) -> None:
    """However many there are."""
    attempts = [attempt(n, AttemptEnd.FAILED, cause) for n in range(1, 50)]
    quota = quota_of(attempts, ALLOWANCE)
    assert (quota.runs_left, quota.faults_left) == (2, 1)
    assert len(quota.refunded) == 49


@pytest.mark.parametrize(
    ("end", "cause"),
    [(AttemptEnd.FAILED, FaultCause.MODEL), (AttemptEnd.CANCELLED, None)],
)
def test_the_team_s_own_faults_have_a_limit(
    end: AttemptEnd, cause: FaultCause | None
) -> None:
    """Unlimited failing runs would be a way to try things out."""
    quota = quota_of([attempt(1, end, cause)], ALLOWANCE)
    assert quota.runs_left == 2
    with pytest.raises(NotAllowed, match="limit"):
        require_quota(quota)


def test_no_run_beyond_the_allowance() -> None:
    """Two different runs completed."""
    attempts = [
        attempt(1, AttemptEnd.COMPLETED, run="a"),
        attempt(1, AttemptEnd.COMPLETED, run="b"),
    ]
    with pytest.raises(NotAllowed, match="all 2 runs"):
        require_quota(quota_of(attempts, ALLOWANCE))
