"""What the ends of requests say of a service, and what they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dokja.commitment.observations import Request
from dokja.contest.served.values import FaultReason

BROKEN = frozenset(
    {FaultReason.SLOW, FaultReason.SERVER_ERROR, FaultReason.CUT_OFF}
)  # fmt: skip
"""The server took the question and gave no whole answer."""
TURNED_AWAY = frozenset(
    {
        FaultReason.REFUSED,
        FaultReason.RATE_LIMITED,
        FaultReason.TOO_LONG,
        FaultReason.BREAKER_OPEN,
    }
)
"""A wrong address, a missing key, too quick a pace, a bound of ours: nothing that
somebody who uses the service would meet."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """The end of one request."""

    seconds: float
    fault: FaultReason | None = None
    detail: str = ""
    network: bool | None = None
    """Whether another server answered us at that moment; None where none was asked."""


def requests_of(heard: Sequence[Heard]) -> tuple[Request, ...]:
    """Each request with whether it was answered, None where nobody can tell.

    A service that nobody reached at all may be down, or we may be offline: without
    another server that answered, it is not said to be down.
    """
    reached = any(h.fault is None or h.fault in BROKEN for h in heard)
    return tuple(
        Request(
            answered=_answered(each, reached=reached),
            seconds=each.seconds,
            reason=f"{each.fault}: {each.detail}" if each.fault else "",
        )
        for each in heard
    )


def _answered(heard: Heard, *, reached: bool) -> bool | None:
    if heard.fault is None:
        return True
    if heard.fault in TURNED_AWAY:
        return None
    if heard.fault in BROKEN:
        return False
    if heard.fault is FaultReason.UNREACHABLE and heard.network is not None:
        return False if heard.network else None
    return False if reached else None
